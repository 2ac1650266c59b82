// How profiles, their sessions and their history are shown to a person.
import { writeActivationCode } from '../rsp/activation_code.ts';
import type { ApiAnswer } from './api_client.ts';
import { formatTable } from './device_format.ts';

export function formatProfiles({ data, nextCursor }: ApiAnswer): string {
  if (data.length === 0) return 'No profile fits.';
  const head = ['ICCID', 'State', 'Downloads', 'Wrong codes', 'EID', 'Last result'];
  const rows = data.map((each: ApiAnswer) => [
    each.iccid,
    each.state,
    countOf(each.downloadAttempts),
    countOf(each.confirmationFailures),
    each.eid ?? 'any',
    resultOf(each),
  ]);
  return [formatTable(head, rows), ...(nextCursor ? ['There are more: see --limit.'] : [])].join('\n');
}

export function formatProfile(profile: ApiAnswer): string {
  const lines: [name: string, value: string | null][] = [
    ['State', profile.state + enabledOf(profile)],
    ['Last result', profile.lastResult && resultOf(profile)],
    ['Downloads', countOf(profile.downloadAttempts)],
    ['Wrong codes', profile.confirmationCodeRequired ? countOf(profile.confirmationFailures) : null],
    ['EID', profile.eid ?? 'any'],
    ['Activation code', codeOf(profile)],
    ['SM-DS', profile.smdsAddress],
    ['Profile type', profile.profileType],
    ['Order, eSIM', profile.orderId && `${profile.orderId}, ${profile.esimId}`],
    ['Ordered by', profile.requester],
    ['Created', profile.createdAt],
    ['Downloaded', profile.downloadedAt],
    ['Installed', profile.installedAt],
    ['Expires', profile.expiresAt],
    ['May be done', profile.actions.map((each: string) => wayOf(each, profile)).join(', ') || 'nothing'],
  ];
  const given = lines.filter(([, value]) => value !== null) as [string, string][];
  return [`Profile ${profile.iccid}`, ...given.map(([name, value]) => `  ${name.padEnd(16)} ${value}`)].join(
    '\n',
  );
}

export function formatSessions({ data }: ApiAnswer): string {
  if (data.length === 0) return 'There was no session in the last 30 days.';
  return data.map(formatSession).join('\n\n');
}

function formatSession(session: ApiAnswer): string {
  const { openedAt, transactionId, outcome, iccid, eid, serverAddress, steps } = session;
  const about = [
    `ICCID ${iccid ?? '-'}`,
    `EID ${eid ?? '-'}`,
    ...(serverAddress ? [`at ${serverAddress}`] : []),
  ];
  return [
    `${openedAt}  session ${transactionId}: ${outcome ?? `open until ${session.expiresAt}`}`,
    `  ${about.join(', ')}`,
    ...steps.map(formatStep),
  ].join('\n');
}

function formatStep({ at, function: name, status, subjectCode, reasonCode, detail }: ApiAnswer): string {
  const outcome = subjectCode ? `${status} ${subjectCode}/${reasonCode}` : status;
  return `  ${at.slice(11, 23)}  ${name.padEnd(24)} ${outcome.padEnd(18)} ${detail ?? ''}`.trimEnd();
}

export function formatNotifications({ data }: ApiAnswer): string {
  if (data.length === 0) return 'No device reported anything of it.';
  return formatTable(
    ['Received', 'Operation', 'Number', 'EID', 'Result'],
    data.map((each: ApiAnswer) => [
      each.receivedAt,
      each.operation,
      each.seqNumber,
      each.eid,
      each.result ? resultOf({ lastResult: each.result }) : '',
    ]),
  );
}

export function formatHistory({ data }: ApiAnswer): string {
  if (data.length === 0) return 'Nothing happened to it yet.';
  return formatTable(
    ['Time', 'Event', 'By', 'Why'],
    data.map((each: ApiAnswer) => [
      each.occurredAt,
      each.type,
      each.actor,
      each.data.reason ?? each.data.detail ?? '',
    ]),
  );
}

function wayOf(action: string, { state }: ApiAnswer): string {
  const needsWord = action === 'release' && (state === 'downloaded' || state === 'installed');
  return needsWord ? 'release with --not-on-device' : action;
}

function countOf({ count, max }: { count: number; max: number }): string {
  return `${count} of ${max}`;
}

function resultOf({ lastResult }: ApiAnswer): string {
  if (!lastResult) return '';
  return lastResult.reason ? `${lastResult.outcome}: ${lastResult.reason}` : lastResult.outcome;
}

function enabledOf({ state, enabled }: ApiAnswer): string {
  if (state !== 'installed' || enabled === null) return '';
  return enabled ? ', enabled' : ', disabled';
}

function codeOf({ smdpAddress, matchingId, confirmationCodeRequired }: ApiAnswer): string {
  if (matchingId === null) return 'none: it is found by the EID';
  return writeActivationCode({ smdpAddress, matchingId, confirmationCodeRequired });
}
