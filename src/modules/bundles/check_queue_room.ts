// The queue of an eSIM is limited: a line is rated by looking at all that is in it.
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';

/** Queued and active bundles of one eSIM. */
export const bundlesPerEsimMax = 100;

/**
 * Checks that these eSIMs have room for one more bundle each, or for as many as they are named times. Throws
 * `bundle_not_compatible`.
 */
export async function checkQueueRoom(ctx: Ctx, esimIds: readonly string[]): Promise<void> {
  const wanted = Map.groupBy(esimIds, (id) => id);
  const ids = [...wanted.keys()];
  const counts = [...wanted.values()].map(({ length }) => length);
  const [full] = await query<{ id: string }>(ctx.db, selectFull, [ids, counts, bundlesPerEsimMax]);
  if (!full) return;
  throw new AppError(
    'bundle_not_compatible',
    `The eSIM ${full.id} can have at most ${bundlesPerEsimMax} bundles that are queued or active.`,
    { fields: [{ field: 'esims', detail: `no room for more on ${full.id}` }] },
  );
}

const selectFull = `
  select w.id
  from unnest($1::text[], $2::integer[]) as w(id, wanted) cross join lateral (
    select count(*) as count from (
      select from bundles.bundles b where b.esim_id = w.id and b.state in ('queued', 'active') limit $3) as live) as has
  where w.wanted + has.count > $3
  limit 1`;
