// What came of attempts, written for many at once: states, the log of attempts, and the turn of those who waited behind.
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { write } from '../../../pg/write.ts';
import { emit, eventIdOf } from '../../events/index.ts';
import { disableTarget } from '../targets/change_endpoint.ts';
import { microseconds } from './claim_deliveries.ts';
import type { Outcome } from './outcome.ts';

/**
 * Writes them in one transaction, and gives how many others became due by that. One whose claim has passed to another
 * node changes nothing but the log of attempts.
 */
export async function writeOutcomes(ctx: Ctx, outcomes: readonly Outcome[]): Promise<number> {
  const called = await write(ctx, {}, async (tx) => {
    const mine = await lockClaimed(tx, outcomes);
    if (mine.length > 0) await query(tx.db, moveRows, [writeRows(mine), idsOf(mine)]);
    const ended = mine.filter((each) => each.state !== 'pending');
    const turns = ended.length > 0 ? await query(tx.db, callNext, [writeRows(ended)]) : [];
    for (const each of mine) if (each.state === 'parked') await tellParked(tx, each);
    if (outcomes.some(({ attempt }) => attempt !== null))
      tx.alongCommit({ text: insertAttempts, values: [writeRows(outcomes)] });
    return turns.length;
  });
  // By itself, since whoever changes a target locks it before its deliveries.
  const gone = new Set(outcomes.filter((each) => each.isTargetGone).map((each) => each.claimed.target.id));
  for (const id of gone) await write(ctx, {}, (tx) => disableTarget(tx, id));
  return called;
}

/** Locks their rows and the next of each of their queues, and gives those whose claim still holds. */
async function lockClaimed(tx: Ctx, outcomes: readonly Outcome[]): Promise<Outcome[]> {
  const rows = await query<LockedRow>(tx.db, lockRows, [idsOf(outcomes)]);
  const claims = new Map(rows.filter((row) => row.state === 'pending').map((row) => [row.id, row.claim]));
  return outcomes.filter(({ claimed }) => claims.get(claimed.delivery.id) === claimed.claimedUntil);
}

type LockedRow = { id: string; state: string; claim: bigint | null };

function idsOf(outcomes: readonly Outcome[]): string[] {
  return outcomes.map(({ claimed }) => claimed.delivery.id);
}

function writeRows(outcomes: readonly Outcome[]): string {
  return JSON.stringify(outcomes.map(writeRow));
}

function writeRow({ claimed, state, nextAttemptAt, at, attempt }: Outcome) {
  const { delivery } = claimed;
  return {
    id: delivery.id,
    target_id: delivery.targetId,
    resource_id: delivery.resourceId,
    state,
    next_attempt_at: nextAttemptAt,
    // When this one was due: the next of its queue has waited at least as long.
    due_at: delivery.nextAttemptAt,
    at,
    attempts: attempt === null ? 0 : 1,
    ...(attempt !== null && {
      sent_at: attempt.at,
      duration_ms: attempt.durationMs,
      status: attempt.status,
      error: attempt.error,
      answer: attempt.answer,
    }),
  };
}

/** That nobody could be told that somebody could not be told is not told: two dead receivers would tell of each other for ever. */
async function tellParked(tx: Ctx, { claimed: { delivery, target }, at }: Outcome): Promise<void> {
  if (delivery.eventType === 'webhook.parked') return;
  const { id, accountId, eventType, eventPosition, resourceId } = delivery;
  const data = { target: target.id, event: eventIdOf(eventPosition), eventType, resourceId };
  await emit({ ...tx, now: at }, { accountId, type: 'webhook.parked', resourceId: id, data });
}

// All that will change, in the order of their ids: these, and the next of each of their queues.
const lockRows = `
  select id, state, ${microseconds('claimed_until')} as claim from webhooks.deliveries
  where id = any(array(
    select unnest($1::text[])
    union
    select next.id
    from webhooks.deliveries d cross join lateral (
      select n.id from webhooks.deliveries n
      where n.target_id = d.target_id and n.resource_id = d.resource_id and n.state = 'pending' and n.id <> d.id
      order by n.event_position limit 1
    ) as next
    where d.id = any($1)
  ))
  order by id for update`;

const moveRows = `
  update webhooks.deliveries d
  set state = o.state, attempts = d.attempts + o.attempts, claimed_until = null,
    next_attempt_at = coalesce(o.next_attempt_at, d.next_attempt_at),
    ended_at = case when o.state <> 'pending' then o.at end
  from jsonb_to_recordset($1::jsonb)
    as o(id text, state text, next_attempt_at timestamptz, at timestamptz, attempts int)
  where d.id = any($2::text[]) and d.id = o.id`;

// A statement of its own behind the locks: it sees what was put behind these until they were locked.
const callNext = `
  with turns as materialized (
    select next.id, o.due_at
    from jsonb_to_recordset($1::jsonb) as o(target_id text, resource_id text, due_at timestamptz)
    cross join lateral (
      select n.id from webhooks.deliveries n
      where n.target_id = o.target_id and n.resource_id = o.resource_id and n.state = 'pending'
      order by n.event_position limit 1
    ) as next
  )
  update webhooks.deliveries d set next_attempt_at = t.due_at
  from turns t
  where d.id = any(array(select id from turns)) and d.id = t.id and d.next_attempt_at = 'infinity'
  returning d.id`;

const insertAttempts = `
  insert into webhooks.attempts (delivery_id, number, at, duration_ms, status, error, answer)
  select o.id, coalesce(earlier.number, 0) + 1, o.sent_at, o.duration_ms, o.status, o.error, o.answer
  from jsonb_to_recordset($1::jsonb) as o(id text, sent_at timestamptz, duration_ms int, status int, error text, answer text)
  left join lateral (
    select number from webhooks.attempts where delivery_id = o.id order by number desc limit 1
  ) as earlier on true
  where o.sent_at is not null`;
