// The commands of `overair profiles`: each is one call of /v1, and how its answer is shown.
import type { parseArgs } from 'node:util';
import { AppError } from '../base/app_error.ts';
import { readActivationCode } from '../rsp/activation_code.ts';
import { type ApiAnswer, type ApiClient, apiOptions, apiOptionsHelp } from './api_client.ts';
import {
  formatHistory,
  formatNotifications,
  formatProfile,
  formatProfiles,
  formatSessions,
} from './profiles_format.ts';

/** Every command takes all of them; those it has no use for change nothing. */
export const profileOptions = {
  ...apiOptions,
  'any-eid': { type: 'boolean' },
  eid: { type: 'string' },
  'expires-at': { type: 'string' },
  limit: { type: 'string' },
  'matching-id': { type: 'string' },
  'new-matching-id': { type: 'boolean' },
  'not-on-device': { type: 'boolean' },
  order: { type: 'string' },
  reason: { type: 'string' },
  requester: { type: 'string' },
  state: { type: 'string' },
  type: { type: 'string' },
} as const;

type Values = ReturnType<
  typeof parseArgs<{ options: typeof profileOptions; allowPositionals: true }>
>['values'];
type ProfilesCall = { api: ApiClient; values: Values; positionals: string[] };
type Shown = { answer: ApiAnswer; text: () => string };
type ProfilesCommand = { usage: string; summary: string; run: (call: ProfilesCall) => Promise<Shown> };

/** By name, in the order of the help text. */
export const profileCommands: Readonly<Record<string, ProfilesCommand>> = {
  list: {
    usage: 'list [--state S] [--eid E] [--order ID] [--requester R] [--type T] [--matching-id M] [--limit N]',
    summary: 'profiles, newest first',
    run: list,
  },
  show: {
    usage: 'show <profile>',
    summary: 'where it stands, what it is bound to, which attempts are left, and what may be done',
    run: async (call) => shownProfile(await call.api.call('GET', `/profiles/${await iccidOf(call)}`)),
  },
  sessions: {
    usage: 'sessions <profile> | sessions --eid E',
    summary: 'its RSP sessions, newest first, with every call and the code it ended with',
    run: sessions,
  },
  notifications: {
    usage: 'notifications <profile>',
    summary: 'what devices reported of it',
    run: (call) => part(call, 'notifications', formatNotifications),
  },
  history: {
    usage: 'history <profile>',
    summary: 'what happened to it, and who did it',
    run: (call) => part(call, 'history', formatHistory),
  },
  reset: {
    usage: 'reset <profile>',
    summary: 'give it its attempts back; one that failed is offered again to the same device',
    run: (call) => act(call, 'reset', {}),
  },
  release: {
    usage: 'release <profile> [--eid E | --any-eid] [--new-matching-id] [--expires-at T] [--not-on-device]',
    summary: 'offer one that was deleted, failed or withdrawn anew; T is ISO 8601, or never',
    run: (call) => act(call, 'release', releaseBody(call.values)),
  },
  rebind: {
    usage: 'rebind <profile> --eid E | --any-eid',
    summary: 'give one that was not downloaded yet to another device',
    run: (call) => act(call, 'rebind', rebindBody(call.values)),
  },
  expire: {
    usage: 'expire <profile>',
    summary: 'end its offer now',
    run: (call) => act(call, 'expire', {}),
  },
};

export const usage = [
  'overair profiles <command>',
  '',
  ...Object.values(profileCommands).map(({ usage, summary }) => `  ${usage}\n      ${summary}`),
  '',
  '  <profile> is an ICCID, a matching id, or an activation code (in quotes: it has a $).',
  '',
  '  --reason <text>  why, for the history',
  apiOptionsHelp,
].join('\n');

async function list({ api, values }: ProfilesCall): Promise<Shown> {
  const query = queryOf({
    state: values.state,
    eid: values.eid,
    orderId: values.order,
    requester: values.requester,
    profileType: values.type,
    matchingId: values['matching-id'],
    limit: values.limit,
  });
  const answer = await api.call('GET', `/profiles${query}`);
  return { answer, text: () => formatProfiles(answer) };
}

async function sessions(call: ProfilesCall): Promise<Shown> {
  const { api, values, positionals } = call;
  if (positionals.length > 0 || values.eid === undefined) return await part(call, 'sessions', formatSessions);
  const answer = await api.call('GET', `/rsp-sessions${queryOf({ eid: values.eid, limit: values.limit })}`);
  return { answer, text: () => formatSessions(answer) };
}

async function part(call: ProfilesCall, name: string, format: (answer: ApiAnswer) => string): Promise<Shown> {
  const path = `/profiles/${await iccidOf(call)}/${name}`;
  const answer = await call.api.call('GET', path + queryOf({ limit: call.values.limit }));
  return { answer, text: () => format(answer) };
}

async function act(call: ProfilesCall, action: string, body: object): Promise<Shown> {
  const { reason } = call.values;
  const path = `/profiles/${await iccidOf(call)}/${action}`;
  return shownProfile(
    await call.api.call('POST', path, { ...body, ...(reason !== undefined && { reason }) }),
  );
}

function shownProfile(answer: ApiAnswer): Shown {
  return { answer, text: () => formatProfile(answer) };
}

function releaseBody(values: Values): object {
  const expiresAt = values['expires-at'];
  return {
    ...eidBody(values),
    ...(values['new-matching-id'] && { newMatchingId: true }),
    ...(values['not-on-device'] && { notOnDevice: true }),
    ...(expiresAt !== undefined && { expiresAt: readTime(expiresAt) }),
  };
}

/** ISO 8601, for the server in UTC; null for `never`. */
function readTime(given: string): string | null {
  if (given === 'never') return null;
  const ms = Date.parse(given);
  if (!Number.isNaN(ms)) return new Date(ms).toISOString();
  throw new AppError('invalid_request', '--expires-at is a time like 2027-01-31T12:00:00Z, or never.');
}

function rebindBody(values: Values): object {
  const body = eidBody(values);
  if ('eid' in body) return body;
  throw new AppError('invalid_request', 'Say who shall have it: --eid <EID>, or --any-eid.');
}

function eidBody({ eid, 'any-eid': anyEid }: Values): { eid?: string | null } {
  if (eid !== undefined && anyEid) throw new AppError('invalid_request', 'Give either --eid or --any-eid.');
  if (anyEid) return { eid: null };
  return eid === undefined ? {} : { eid };
}

/** The ICCID of the one profile that is named. */
async function iccidOf({ api, positionals: [given, ...more] }: ProfilesCall): Promise<string> {
  if (given === undefined || more.length > 0)
    throw new AppError('invalid_request', 'Name one profile: its ICCID, matching id or activation code.');
  if (/^89\d{17,18}$/.test(given)) return given;
  const matchingId = given.includes('$') ? readActivationCode(given).matchingId : given;
  const { data } = await api.call('GET', `/profiles${queryOf({ matchingId })}`);
  if (data[0]) return data[0].iccid;
  throw new AppError('not_found', `No profile has the matching id ${matchingId}.`);
}

function queryOf(members: Record<string, string | undefined>): string {
  const given = Object.entries(members).filter((each): each is [string, string] => each[1] !== undefined);
  return given.length > 0 ? `?${new URLSearchParams(given)}` : '';
}
