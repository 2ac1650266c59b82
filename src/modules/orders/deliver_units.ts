// Units become real: profiles on the SM-DP+, eSIMs that point at them, and the bundles on those eSIMs.
import { present } from '../../base/assert.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { assignBundles } from '../bundles/index.ts';
import { catalogueWith, type Product } from '../catalogue/index.ts';
import { createEsims, type Esim } from '../esims/index.ts';
import { getProfileType, type StockProfile, takeReserved } from '../inventory/index.ts';
import { createSims } from '../sims/index.ts';
import { releaseProfiles } from '../smdp/index.ts';
import { addLots, type NewLot } from './add_lots.ts';
import { confirmationCodeOwner, esimIdOf } from './order.ts';
import type { OrderStock } from './order_stock.ts';
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
  const esims = await makeEsims(
    tx,
    input,
    assigned.filter((unit) => unit.esimId === null),
  );
  let next = 0;
  await assignBundles(
    tx,
    assigned
      .map((unit) => ({ unit, esimId: unit.esimId ?? present(esims[next++], 'an eSIM per unit').id }))
      .filter(({ unit }) => unit.product.kind === 'bundle')
      .map(({ unit: { order, line, product }, esimId }) => ({
        accountId: order.accountId,
        esimId,
        orderId: order.id,
        product,
        requestId: order.requestId,
        paid: { priceMinor: line.unitPriceMinor, currency: order.currency },
        activatesAt: line.activatesAt,
      })),
  );
  await addLots(
    tx,
    unassigned.filter(({ isLast }) => isLast).map((unit) => lotOf(tx, unit)),
  );
}

type Delivery = { smdpAddress: string; stock: Map<string, OrderStock> | 'reserved'; units: readonly Unit[] };

type PricedUnit = Unit & { product: Product };

function partition<T>(items: readonly T[], holds: (item: T) => boolean): [T[], T[]] {
  return [items.filter(holds), items.filter((item) => !holds(item))];
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

async function makeEsims(
  tx: Ctx,
  { smdpAddress, stock }: Delivery,
  units: readonly PricedUnit[],
): Promise<Esim[]> {
  if (units.length === 0) return [];
  const profiles = stock === 'reserved' ? await takeReservedFor(tx, units) : takenFor(stock, units);
  const items = await Promise.all(
    units.map(async ({ order, line, product }, index) => ({
      stock: present(profiles[index], 'a SIM profile per new eSIM'),
      profileType: await getProfileType(tx, product.profileType),
      accountId: order.accountId,
      smdpAddress,
      delivery: line.delivery,
      eid: line.eid,
      confirmationCodeHash:
        line.sealedConfirmationCode === null
          ? null
          : tx.vault.open(Buffer.from(line.sealedConfirmationCode, 'base64'), confirmationCodeOwner),
      expiresAt: line.downloadBy,
    })),
  );
  const released = await releaseProfiles(tx, items);
  const esims = await createEsims(
    tx,
    released.map(({ iccid, matchingId }, index) => {
      const { order, line } = present(units[index], 'a unit per profile');
      const id = esimIdOf(order);
      return {
        ...(id && { id, createdAt: order.createdAt }),
        accountId: order.accountId,
        orderId: order.id,
        iccid,
        msisdn: profiles[index]?.msisdn ?? null,
        eid: line.eid,
        smdpAddress,
        matchingId,
        confirmationCodeRequired: line.sealedConfirmationCode !== null,
        requestId: order.requestId,
      };
    }),
  );
  await createSims(
    tx,
    esims.map(({ id, accountId, iccid, msisdn }, index) => {
      const { order, product } = present(units[index], 'a unit per eSIM');
      return {
        accountId,
        esimId: id,
        iccid,
        imsi: present(profiles[index], 'a SIM profile per eSIM').imsi,
        msisdn,
        core: present(items[index], 'a profile type per eSIM').profileType.core,
        // One that comes with a bundle is there to be used.
        status: product.kind === 'bundle' ? ('ready' as const) : ('new' as const),
        requestId: order.requestId,
      };
    }),
  );
  return esims;
}

/** Each unit's SIM profile out of what was taken for its order. */
function takenFor(stock: Map<string, OrderStock>, units: readonly PricedUnit[]): StockProfile[] {
  const used = new Map<StockProfile[], number>();
  return units.map(({ order, product }) => {
    const profiles = present(stock.get(order.id)?.get(product.profileType), 'stock of a served order');
    const place = used.get(profiles) ?? 0;
    used.set(profiles, place + 1);
    return present(profiles[place], 'enough stock for a served order');
  });
}

async function takeReservedFor(tx: Ctx, units: readonly PricedUnit[]): Promise<StockProfile[]> {
  const taken = new Map<string, StockProfile[]>();
  for (const [name, group] of Map.groupBy(units, (unit) => unit.product.profileType)) {
    const { id } = await getProfileType(tx, name);
    taken.set(
      name,
      await takeReserved(tx, id, { orderId: present(group[0], 'a unit').order.id, quantity: group.length }),
    );
  }
  return units.map((unit) => present(taken.get(unit.product.profileType)?.shift(), 'a reserved SIM profile'));
}
