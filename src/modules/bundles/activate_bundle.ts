// A bundle that waits for its first use or its day is started by hand: it starts now, or as soon as nothing is in its way.
import { AppError } from '../../base/app_error.ts';
import { present } from '../../base/assert.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { lockLines } from '../sims/index.ts';
import type { Bundle } from './bundle.ts';
import { getBundle } from './list_bundles.ts';
import { lockBundles } from './lock_bundles_sql.ts';
import { rateLine } from './rating/rate_line.ts';
import { storeRated } from './rating/store_rated.ts';

/**
 * Sets the activation date of the account's queued bundle to now, and gives the bundle: active, or still queued behind one
 * with the same allowance. Throws `not_found`, and `conflict` for a bundle that is not queued. Call it in a `write`.
 */
export async function activateBundle(
  tx: Ctx,
  { accountId, bundleId }: { accountId: string; bundleId: string },
): Promise<Bundle> {
  const { esimId } = await getBundle(tx, { accountId, bundleId });
  await lockLines(tx, { accountId, keys: [esimId] });
  const locked = await lockBundles(tx, [{ accountId, esimId, since: tx.now }]);
  const bundles = locked.get(esimId) ?? [];
  const bundle = bundles.find(({ id }) => id === bundleId);
  if (bundle?.state !== 'queued') throw await notQueued(tx, { accountId, bundleId });
  await query(tx.db, setActivation, [bundleId, tx.now]);
  const activated = bundles.map((each) => (each.id === bundleId ? { ...each, activatesAt: tx.now } : each));
  const rated = rateLine({ bundles: activated, thresholds: [], records: [], earlier: [], now: tx.now });
  await storeRated(tx, [{ esimId, ...rated }]);
  return present(
    rated.bundles.find(({ id }) => id === bundleId),
    'the bundle that was rated',
  );
}

async function notQueued(tx: Ctx, of: { accountId: string; bundleId: string }): Promise<AppError> {
  const { state } = await getBundle(tx, of);
  return new AppError('conflict', `The bundle is ${state}: only one that has not started can be started.`);
}

const setActivation = 'update bundles.bundles set activates_at = $2 where id = $1';
