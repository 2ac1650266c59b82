// Statements on sessions of RADIUS accounting: one row by its NAS and session id.
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import type { RadiusSession } from './radius_session.ts';

export type SessionKey = { nas: string; sessionId: string };

/** The SIM of a session that was seen before. */
export async function findSimOfSession(
  ctx: Ctx,
  { nas, sessionId }: SessionKey,
): Promise<string | undefined> {
  const [row] = await query<{ sim_id: string }>(ctx.db, selectSim, [nas, sessionId]);
  return row?.sim_id;
}

const selectSim = 'select sim_id from usage.radius_sessions where nas = $1 and session_id = $2';

/** Call it in a `write`, with the line locked. */
export async function lockSession(
  tx: Ctx,
  { nas, sessionId }: SessionKey,
): Promise<RadiusSession | undefined> {
  const [row] = await query<SessionRow>(tx.db, selectForUpdate, [nas, sessionId]);
  return row && readSession(row);
}

type SessionRow = {
  sim_id: string;
  started_at: Date;
  last_at: Date;
  input_octets: bigint;
  output_octets: bigint;
  gigawords_seen: boolean;
  counted: number;
  ended_at: Date | null;
};

const selectForUpdate = `
  select sim_id, started_at, last_at, input_octets, output_octets, gigawords_seen, counted, ended_at
  from usage.radius_sessions where nas = $1 and session_id = $2 for update`;

function readSession(row: SessionRow): RadiusSession {
  return {
    simId: row.sim_id,
    startedAt: row.started_at,
    lastAt: row.last_at,
    input: row.input_octets,
    output: row.output_octets,
    gigawordsSeen: row.gigawords_seen,
    counted: row.counted,
    endedAt: row.ended_at,
  };
}

export async function saveSession(
  tx: Ctx,
  { nas, sessionId }: SessionKey,
  session: RadiusSession,
): Promise<void> {
  await query(tx.db, upsertSession, [
    nas,
    sessionId,
    session.simId,
    session.startedAt,
    session.lastAt,
    session.input,
    session.output,
    session.gigawordsSeen,
    session.counted,
    session.endedAt,
  ]);
}

const upsertSession = `
  insert into usage.radius_sessions (nas, session_id, sim_id, started_at, last_at, input_octets, output_octets,
    gigawords_seen, counted, ended_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
  on conflict (nas, session_id) do update set sim_id = excluded.sim_id, started_at = excluded.started_at,
    last_at = excluded.last_at, input_octets = excluded.input_octets, output_octets = excluded.output_octets,
    gigawords_seen = excluded.gigawords_seen, counted = excluded.counted, ended_at = excluded.ended_at`;

/** Ends the sessions of a NAS that began before it restarted, and gives how many there were. */
export async function endSessionsOfNas(tx: Ctx, { nas, at }: { nas: string; at: Date }): Promise<number> {
  return (await query(tx.db, endSessions, [nas, at])).length;
}

const endSessions = `
  update usage.radius_sessions set ended_at = last_at
  where nas = $1 and ended_at is null and last_at <= $2
  returning 1`;
