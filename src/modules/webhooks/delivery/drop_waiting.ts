// What waits for a target, dropped or sent elsewhere when the target changes.
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { hostOfUrl } from '../targets/callback_url.ts';

/** Drops every delivery that waits for this target; each may be replayed. Call it in a `write`, after locking the target. */
export async function dropWaiting(tx: Ctx, targetId: string): Promise<void> {
  await query(tx.db, dropText, [targetId, tx.now]);
}

/** Counts what waits for this target under the host of its new URL. Call it in a `write`, after locking the target. */
export async function moveWaiting(
  tx: Ctx,
  { targetId, url }: { targetId: string; url: string },
): Promise<void> {
  await query(tx.db, moveText, [targetId, hostOfUrl(url)]);
}

// Rows are locked in the order of their ids, as by everyone who locks several deliveries.
const waiting = `
  select id from webhooks.deliveries where target_id = $1 and state = 'pending' order by id for update`;

const dropText = `
  update webhooks.deliveries set state = 'dropped', ended_at = $2, claimed_until = null
  where id = any(array(${waiting}))`;

const moveText = `
  update webhooks.deliveries set host = $2 where id = any(array(${waiting})) and host <> $2`;
