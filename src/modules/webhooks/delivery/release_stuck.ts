// A safety net: a delivery that waits for an earlier one which is not there is due at once.
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';

/**
 * Makes the first of each queue due in which nothing is. There is none unless rows were lost or changed by hand; gives
 * how many there were. For housekeeping.
 */
export async function releaseStuckDeliveries(ctx: Ctx): Promise<number> {
  return (await query(ctx.db, releaseText, [ctx.now])).length;
}

// Nearly all that wait have an earlier one before them, which one look into the index of the queues shows.
const releaseText = `
  with first_ones as materialized (
    select d.id, d.target_id, d.resource_id
    from webhooks.deliveries d cross join lateral (
      select id from webhooks.deliveries
      where target_id = d.target_id and resource_id = d.resource_id and state = 'pending'
      order by event_position limit 1
    ) as first
    where d.state = 'pending' and d.next_attempt_at = 'infinity' and first.id = d.id
  ), stuck as materialized (
    select f.id from first_ones f left join lateral (
      select id from webhooks.deliveries
      where target_id = f.target_id and resource_id = f.resource_id and state = 'pending'
        and next_attempt_at < 'infinity'
      order by event_position limit 1
    ) as due on true
    where due.id is null
  )
  update webhooks.deliveries set next_attempt_at = $1
  where id = any(array(
    select id from webhooks.deliveries where id = any(array(select id from stuck)) order by id for update
  )) and state = 'pending' and next_attempt_at = 'infinity'
  returning id`;
