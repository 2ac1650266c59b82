// The circuit breaker of a remote server: after five failures in a row it is left alone for half a minute, then tried once.
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';

/** Failures in a row after which a server is left alone. */
export const failuresMax = 5;
export const openSeconds = 30;

/**
 * Lets this node try a server that was left alone; false when it is not time yet, or another node tries. Until the try has
 * ended, or failed to end for as long as a breaker stays open, nobody else does.
 */
export async function takeTrial(ctx: Ctx, serverId: string): Promise<boolean> {
  return (await query(ctx.db, claimTrial, [serverId, failuresMax, openSeconds])).length > 0;
}

/** The server answered as it should, be it with a refusal. */
export async function noteServerAnswer(tx: Ctx, serverId: string): Promise<void> {
  await query(tx.db, setAnswered, [serverId]);
}

/** No answer, or none that can be read. */
export async function noteServerFailure(tx: Ctx, serverId: string, error: string): Promise<void> {
  await query(tx.db, setFailed, [serverId, error, failuresMax, openSeconds]);
}

const claimTrial = `
  update remote_smdp.servers set open_until = clock_timestamp() + $3 * interval '1 second'
  where id = $1 and failures >= $2 and (open_until is null or open_until <= clock_timestamp())
  returning id`;

// Nothing is written while all goes well: every call of a server would wait for the same row.
const setAnswered = `
  update remote_smdp.servers set failures = 0, open_until = null, last_error = null
  where id = $1 and (failures > 0 or open_until is not null)`;

const setFailed = `
  update remote_smdp.servers set failures = failures + 1, last_error = $2,
    open_until = case when failures + 1 >= $3 then clock_timestamp() + $4 * interval '1 second' end
  where id = $1`;
