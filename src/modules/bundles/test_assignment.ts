// For tests: an account, and bundles on eSIMs that need not exist.
import { newId } from '../../base/ids.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { write } from '../../pg/write.ts';
import { createAccount } from '../accounts/index.ts';
import type { Product } from '../catalogue/index.ts';
import { assignBundles, type NewBundle } from './assign_bundles.ts';
import type { Bundle } from './bundle.ts';
import type { Charge, UsageRecord } from './rating/charge_record.ts';
import { rateUsage } from './rating/rate_usage.ts';
import type { RatedRecord } from './rating/rewind_line.ts';

export const testProduct: Product = {
  id: 'prd_1',
  name: 'test_1000',
  kind: 'bundle',
  description: '1000 bytes',
  countries: ['NL'],
  dataBytes: 1_000n,
  unlimited: false,
  smsCount: null,
  voiceSeconds: null,
  validityDays: 7,
  fairUse: null,
  thresholds: null,
  lapseDays: 365,
  refundDays: 60,
  speeds: [],
  groups: [],
  autostart: true,
  profileType: 'test-usim',
  state: 'active',
  prices: { EUR: 1_00n },
};

/** A new account, and an eSIM of it with a bundle for each of `products`. */
export async function assignTest(
  ctx: Ctx,
  products: Partial<Product>[] = [{}],
  more: Partial<NewBundle> = {},
): Promise<Assigned> {
  const account = await createAccount(ctx, { name: 'Test', kind: 'sandbox', currency: 'EUR' });
  const of = { accountId: account.id, esimId: newId('esim', ctx.now.getTime()) };
  const bundles = await write(ctx, {}, (tx) =>
    assignBundles(
      tx,
      products.map((each) => ({
        ...of,
        orderId: 'ord_1',
        product: { ...testProduct, ...each },
        requestId: 'req_1',
        paid: { priceMinor: 1_00n, currency: 'EUR' },
        activatesAt: null,
        ...more,
      })),
    ),
  );
  return { ...of, ids: bundles.map(({ id }) => id), bundles };
}

export type Assigned = { accountId: string; esimId: string; ids: string[]; bundles: Bundle[] };

/** Rates records of one line at the time of `ctx`. */
export function rateTest(
  ctx: Ctx,
  { accountId, esimId }: Pick<Assigned, 'accountId' | 'esimId'>,
  records: UsageRecord[],
  earlier: RatedRecord[] = [],
): Promise<Map<string, Charge[]>> {
  return write(ctx, {}, (tx) => rateUsage(tx, [{ accountId, esimId, records, earlier }]));
}
