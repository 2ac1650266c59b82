// The bundles of one eSIM as this door asks for them: what is there now or ever was, and the ones of a name.

import { AppError } from '../../../base/app_error.ts';
import { limits } from '../../../base/limits.ts';
import {
  type Bundle,
  getBundle,
  getRevocation,
  listBundlesOfAccount,
} from '../../../modules/bundles/index.ts';
import type { Esim } from '../../../modules/esims/index.ts';
import { getOrder } from '../../../modules/orders/index.ts';
import type { Ctx } from '../../http/core.ts';
import { EsimGoRefusal } from '../wire/errors.ts';

type OfEsim = { accountId: string; esim: Pick<Esim, 'id'> };

/** Up to `limit`, newest first; without `used`, only those that can still be used. */
export async function listAssignments(
  ctx: Ctx,
  { accountId, esim, used, limit }: OfEsim & { used: boolean; limit: number },
): Promise<Bundle[]> {
  const of = { accountId, esimId: esim.id, limit };
  if (used) return await listBundlesOfAccount(ctx, of);
  const lists = await Promise.all(usable.map((state) => listBundlesOfAccount(ctx, { ...of, state })));
  return lists
    .flat()
    .sort((a, b) => (a.id < b.id ? 1 : -1))
    .slice(0, limit);
}

const usable = ['processing', 'queued', 'active'] as const;

/** The latest of this name. Refuses with 400 when there never was one. */
export async function latestAssignment(ctx: Ctx, { accountId, esim, name }: OfName): Promise<Bundle> {
  for (let before: string | undefined; ; ) {
    const some = await listBundlesOfAccount(ctx, {
      accountId,
      esimId: esim.id,
      limit: limits.pageSizeMax,
      ...(before && { before }),
    });
    const found = some.find(({ productName }) => productName === name);
    if (found) return found;
    before = some.at(-1)?.id;
    if (before === undefined) throw unknownAssignment(name);
  }
}

type OfName = OfEsim & { name: string };

/** The oldest of this name that was never used. Refuses with 400, and why when there are only others. */
export async function oldestUnused(ctx: Ctx, { accountId, esim, name }: OfName): Promise<Bundle> {
  const of = { accountId, esimId: esim.id, state: 'queued', limit: limits.pageSizeMax } as const;
  const queued = await listBundlesOfAccount(ctx, of);
  const oldest = queued.findLast(({ productName }) => productName === name);
  if (oldest) return oldest;
  const { id: bundleId } = await latestAssignment(ctx, { accountId, esim, name });
  const { reason } = await getRevocation(ctx, { accountId, bundleId });
  throw new EsimGoRefusal(400, reason ?? 'There is no unused bundle of this name.', 'bundle_used');
}

/** The one with this id, of this name and on this eSIM. Refuses with 400. */
export async function assignmentOfId(ctx: Ctx, { accountId, esim, name, id }: OfName & { id: string }) {
  const bundle = await getBundle(ctx, { accountId, bundleId: id }).catch(undefinedIfUnknown);
  if (bundle?.esimId === esim.id && bundle.productName === name) return bundle;
  throw new EsimGoRefusal(
    400,
    'This eSIM has no assignment with this id and bundle name.',
    'unknown_assignment',
  );
}

/** The ids of the orders of those bundles that wait, as far as they are still being processed. */
export async function unfinishedOrders(
  ctx: Ctx,
  accountId: string,
  bundles: readonly Bundle[],
): Promise<Set<string>> {
  const waiting = bundles.filter(({ state }) => state === 'queued').map(({ orderId }) => orderId);
  const orders = await Promise.all(
    // A bundle that came from another account has its order there.
    [...new Set(waiting)].map((id) => getOrder(ctx, { accountId, id }).catch(undefinedIfUnknown)),
  );
  return new Set(
    orders
      .filter((order) => order?.status === 'accepted' || order?.status === 'fulfilling')
      .map((order) => order?.id ?? ''),
  );
}

function unknownAssignment(name: string): EsimGoRefusal {
  const named = JSON.stringify(name.slice(0, 100));
  return new EsimGoRefusal(
    400,
    `This eSIM has no bundle ${named}. Names are case-sensitive.`,
    'unknown_assignment',
  );
}

function undefinedIfUnknown(error: unknown): undefined {
  if (error instanceof AppError && error.code === 'not_found') return undefined;
  throw error;
}
