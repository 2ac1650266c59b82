// The statements on `smds.sessions`: written relaxed, because a lost session costs the client one retry.
import type { Db } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';

export type SessionRow = {
  transaction_id: Buffer;
  ci_key_id: Buffer;
  server_challenge: Buffer;
  server_address: string;
  expires_at: Date;
};

export async function insertSession(relaxed: Db, session: NewSession): Promise<void> {
  const { transactionId, ciKeyId, serverChallenge, serverAddress, expiresAt } = session;
  await query(relaxed, insertText, [transactionId, ciKeyId, serverChallenge, serverAddress, expiresAt]);
}

export type NewSession = {
  transactionId: Uint8Array;
  ciKeyId: Uint8Array;
  serverChallenge: Uint8Array;
  serverAddress: string;
  expiresAt: Date;
};

const insertText = `
  insert into smds.sessions (transaction_id, ci_key_id, server_challenge, server_address, expires_at)
  values ($1, $2, $3, $4, $5)`;

/** Ends the session and gives it: of two calls at once one gets it. */
export async function takeSession(relaxed: Db, transactionId: Uint8Array): Promise<SessionRow | undefined> {
  const [row] = await query<SessionRow>(relaxed, takeText, [transactionId]);
  return row;
}

const takeText = `
  delete from smds.sessions where transaction_id = $1
  returning transaction_id, ci_key_id, server_challenge, server_address, expires_at`;

/** Deletes up to `count` sessions that expired before `now`, and gives how many there were. */
export async function deleteExpiredSessions(relaxed: Db, now: Date, count: number): Promise<number> {
  return (await query(relaxed, deleteExpiredText, [now, count])).length;
}

const deleteExpiredText = `
  delete from smds.sessions where transaction_id = any(array(
    select transaction_id from smds.sessions where expires_at < $1
    order by expires_at limit $2 for update skip locked))
  returning 1`;
