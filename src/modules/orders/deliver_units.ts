// Units become real: profiles on the SM-DP+, eSIMs that point at them, and the bundles on those eSIMs.
import { present } from '../../base/assert.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { assignBundles, type NewBundle } from '../bundles/index.ts';
import { catalogueWith } from '../catalogue/index.ts';
import type { Esim } from '../esims/index.ts';
import { addLots, type NewLot } from './add_lots.ts';
import type { BundleLot } from './bundle_lot.ts';
import { findLots, termsOf } from './lot_shares.ts';
import { type EsimsToMake, makeEsims, type PricedUnit } from './make_esims.ts';
import { makesEsims } from './order.ts';
import type { Unit } from './unit.ts';

/** Makes everything that these units are for. `stock` is what was taken for their orders, or `reserved` for those of a large one. */
export async function deliverUnits(tx: Ctx, input: Delivery): Promise<void> {
  const catalogue = await catalogueWith(
    tx,
    input.units.map((unit) => unit.line.product),
  );
  const units = input.units.map((unit) => ({
    ...unit,
    product: present(catalogue.byName.get(unit.line.product), 'an ordered product'),
  }));
  const [assigned, unassigned] = partition(units, ({ line }) => line.assign);
  const forNew = assigned.filter(({ line }) => makesEsims(line));
  const esimIds = esimIdsBy(forNew, await makeEsims(tx, input, forNew));
  const lots = await findLots(
    tx,
    assigned.flatMap(({ lotId }) => lotId ?? []),
  );
  await assignBundles(
    tx,
    assigned
      .filter(({ product }) => product.kind === 'bundle')
      .map((unit) => ({ ...bundleOf(unit, lots), esimId: unit.esimId ?? esimIds(unit) })),
  );
  await addLots(
    tx,
    unassigned.filter(({ isLast }) => isLast).map((unit) => lotOf(tx, unit)),
  );
}

type Delivery = EsimsToMake & { units: readonly Unit[] };

function partition<T>(items: readonly T[], holds: (item: T) => boolean): [T[], T[]] {
  return [items.filter(holds), items.filter((item) => !holds(item))];
}

/** The new eSIM of each unit, and of those that go onto it. */
function esimIdsBy(forNew: readonly Unit[], esims: readonly Esim[]): (unit: Unit) => string {
  const keyOf = ({ order }: Unit, place: number) => `${order.id} ${place}`;
  const ids = new Map(
    forNew.map((unit, index) => [keyOf(unit, unit.place), present(esims[index], 'an eSIM per unit').id]),
  );
  return (unit) => present(ids.get(keyOf(unit, unit.onto ?? unit.place)), 'an eSIM made with its bundles');
}

function bundleOf(
  { order, line, product, lotId }: PricedUnit,
  lots: ReadonlyMap<string, BundleLot>,
): Omit<NewBundle, 'esimId'> {
  return {
    accountId: order.accountId,
    orderId: order.id,
    product,
    requestId: order.requestId,
    activatesAt: line.activatesAt,
    ...(lotId === null
      ? { paid: { priceMinor: line.unitPriceMinor, currency: order.currency } }
      : termsOf(present(lots.get(lotId), 'a lot that was taken from'))),
  };
}

/** All bundles of an unassigned line, made with the last of them: until then nothing can be done with any. */
function lotOf({ now }: Ctx, { order, line, product }: PricedUnit): NewLot {
  const days = (count: number) => new Date(now.getTime() + count * 86_400_000);
  return {
    accountId: order.accountId,
    orderId: order.id,
    product: product.name,
    total: line.quantity,
    unitPrice: { amountMinor: line.unitPriceMinor, currency: order.currency },
    refundableUntil: product.refundDays === 0 ? null : days(product.refundDays),
    expiresAt: days(product.lapseDays),
    requestId: order.requestId,
  };
}
