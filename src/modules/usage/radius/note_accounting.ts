// RADIUS accounting (RFC 2866): what a session used since its last packet is counted once, however packets repeat.
import { createHash } from 'node:crypto';
import type { Ctx } from '../../../pg/ctx.ts';
import { write } from '../../../pg/write.ts';
import { clockOffsetMs } from '../../accounts/index.ts';
import { type Line, lockLines } from '../../sims/index.ts';
import { recordUsage } from '../record_usage.ts';
import { dayMs, usageLimits } from '../usage_limits.ts';
import { followSession, type SessionPacket } from './radius_session.ts';
import {
  endSessionsOfNas,
  findSimOfSession,
  lockSession,
  type SessionKey,
  saveSession,
} from './radius_sessions_sql.ts';

/**
 * Counts a packet that the receiver has authenticated: `counted` when it opened, moved or ended a session, `repeated`
 * when it told nothing new, `unknown` when there is no such SIM. Once it returns, what it counted is on disk and the
 * packet may be answered; when it throws, the packet must go unanswered, so that the NAS repeats it.
 */
export async function noteAccounting(ctx: Ctx, packet: RadiusAccounting): Promise<Accounted> {
  const read = {
    ...packet,
    nas: storable(packet.nas),
    sessionId: storable(packet.sessionId),
    at: believedTime(ctx.now, packet.at),
    ...readNetwork(packet),
  };
  return await write(ctx, {}, (tx) => (isOfNas(read) ? noteRestart(tx, read) : notePacket(tx, read)));
}

/** What a packet of RADIUS accounting says. */
export type RadiusAccounting = {
  /** The NAS as it names itself. */
  nas: string;
  /** Acct-Session-Id: unique per NAS while the session runs; empty for `on` and `off`. */
  sessionId: string;
  status: RadiusStatus;
  imsi: string | null;
  /** When it happened, never after it was received. */
  at: Date;
  /** From the user and to it, since the session began, gigawords added; null when the packet does not say. */
  inputOctets: bigint | null;
  outputOctets: bigint | null;
  /** Whether this NAS counts beyond 2^32; one that never does wraps. */
  gigawordsPresent: boolean;
  /** The visited network. */
  mcc: string | null;
  mnc: string | null;
  framedIp: string | null;
};

/** `on` and `off` are about all sessions of the NAS. */
export type RadiusStatus = SessionPacket['status'] | 'on' | 'off';

export type Accounted = 'counted' | 'repeated' | 'unknown';

type OfSession = RadiusAccounting & SessionPacket;

function isOfNas({ status }: RadiusAccounting): boolean {
  return status === 'on' || status === 'off';
}

/** What a NAS calls things may be any bytes: what is no plain text is kept as its hash. */
function storable(name: string): string {
  return /^[\x20-\x7e]{1,80}$/.test(name) ? name : createHash('sha256').update(name).digest('hex');
}

/** A clock far off is not believed: then it happened now. */
function believedTime(now: Date, at: Date): Date {
  const { recordAheadMinutesMax, recordAgeDaysMax } = usageLimits;
  const aheadMs = at.getTime() - now.getTime();
  return aheadMs <= recordAheadMinutesMax * 60_000 && aheadMs >= -recordAgeDaysMax * dayMs ? at : now;
}

/** A network that is none must not keep the packet from being counted. */
function readNetwork({ mcc, mnc }: RadiusAccounting): Pick<RadiusAccounting, 'mcc' | 'mnc'> {
  const isNetwork = /^\d{3}$/.test(mcc ?? '') && /^\d{2,3}$/.test(mnc ?? '');
  return isNetwork ? { mcc, mnc } : { mcc: null, mnc: null };
}

async function noteRestart(tx: Ctx, packet: RadiusAccounting): Promise<Accounted> {
  return (await endSessionsOfNas(tx, packet)) > 0 ? 'counted' : 'repeated';
}

async function notePacket(tx: Ctx, packet: RadiusAccounting): Promise<Accounted> {
  const line = await lockLineOf(tx, packet);
  if (!line) return 'unknown';
  const followed = followSession(await lockSession(tx, packet), line.id, packet as OfSession);
  if (!followed) return 'repeated';
  const { session, up, down, unbelieved } = followed;
  if (unbelieved) warnOfCounter(tx, packet);
  if (up + down > 0n) await countUse(tx, line, packet, { up, down, number: ++session.counted });
  await saveSession(tx, packet, session);
  return 'counted';
}

/** Lines are locked before sessions. */
async function lockLineOf(tx: Ctx, packet: RadiusAccounting): Promise<Line | undefined> {
  const key = packet.imsi ?? (await findSimOfSession(tx, packet));
  return key === undefined ? undefined : (await lockLines(tx, { accountId: null, keys: [key] })).get(key);
}

function warnOfCounter({ log, requestId }: Ctx, { nas, sessionId }: SessionKey): void {
  log.warn({ requestId, nas, sessionId }, 'a RADIUS counter cannot be right: nothing was counted for it');
}

type Use = { up: bigint; down: bigint; number: number };

async function countUse(
  tx: Ctx,
  line: Line,
  packet: RadiusAccounting,
  { up, down, number }: Use,
): Promise<void> {
  const { nas, sessionId, mcc, mnc } = packet;
  // A gateway knows the wall clock; the account is charged by its own.
  const aheadMs = await clockOffsetMs(tx, line.accountId);
  const [now, at] = [tx.now, packet.at].map((time) => new Date(time.getTime() + aheadMs)) as [Date, Date];
  const record = {
    id: `radius:${nas}:${sessionId}:${number}`,
    sim: line.id,
    kind: 'data' as const,
    at,
    bytesUp: up,
    bytesDown: down,
    units: 0n,
    mcc,
    mnc,
    country: null,
  };
  await recordUsage({ ...tx, now }, { accountId: line.accountId, source: 'radius', records: [record] });
}
