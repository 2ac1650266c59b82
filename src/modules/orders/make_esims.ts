// New eSIMs of orders: a profile on the SM-DP+ out of stock, an eSIM that points at it, and its line.
import { present } from '../../base/assert.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { findBrandingsToInstall, installedNames } from '../branding/index.ts';
import type { Product } from '../catalogue/index.ts';
import { createEsims, type Esim } from '../esims/index.ts';
import { getProfileType, type StockProfile, takeReserved } from '../inventory/index.ts';
import { createSims } from '../sims/index.ts';
import { releaseProfiles } from '../smdp/index.ts';
import { confirmationCodeOwner, esimIdOf } from './order.ts';
import type { OrderStock } from './order_stock.ts';
import type { Unit } from './unit.ts';

/**
 * Makes the eSIMs of these units, in their order, with profiles and lines. `stock` is what was taken for their orders, or
 * `reserved` for those of a large one. Call it in a `write`.
 */
export async function makeEsims(
  tx: Ctx,
  { smdpAddress, stock }: EsimsToMake,
  units: readonly PricedUnit[],
): Promise<Esim[]> {
  if (units.length === 0) return [];
  const profiles = stock === 'reserved' ? await takeReservedFor(tx, units) : takenFor(stock, units);
  const brandings = await findBrandingsToInstall(
    tx,
    units.map(({ order, line }) => ({ accountId: order.accountId, brandingId: line.brandingId })),
  );
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
      names: installedNames(brandings[index] ?? { installName: null, networkName: null }),
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
        brandingId: brandings[index]?.id ?? null,
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

export type EsimsToMake = { smdpAddress: string; stock: Map<string, OrderStock> | 'reserved' };

export type PricedUnit = Unit & { product: Product };

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
