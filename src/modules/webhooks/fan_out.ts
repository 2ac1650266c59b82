// Fan-out: events behind the cursor become deliveries, in the transaction that moves the cursor, so each exactly once.
import { newId } from '../../base/ids.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { write } from '../../pg/write.ts';
import { clockOffsets } from '../accounts/index.ts';
import { hasEventsBehind, readOutbox } from '../events/index.ts';
import { triedForMs } from './delivery/delivery.ts';
import { type Match, matchTargets } from './match_targets.ts';
import { hostOfUrl } from './targets/callback_url.ts';

/**
 * Passes on up to `fanOutMax` events of all accounts; gives how many, 0 when there are none or another node is at it.
 * `ctx.now` is the wall clock, or the clock of `accountId` if that is given.
 */
export async function fanOut(ctx: Ctx, accountId: string | null = null): Promise<number> {
  const after = await outboxCursor(ctx);
  if (!(await hasEventsBehind(ctx, { after }))) return 0;
  return await write(ctx, {}, (tx) => fanOutBatch(tx, accountId));
}

export const fanOutMax = 500;

/** How far the outbox has been passed on. */
export async function outboxCursor(ctx: Ctx): Promise<bigint> {
  const [row] = await query<{ position: bigint }>(ctx.db, 'select position from webhooks.cursor');
  return row?.position ?? 0n;
}

async function fanOutBatch(tx: Ctx, accountId: string | null): Promise<number> {
  const [cursor] = await query<{ position: bigint }>(tx.db, lockCursor);
  if (!cursor) return 0;
  const { events, end } = await readOutbox(tx, { after: cursor.position, limit: fanOutMax });
  if (events.length === 0) return 0;
  const offsetsMs = await clockOffsets(tx);
  const matches = await matchTargets(tx, events, offsetsMs);
  const madeAt = ({ event }: Match): Date => {
    if (event.accountId === accountId) return tx.now;
    // Somebody else's clock is being moved: what time it is for this account is not known here.
    if (accountId !== null) return event.occurredAt;
    return new Date(tx.now.getTime() + (offsetsMs.get(event.accountId) ?? 0));
  };
  if (matches.length > 0) await insertDeliveries(tx, matches, madeAt);
  tx.alongCommit({ text: moveCursor, values: [end] });
  return events.length;
}

/**
 * The first of a queue (the deliveries of one resource to one target) is due at once, the others wait for it. Whoever
 * puts a delivery behind another one holds a lock on a delivery of that queue, so that the one who ends that one sees
 * what waits behind it.
 */
async function insertDeliveries(
  tx: Ctx,
  matches: readonly Match[],
  madeAt: (match: Match) => Date,
): Promise<void> {
  const queues = await lockQueues(tx, matches);
  const rows = matches.map((match) => {
    const { event, target } = match;
    const at = madeAt(match);
    const queue = queueOf(target.id, event.resourceId);
    const waits = queues.has(queue);
    queues.add(queue);
    return {
      id: newId('delivery', at.getTime()),
      account_id: event.accountId,
      target_id: target.id,
      host: hostOfUrl(target.url),
      event_position: String(event.position),
      event_type: event.type,
      resource_id: event.resourceId,
      next_attempt_at: waits ? 'infinity' : at,
      parks_at: new Date(at.getTime() + triedForMs),
      created_at: at,
    };
  });
  await query(tx.db, insertText, [JSON.stringify(rows)]);
}

/** Of the queues of these matches, those in which something waits already. */
async function lockQueues(tx: Ctx, matches: readonly Match[]): Promise<Set<string>> {
  const rows = await query<{ target_id: string; resource_id: string; state: string }>(tx.db, lockLast, [
    matches.map(({ target }) => target.id),
    matches.map(({ event }) => event.resourceId),
  ]);
  const waiting = rows.filter((row) => row.state === 'pending');
  return new Set(waiting.map((row) => queueOf(row.target_id, row.resource_id)));
}

function queueOf(targetId: string, resourceId: string): string {
  return `${targetId} ${resourceId}`;
}

const lockCursor = 'select position from webhooks.cursor for update skip locked';
const moveCursor = 'update webhooks.cursor set position = $1';

// What it waited for may have ended meanwhile: the state is that of the locked row.
const lockLast = `
  select target_id, resource_id, state from webhooks.deliveries
  where id = any(array(
    select last.id
    from (select distinct * from unnest($1::text[], $2::text[]) as q(target_id, resource_id)) as q
    cross join lateral (
      select id from webhooks.deliveries
      where target_id = q.target_id and resource_id = q.resource_id and state = 'pending'
      order by event_position desc limit 1
    ) as last
  ))
  order by id for share`;

const insertText = `
  insert into webhooks.deliveries (id, account_id, target_id, host, event_position, event_type, resource_id,
    next_attempt_at, parks_at, created_at)
  select id, account_id, target_id, host, event_position, event_type, resource_id,
    next_attempt_at, parks_at, created_at
  from jsonb_to_recordset($1::jsonb) as d(id text, account_id text, target_id text, host text,
    event_position bigint, event_type text, resource_id text, next_attempt_at timestamptz, parks_at timestamptz,
    created_at timestamptz)
  on conflict (target_id, event_position) do nothing`;
