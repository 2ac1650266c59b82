// Which targets are told about which events: endpoints of the account, and callbacks of the resources that an event names.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { OutboxEvent } from '../events/index.ts';
import { readTarget, type Target, type TargetRow, targetColumns } from './targets/target.ts';

export type Match = { event: OutboxEvent; target: Target };

/**
 * The pairs of event and target, in the order of the events. `offsetsMs` are the clocks that are ahead: nobody is told
 * about what happened long before he asked to be told. The targets are locked, so that none is switched off before its
 * deliveries are written. Call it in a `write`.
 */
export async function matchTargets(
  tx: Ctx,
  events: readonly OutboxEvent[],
  offsetsMs: ReadonlyMap<string, number>,
): Promise<Match[]> {
  const accountIds = [...new Set(events.map((event) => event.accountId))];
  const resourceIds = [...new Set(events.flatMap(resourcesOf))];
  const rows = await query<TargetRow>(tx.db, lockTargets, [accountIds, resourceIds]);
  const byAccount = Map.groupBy(rows.map(readTarget), (target) => target.accountId);
  return events.flatMap((event) =>
    (byAccount.get(event.accountId) ?? [])
      .filter((target) => wants(target, event, offsetsMs.get(event.accountId) ?? 0))
      .map((target) => ({ event, target })),
  );
}

/** Names in an event's data whose values are ids that a callback may have been set for. */
const namesOfResources = ['esimId', 'simId', 'orderId', 'iccid', 'commandId', 'fleetId'] as const;

function resourcesOf({ resourceId, data }: OutboxEvent): string[] {
  const named = namesOfResources.map((name) => data[name]);
  return [resourceId, ...named.filter((each) => typeof each === 'string')];
}

function wants(target: Target, event: OutboxEvent, offsetMs: number): boolean {
  if (target.types !== null && !target.types.includes(event.type)) return false;
  if (target.resourceId !== null && !resourcesOf(event).includes(target.resourceId)) return false;
  // Somebody who is not reached is not told that he was not reached.
  if (event.type === 'webhook.parked' && event.data['target'] === target.id) return false;
  return event.occurredAt.getTime() >= target.createdAt.getTime() - offsetMs - slackMs;
}

// The clocks of nodes differ, work carries the time at which it began, and where a clock is ahead some events carry the
// wall clock's time: better one too many than one too few.
const slackMs = 60_000;

// Offset: found by the resource and not by the account, which may have a callback for each of its eSIMs.
const lockTargets = `
  select ${targetColumns}
  from webhooks.targets t
  where t.id = any(array(
    select e.id from unnest($1::text[]) as a(account_id)
    cross join lateral (
      select id from webhooks.targets
      where account_id = a.account_id and deleted_at is null and resource_id is null
      order by id
    ) as e
    union
    select c.id from unnest($2::text[]) as r(resource_id)
    cross join lateral (
      select id, account_id from webhooks.targets
      where resource_id = r.resource_id and deleted_at is null offset 0
    ) as c
    where c.account_id = any($1)
  )) and t.enabled and t.deleted_at is null
  order by t.id for share`;
