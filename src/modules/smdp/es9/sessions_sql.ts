// The statements on `smdp.sessions`: written relaxed, because a lost session costs the client one retry. Each appends the
// step that it stands for.
import type { Db } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import type { ProfilePackageRow, ProfileRow } from '../profiles/profile.ts';
import { profileColumns } from '../profiles/profiles_sql.ts';
import type { SessionOwner, SessionStep } from './session_step.ts';

/** An RSP session, between any two calls of one download. What a later step needs is null before it is known. */
export type SessionRow = {
  transaction_id: Buffer;
  session_state: 'initiated' | 'authenticated' | 'bound' | 'ended';
  /** The CI by which the eUICC proves itself, and the one by which it verifies us. */
  ci_key_id: Buffer;
  server_ci_key_id: Buffer;
  server_challenge: Buffer;
  /** The address that the eUICC was sent to, as it was configured then. */
  server_address: string | null;
  session_eid: string | null;
  session_iccid: string | null;
  euicc_certificate: Buffer | null;
  smdp_signature2: Buffer | null;
  session_expires_at: Date;
};

/** What a session knows once its eUICC is authenticated and its profile is chosen. */
export type AuthenticatedSession = {
  transactionId: Uint8Array;
  eid: string;
  iccid: string;
  euiccCertificate: Uint8Array;
  smdpSignature2: Uint8Array;
  expiresAt: Date;
  step: SessionStep;
};

const sessionColumns = `
  s.transaction_id, s.state as session_state, s.ci_key_id, s.server_ci_key_id, s.server_challenge, s.server_address, s.eid as session_eid,
  s.iccid as session_iccid, s.euicc_certificate, s.smdp_signature2, s.expires_at as session_expires_at`;

export async function insertSession(relaxed: Db, session: NewSession): Promise<void> {
  const { transactionId, ciKeyId, serverCiKeyId, serverChallenge, serverAddress } = session;
  await query(relaxed, insertSessionText, [
    transactionId,
    ciKeyId,
    serverCiKeyId,
    serverChallenge,
    serverAddress,
    session.expiresAt,
    session.openedAt,
    JSON.stringify([session.step]),
  ]);
}

export type NewSession = {
  transactionId: Uint8Array;
  ciKeyId: Uint8Array;
  serverCiKeyId: Uint8Array;
  serverChallenge: Uint8Array;
  serverAddress: string;
  expiresAt: Date;
  openedAt: Date;
  step: SessionStep;
};

const insertSessionText = `
  insert into smdp.sessions (transaction_id, state, ci_key_id, server_ci_key_id, server_challenge, server_address,
    expires_at, opened_at, steps)
  values ($1, 'initiated', $2, $3, $4, $5, $6, $7, $8::jsonb)`;

/**
 * The session and the profile that its eUICC asks for: by the matching id, or without one the oldest that waits for
 * this EID. Profile columns are null when there is none.
 */
export async function findSessionAndOrder(db: Db, asked: AskedProfile): Promise<SessionAndOrder | undefined> {
  const { transactionId, matchingId, eid, downloadAttemptsMax } = asked;
  const text = matchingId === '' ? findByEidText : findByMatchingIdText;
  const values =
    matchingId === '' ? [transactionId, eid, downloadAttemptsMax] : [transactionId, textOrNull(matchingId)];
  const [row] = await query<SessionAndOrder>(db, text, values);
  return row;
}

/** PostgreSQL's text holds no NUL character, so an id with one names nothing. */
function textOrNull(text: string): string | null {
  return text.includes('\0') ? null : text;
}

export type AskedProfile = {
  transactionId: Uint8Array;
  matchingId: string;
  eid: string;
  downloadAttemptsMax: number;
};

export type SessionAndOrder = SessionRow & (ProfileRow | { [column in keyof ProfileRow]: null });

const findByMatchingIdText = `
  select ${sessionColumns}, ${profileColumns}
  from smdp.sessions s left join smdp.profiles p on p.matching_id = $2
  where s.transaction_id = $1`;

// One whose attempts are used up comes last, so that it does not stand before the others for ever. Some LPAs keep the
// address of an event and drop its id: a profile with an event is found by the EID, too.
const findByEidText = `
  select ${sessionColumns}, ${profileColumns}
  from smdp.sessions s left join lateral (
    select * from smdp.profiles
    where eid = $2 and (matching_id is null or smds_address is not null) and state in ('released', 'downloaded')
    order by (download_attempts >= $3), created_at, iccid limit 1
  ) p on true
  where s.transaction_id = $1`;

/** Notes what authenticateClient found out. False when the session is no longer in state `initiated`. */
export async function updateSessionAuthenticated(
  relaxed: Db,
  session: AuthenticatedSession,
): Promise<boolean> {
  const { transactionId, eid, iccid, euiccCertificate, smdpSignature2, expiresAt, step } = session;
  const rows = await query(relaxed, authenticatedText, [
    transactionId,
    eid,
    iccid,
    euiccCertificate,
    smdpSignature2,
    expiresAt,
    JSON.stringify(step),
  ]);
  return rows.length > 0;
}

const authenticatedText = `
  update smdp.sessions
  set state = 'authenticated', eid = $2, iccid = $3, euicc_certificate = $4, smdp_signature2 = $5, expires_at = $6,
    steps = steps || $7::jsonb
  where transaction_id = $1 and state = 'initiated'
  returning state`;

export async function findSession(db: Db, transactionId: Uint8Array): Promise<SessionRow | undefined> {
  const [row] = await query<SessionRow>(db, findSessionText, [transactionId]);
  return row;
}

const findSessionText = `select ${sessionColumns} from smdp.sessions s where s.transaction_id = $1`;

/**
 * The session with the profile chosen in it, package and keys included, both locked: attempts on one profile are taken
 * one after the other, and one that waited for an operator sees that its session was ended. Undefined before a profile
 * is chosen, too.
 */
export async function lockSessionAndPackage(
  db: Db,
  transactionId: Uint8Array,
): Promise<BindingRow | undefined> {
  const [row] = await query<BindingRow>(db, lockPackageText, [transactionId]);
  return row;
}

export type BindingRow = SessionRow & ProfilePackageRow;

const lockPackageText = `
  select ${sessionColumns}, ${profileColumns}, p.protected_package, p.protection_keys, p.binding_key
  from smdp.sessions s join smdp.profiles p on p.iccid = s.iccid
  where s.transaction_id = $1
  for update of p, s`;

/** Ends a session that is open. */
export async function endSession(db: Db, ended: EndedSession): Promise<void> {
  const { transactionId, outcome, at, step } = ended;
  await query(db, endText, [transactionId, outcome, at, step ? JSON.stringify(step) : '[]']);
}

export type EndedSession = {
  transactionId: Uint8Array;
  outcome: SessionOutcome;
  at: Date;
  /** Left out where a refusal is still to be appended. */
  step?: SessionStep;
};

export type SessionOutcome = 'installed' | 'failed' | 'cancelled' | 'refused' | 'expired';

/** What an ended session no longer needs goes, for most of them are kept for weeks. */
export const endedColumns = "state = 'ended', euicc_certificate = null, smdp_signature2 = null";

const endText = `
  update smdp.sessions set ${endedColumns}, outcome = $2, ended_at = $3, steps = steps || $4::jsonb
  where transaction_id = $1 and state <> 'ended'`;

/** Appends a refused call, and who it was, if the session did not know yet. */
export async function appendRefusal(
  relaxed: Db,
  { transactionId, step, eid, iccid }: { transactionId: Uint8Array; step: SessionStep } & SessionOwner,
): Promise<void> {
  const values = [transactionId, JSON.stringify(step), eid ?? null, iccid ?? null, stepsMax];
  await query(relaxed, appendRefusalText, values);
}

/** A client that goes on after this many calls is not written down any more. */
const stepsMax = 50;

const appendRefusalText = `
  update smdp.sessions set steps = steps || $2::jsonb, eid = coalesce(eid, $3), iccid = coalesce(iccid, $4)
  where transaction_id = $1 and jsonb_array_length(steps) < $5`;

/**
 * Ends up to `count` sessions that expired before `now`, and gives how many there were. Those that nobody was proven in
 * leave nothing behind.
 */
export async function endExpiredSessions(relaxed: Db, now: Date, count: number): Promise<number> {
  const [row] = await query<{ count: bigint }>(relaxed, endExpiredText, [now, count]);
  return Number(row?.count ?? 0);
}

const endExpiredText = `
  with expired as materialized (
    select transaction_id, eid from smdp.sessions where state <> 'ended' and expires_at < $1
    order by expires_at limit $2 for update skip locked
  ), forgotten as (
    delete from smdp.sessions
    where transaction_id = any(array(select transaction_id from expired where eid is null))
  ), kept as (
    update smdp.sessions set ${endedColumns}, ended_at = $1,
      outcome = case steps -> -1 ->> 'status' when 'refused' then 'refused' else 'expired' end
    where transaction_id = any(array(select transaction_id from expired where eid is not null))
  )
  select count(*) from expired`;

/** Deletes up to `count` sessions that ended before `before`, and gives how many there were. */
export async function deleteEndedSessions(relaxed: Db, before: Date, count: number): Promise<number> {
  const rows = await query(relaxed, deleteEndedText, [before, count]);
  return rows.length;
}

const deleteEndedText = `
  delete from smdp.sessions where transaction_id = any(array(
    select transaction_id from smdp.sessions where state = 'ended' and ended_at < $1
    order by ended_at limit $2 for update skip locked))
  returning 1`;
