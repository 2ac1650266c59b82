// Profiles and RSP sessions, from the core to the wire.
import type { z } from 'zod';
import { AppError } from '../../base/app_error.ts';
import type { Esim } from '../../modules/esims/index.ts';
import type { Event } from '../../modules/events/index.ts';
import type { OperatedProfile, ProfileNotification, RspSession } from '../../modules/smdp/index.ts';
import { writeTime } from './money_translate.ts';
import type {
  ProfileNotificationJson,
  profile,
  profileHistory,
  profileState,
  RspSessionJson,
  releaseProfileBody,
} from './profiles_schemas.ts';

/** What else is known of profiles: the names of their types, by id, and their eSIMs. */
export type AboutProfiles = { typeNames: Map<string, string>; esims: readonly Esim[] };

export function writeProfile(from: OperatedProfile, about: AboutProfiles): z.output<typeof profile> {
  const esim = about.esims.find((each) => each.iccid === from.iccid);
  return {
    iccid: from.iccid,
    state: from.state as z.output<typeof profileState>,
    enabled: from.enabled,
    profileType: about.typeNames.get(from.profileTypeId) ?? from.profileTypeId,
    eid: from.eid,
    matchingId: from.matchingId,
    smdpAddress: from.smdpAddress,
    smdsAddress: from.smdsAddress,
    confirmationCodeRequired: from.confirmationCodeRequired,
    requester: from.requester,
    orderId: esim?.orderId ?? null,
    esimId: esim?.id ?? null,
    downloadAttempts: { count: from.downloadAttempts, max: from.downloadAttemptsMax },
    confirmationFailures: { count: from.confirmationFailures, max: from.confirmationFailuresMax },
    lastResult: from.lastResult,
    expiresAt: writeTime(from.expiresAt),
    createdAt: from.createdAt.toISOString(),
    downloadedAt: writeTime(from.downloadedAt),
    installedAt: writeTime(from.installedAt),
    actions: [...from.actions],
  };
}

export function writeRspSession(from: RspSession): RspSessionJson {
  return {
    transactionId: writeHex(from.transactionId),
    state: from.state,
    outcome: from.outcome,
    iccid: from.iccid,
    eid: from.eid,
    serverAddress: from.serverAddress,
    euiccCiKeyId: writeHex(from.euiccCiKeyId),
    serverCiKeyId: writeHex(from.serverCiKeyId),
    steps: from.steps.map(writeStep),
    openedAt: from.openedAt.toISOString(),
    expiresAt: from.expiresAt.toISOString(),
    endedAt: writeTime(from.endedAt),
  };
}

function writeStep(from: RspSession['steps'][number]): RspSessionJson['steps'][number] {
  return {
    function: from.function,
    at: new Date(from.at).toISOString(),
    status: from.status,
    subjectCode: from.subjectCode ?? null,
    reasonCode: from.reasonCode ?? null,
    detail: from.detail ?? null,
  };
}

function writeHex(bytes: Buffer): string {
  return bytes.toString('hex').toUpperCase();
}

export function writeProfileNotification(from: ProfileNotification): ProfileNotificationJson {
  const { operation, eid, seqNumber, result, receivedAt } = from;
  return {
    operation,
    eid,
    seqNumber: String(seqNumber),
    result: result && { outcome: result.outcome, reason: result.reason ?? null },
    receivedAt: receivedAt.toISOString(),
  };
}

export function writeProfileEvent(from: Event): z.output<typeof profileHistory>['data'][number] {
  const { id, type, data, requestId, actor, occurredAt } = from;
  return { id, type, data, requestId, actor, occurredAt: occurredAt.toISOString() };
}

export function readRelease<Body extends z.output<typeof releaseProfileBody>>({ expiresAt, ...same }: Body) {
  if (expiresAt === undefined) return same;
  return { ...same, expiresAt: expiresAt === null ? null : new Date(expiresAt) };
}

/** `cursor` when it is one of a list by time; throws `invalid_request` for any other. */
export function readTimeCursor(of: keyof typeof cursorForms, cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const [time = '', key = ''] = cursor.split('_');
  if (isTime(time) && cursorForms[of].test(key)) return cursor;
  throw new AppError('invalid_request', 'This is not a cursor of this list.', {
    fields: [{ field: 'cursor', detail: 'give nextCursor as it was answered, or leave it out' }],
  });
}

const cursorForms = {
  profiles: /^\d{19,20}$/,
  sessions: /^([0-9a-f]{2}){1,16}$/,
  notifications: /^\d{32}\.\d{20}\.[0-9a-f]{64}$/,
} as const;

/** As the database writes it, to the microsecond. */
function isTime(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(text)) return false;
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 19) === text.slice(0, 19);
}
