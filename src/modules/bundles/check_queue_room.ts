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
  const [full] = (await findLittleRoom(ctx, esimIds)).keys();
  if (full === undefined) return;
  throw new AppError(
    'bundle_not_compatible',
    `The eSIM ${full} can have at most ${bundlesPerEsimMax} bundles that are queued or active.`,
    { fields: [{ field: 'esims', detail: `no room for more on ${full}` }] },
  );
}

/** For how many more bundles there is room on those of these eSIMs that have less of it than the times they are named. */
export async function findLittleRoom(
  ctx: Ctx,
  esimIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const wanted = Map.groupBy(esimIds, (id) => id);
  const ids = [...wanted.keys()];
  const counts = [...wanted.values()].map(({ length }) => length);
  const rows = await query<FullRow>(ctx.db, selectFull, [ids, counts, bundlesPerEsimMax]);
  return new Map(rows.map(({ id, live }) => [id, Math.max(0, bundlesPerEsimMax - Number(live))]));
}

type FullRow = { id: string; live: bigint };

const selectFull = `
  select w.id, has.count as live
  from unnest($1::text[], $2::integer[]) as w(id, wanted) cross join lateral (
    select count(*) as count from (
      select from bundles.bundles b where b.esim_id = w.id and b.state in ('queued', 'active') limit $3) as live) as has
  where w.wanted + has.count > $3`;
