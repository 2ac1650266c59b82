// Bundles of the inventory come onto eSIMs: the ones that expire first are taken first.
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { assignBundles, type Bundle } from '../bundles/index.ts';
import { getProduct } from '../catalogue/index.ts';
import type { Esim } from '../esims/index.ts';
import { type BundleLot, type LotRow, lotColumns, readLot } from './bundle_lot.ts';
import { fault } from './check_line_form.ts';
import { loadEsimsToTopUp } from './load_esims_to_top_up.ts';

/**
 * Assigns one bundle of the product from the account's inventory to each of these eSIMs, by id or ICCID. Throws
 * `unknown_product`, `not_found`, `bundle_not_compatible`, `invalid_request`, and `conflict` when the inventory has too
 * few. Call it in a `write`.
 */
export async function applyBundles(tx: Ctx, input: ApplyBundles): Promise<Bundle[]> {
  const { accountId, activatesAt } = input;
  if (input.esims.length === 0 || input.esims.length > esimsPerApplyMax)
    throw fault('esims', `give 1 to ${esimsPerApplyMax}`);
  checkActivation(tx, activatesAt);
  const product = await getProduct(tx, input.product);
  const esims = await loadEsimsToTopUp(tx, { accountId, wanted: input.esims, product, at: '' });
  const taken = await takeFromLots(tx, { accountId, product: product.name, esims });
  return await assignBundles(
    tx,
    taken.map(({ esim, lot }) => ({
      accountId,
      esimId: esim.id,
      orderId: lot.orderId,
      product,
      requestId: tx.requestId,
      paid: lot.unitPrice && { priceMinor: lot.unitPrice.amountMinor, currency: lot.unitPrice.currency },
      activatesAt: activatesAt ?? null,
      // As long as if it had been assigned at once: moving it in and out gains nothing.
      refundableUntil: lot.refundableUntil,
    })),
  );
}

export type ApplyBundles = {
  accountId: string;
  product: string;
  esims: readonly string[];
  activatesAt?: Date;
};

export const esimsPerApplyMax = 1_000;
const yearMs = 366 * 86_400_000;

function checkActivation({ now }: Ctx, activatesAt: Date | undefined): void {
  if (activatesAt === undefined) return;
  if (activatesAt < now || activatesAt.getTime() > now.getTime() + yearMs)
    throw fault('activatesAt', 'give a time from now to a year ahead');
}

type TakeFromLots = { accountId: string; product: string; esims: readonly Esim[] };

async function takeFromLots(tx: Ctx, of: TakeFromLots): Promise<{ esim: Esim; lot: BundleLot }[]> {
  const { accountId, product, esims } = of;
  const rows = await query<LotRow>(tx.db, lockOpenLots, [accountId, product, tx.now, esims.length]);
  const each = rows.map(readLot).flatMap((lot) => Array.from({ length: lot.remaining }, () => lot));
  if (each.length < esims.length)
    throw new AppError(
      'conflict',
      `The inventory has ${each.length} of ${product}: buy more, or apply fewer.`,
    );
  const taken = esims.map((esim, index) => ({ esim, lot: each[index] as BundleLot }));
  const counts = Map.groupBy(taken, ({ lot }) => lot.id);
  await query(tx.db, takeSql, [[...counts.keys()], [...counts.values()].map(({ length }) => length)]);
  return taken;
}

// No more lots than eSIMs are needed: each has at least one left.
const lockOpenLots = `
  select ${lotColumns} from orders.bundle_lots
  where account_id = $1 and product_name = $2 and expires_at > $3 and remaining > 0 and expired_at is null
  order by expires_at, id limit $4 for update`;

const takeSql = `
  update orders.bundle_lots l set remaining = l.remaining - t.taken
  from unnest($1::text[], $2::integer[]) as t(id, taken) where l.id = t.id and l.id = any($1)`;
