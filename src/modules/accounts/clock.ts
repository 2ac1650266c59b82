// The clock of an account: the wall clock, or ahead of it for a sandbox whose clock was moved. It never goes back.
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { notify } from '../../pg/listen.ts';
import { query } from '../../pg/query.ts';
import { forgetHeld } from './held.ts';

export type Clock = {
  /** What the account's clock shows. */
  now: Date;
  /** How far it is ahead of the wall clock, in milliseconds. */
  offsetMs: number;
};

/** The account's clock. Throws `not_found`. */
export async function getClock(ctx: Ctx, accountId: string): Promise<Clock> {
  const [row] = await query<ClockRow>(ctx.db, selectClock, [accountId]);
  if (!row) throw new AppError('not_found', 'There is no such account.');
  return readClock(row);
}

/** By how many milliseconds the clocks of all accounts are ahead; only those that are. */
export async function clockOffsets(ctx: Ctx): Promise<Map<string, number>> {
  const rows = await query<OffsetRow>(ctx.db, selectOffsets);
  return new Map(rows.map((row) => [row.id, Number(row.clock_offset_ms)]));
}

/** By how many milliseconds the account's clock is ahead of the wall clock. */
export async function clockOffsetMs(ctx: Ctx, accountId: string): Promise<number> {
  const [row] = await query<OffsetRow>(ctx.db, selectOffsetOf, [accountId]);
  return Number(row?.clock_offset_ms ?? 0n);
}

/**
 * Lets nobody else move the clock of this family of accounts (an account and its subaccounts share one clock) for the
 * next 30 seconds, and gives their ids; call it again to hold it longer. Throws `conflict` while another one holds it,
 * `forbidden` for a live account.
 */
export async function holdClock(ctx: Ctx, accountId: string): Promise<string[]> {
  const rows = await query<{ id: string }>(ctx.db, holdClocks, [accountId]);
  if (rows.length > 0) return rows.map((row) => row.id);
  const [account] = await query<{ kind: string }>(
    ctx.db,
    'select kind from accounts.accounts where id = $1',
    [accountId],
  );
  if (!account) throw new AppError('not_found', 'There is no such account.');
  if (account.kind !== 'sandbox')
    throw new AppError('forbidden', 'Only the clock of a sandbox account can be moved.');
  throw new AppError('conflict', 'The clock is being moved by another request: wait for its answer.');
}

/** The clocks of these accounts show `to`, or stay if they are past it. Every node uses the new time at once. Call it in a `write`. */
export async function setClock(tx: Ctx, accountIds: readonly string[], to: Date): Promise<void> {
  await query(tx.db, moveClocks, [[...accountIds], to]);
  tx.afterCommit(forgetHeld);
  await notify(tx, 'api_keys');
}

/** Lets others move the clock again. */
export async function releaseClock(ctx: Ctx, accountIds: readonly string[]): Promise<void> {
  await query(ctx.db, 'update accounts.accounts set clock_held_until = null where id = any($1)', [
    [...accountIds],
  ]);
}

/** An expression for `time` (wall clock) as the clock of the account named by the expression `account` shows it. */
export function accountTimeSql(account: string, time: string): string {
  return `(${time} + coalesce((select clock_offset_ms * interval '1 millisecond' from accounts.accounts where id = ${account}), interval '0'))`;
}

type ClockRow = { now: Date; clock_offset_ms: bigint };
type OffsetRow = { id: string; clock_offset_ms: bigint };

function readClock({ now, clock_offset_ms }: ClockRow): Clock {
  return { now, offsetMs: Number(clock_offset_ms) };
}

const selectClock = `
  select clock_timestamp() + clock_offset_ms * interval '1 millisecond' as now, clock_offset_ms
  from accounts.accounts where id = $1`;

const selectOffsets = 'select id, clock_offset_ms from accounts.accounts where clock_offset_ms > 0';
const selectOffsetOf = `${selectOffsets} and id = $1`;

// All of the family, in the order of their ids, or none.
const holdClocks = `
  with family as materialized (
    select a.id, a.clock_held_until from accounts.accounts a
    join (select coalesce(parent_id, id) as root from accounts.accounts where id = $1) as top
      on a.id = top.root or a.parent_id = top.root
    where a.kind = 'sandbox'
    order by a.id for update of a
  )
  update accounts.accounts set clock_held_until = clock_timestamp() + interval '30 seconds'
  where id = any(array(select id from family))
    and not exists (select from family where clock_held_until > clock_timestamp())
  returning id`;

const moveClocks = `
  update accounts.accounts
  set clock_offset_ms = greatest(clock_offset_ms, ceil(extract(epoch from $2::timestamptz - clock_timestamp()) * 1000)::bigint),
    clock_held_until = clock_timestamp() + interval '30 seconds'
  where id = any($1)`;
