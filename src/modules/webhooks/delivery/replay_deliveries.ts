// Replay: what was parked, dropped or even delivered is sent once more, one by one or by time.
import { AppError } from '../../../base/app_error.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { noEndpoint } from '../targets/find_endpoints.ts';
import {
  type Delivery,
  type DeliveryRow,
  type DeliveryState,
  deliveryColumns,
  readDelivery,
  triedForMs,
} from './delivery.ts';
import { noDelivery } from './list_deliveries.ts';

/**
 * Sends one delivery again, for another 24 hours if need be; one that is still being tried is tried now. Its place among
 * those of its resource that wait is that of its event. Throws `not_found`, and `conflict` while the target is disabled.
 * Call it in a `write`.
 */
export async function replayDelivery(
  tx: Ctx,
  of: { accountId: string; targetId: string; id: string },
): Promise<Delivery> {
  await lockTarget(tx, of);
  const [row] = await query<{ id: string }>(tx.db, selectOne, [of.accountId, of.targetId, of.id]);
  if (!row) throw noDelivery();
  await startAgain(tx, [row.id]);
  const [now] = await query<DeliveryRow>(tx.db, selectAgain, [row.id]);
  if (!now) throw noDelivery();
  return readDelivery(now);
}

/**
 * Sends again what was made for this target from `from` until before `to` and is in one of `states`, the oldest first,
 * up to `replayMax`; `isMore` says that there is more. Throws `not_found`, and `conflict` while the target is disabled.
 * Call it in a `write`.
 */
export async function replayRange(tx: Ctx, of: ReplayRange): Promise<{ replayed: number; isMore: boolean }> {
  await lockTarget(tx, of);
  const rows = await query<{ id: string }>(tx.db, selectRange, [
    of.accountId,
    of.targetId,
    idAt(of.from),
    idAt(of.to),
    of.states,
    replayMax + 1,
  ]);
  const ids = rows.slice(0, replayMax).map((row) => row.id);
  await startAgain(tx, ids);
  return { replayed: ids.length, isMore: rows.length > replayMax };
}

export type ReplayRange = {
  accountId: string;
  targetId: string;
  from: Date;
  to: Date;
  states: readonly DeliveryState[];
};

export const replayMax = 10_000;

/** Before its deliveries, as everyone does. */
async function lockTarget(
  tx: Ctx,
  { accountId, targetId }: { accountId: string; targetId: string },
): Promise<void> {
  const [row] = await query<{ enabled: boolean }>(tx.db, lockText, [accountId, targetId]);
  if (!row) throw noEndpoint();
  if (!row.enabled) throw new AppError('conflict', 'This webhook is disabled: enable it first.');
}

async function startAgain(tx: Ctx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await query(tx.db, lockQueues, [ids]);
  const parksAt = new Date(tx.now.getTime() + triedForMs);
  await query(tx.db, tryNow, [ids, tx.now]);
  await query(tx.db, reopen, [ids, tx.now, parksAt]);
}

/** The least id that a delivery made at this time can have: ids begin with their time. */
function idAt(time: Date): string {
  const ms = Math.min(Math.max(time.getTime(), 0), 2 ** 48 - 1);
  return `dlv_${ms.toString(16).padStart(12, '0')}`;
}

const lockText = `
  select enabled from webhooks.targets where account_id = $1 and id = $2 and deleted_at is null for share`;

const selectOne = `
  select id from webhooks.deliveries where account_id = $1 and target_id = $2 and id = $3`;

const selectAgain = `select ${deliveryColumns} from webhooks.deliveries d where d.id = $1`;

const selectRange = `
  select id from webhooks.deliveries
  where target_id = $2 and id >= $3 and id < $4 and account_id = $1 and state = any($5)
  order by id limit $6`;

// These, and one of those that wait in each of their queues: whoever ends that one sees what is put behind it.
const lockQueues = `
  select id from webhooks.deliveries
  where id = any(array(
    select unnest($1::text[])
    union
    select last.id
    from (
      select distinct target_id, resource_id from webhooks.deliveries where id = any($1)
    ) as q
    cross join lateral (
      select id from webhooks.deliveries
      where target_id = q.target_id and resource_id = q.resource_id and state = 'pending'
      order by event_position desc limit 1
    ) as last
  ))
  order by id for update`;

// One that somebody is sending right now is left to him.
const tryNow = `
  update webhooks.deliveries set next_attempt_at = least(next_attempt_at, $2)
  where id = any($1::text[]) and state = 'pending' and next_attempt_at < 'infinity'`;

const reopen = `
  with again as materialized (
    select d.id, d.target_id, d.resource_id,
      row_number() over (partition by d.target_id, d.resource_id order by d.event_position) as place
    from webhooks.deliveries d where d.id = any($1::text[]) and d.state <> 'pending'
  ), placed as materialized (
    select a.id, a.place > 1 or exists (
      select from webhooks.deliveries w
      where w.target_id = a.target_id and w.resource_id = a.resource_id and w.state = 'pending'
    ) as waits
    from again a
  )
  update webhooks.deliveries d
  set state = 'pending', attempts = 0, ended_at = null, claimed_until = null, parks_at = $3,
    next_attempt_at = case when p.waits then 'infinity'::timestamptz else $2 end
  from placed p
  where d.id = any($1::text[]) and d.id = p.id`;
