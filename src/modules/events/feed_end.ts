// The end of the feed: before it, no transaction can any more commit an event that readers have not been shown.
import type { Ctx, Db } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';

/**
 * The position up to which the feed is complete: a transaction that is still under way has said, before it drew its
 * first position, behind which one its own begin (`events.next_position` in sql/000032), and the feed ends before it.
 * Asked before the events are read, in a statement of its own: what had ended by then is visible to the next statement.
 */
export async function findFeedEnd(ctx: Ctx): Promise<bigint> {
  const [row] = await query<{ feed_end: bigint }>(ctx.db, 'select events.feed_end()');
  const known = knownEnds.get(ctx.db) ?? 0n;
  const end = row && row.feed_end > known ? row.feed_end : known;
  knownEnds.set(ctx.db, end);
  return end;
}

/**
 * What was complete once stays so, but one who says it late may name a position that others have gone beyond: whoever
 * reads by the same pool is never shown a feed that has become shorter.
 */
const knownEnds = new WeakMap<Db, bigint>();
