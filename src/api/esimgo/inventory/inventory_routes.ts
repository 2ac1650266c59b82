// The inventory: bundles that were bought and are on no eSIM yet, and what comes back for those that nobody needs.
import { z } from 'zod';
import { currentCatalogue } from '../../../modules/catalogue/index.ts';
import { type BundleLot, getLot, listLots, refundLot } from '../../../modules/orders/index.ts';
import { writeOnce } from '../../http/write_once.ts';
import { type Call, type Route, route } from '../route.ts';
import { whole } from '../wire/fields.ts';
import { writeInventoryBundle } from './inventory_translate.ts';

const refundBody = z.object({
  usageId: whole(1, Number.MAX_SAFE_INTEGER),
  quantity: whole(1, 1_000_000),
});

export const inventoryRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/inventory',
    scope: 'read',
    handler: async (call) => {
      const byProduct = Map.groupBy(await allLots(call), ({ product }) => product);
      const { byName } = await currentCatalogue(call.ctx);
      return {
        bundles: [...byProduct].map(([name, lots]) => writeInventoryBundle(name, lots, byName.get(name))),
      };
    },
  }),
  route({
    method: 'POST',
    path: '/inventory/refund',
    scope: 'orders:write',
    body: refundBody,
    handler: refundByNumber,
  }),
];

/** Those of which something is left. */
async function allLots({ ctx, account }: Pick<Call, 'ctx' | 'account'>): Promise<BundleLot[]> {
  const lots: BundleLot[] = [];
  for (let before: string | undefined; lots.length < lotsShownMax; ) {
    const page = await listLots(ctx, { accountId: account.id, limit: pageSize, ...(before && { before }) });
    lots.push(...page);
    if (page.length < pageSize) break;
    before = page.at(-1)?.id;
  }
  return lots;
}

const pageSize = 1_000;
const lotsShownMax = 10_000;

async function refundByNumber({
  ctx,
  account: { id: accountId },
  body: { usageId, quantity },
  idempotencyKey: key,
}: Call<unknown, z.output<typeof refundBody>>) {
  const once = { accountId, operation: 'esim_go.refund', key, input: { usageId, quantity } };
  return await writeOnce(ctx, once, async (tx) => {
    const lot = await getLot(tx, { accountId, idOrNumber: BigInt(usageId) });
    await refundLot(tx, { accountId, lotId: lot.id, quantity });
    return { status: 'Successfully refunded bundles to balance' };
  });
}
