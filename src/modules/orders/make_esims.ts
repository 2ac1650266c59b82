// New eSIMs of orders: a profile on an SM-DP+, an eSIM that points at it, and its line.
import { present } from '../../base/assert.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { findBrandingsToInstall, installedNames } from '../branding/index.ts';
import type { Product } from '../catalogue/index.ts';
import { createEsims, type Esim } from '../esims/index.ts';
import { createSims } from '../sims/index.ts';
import { type MadeProfile, makeProfiles, type ProfilesToMake } from './make_profiles.ts';
import { profileTypeNameOf } from './new_esims.ts';
import { esimIdOf } from './order.ts';
import { catchUpWithProfile } from './remote_units.ts';
import type { Unit } from './unit.ts';

/**
 * Makes the eSIMs of these units, in their order, with profiles and lines. `stock` is what was taken for their orders, or
 * `reserved` for those of one that was done in several rounds. Call it in a `write`.
 */
export async function makeEsims(tx: Ctx, input: EsimsToMake, units: readonly PricedUnit[]): Promise<Esim[]> {
  if (units.length === 0) return [];
  const brandings = await findBrandingsToInstall(
    tx,
    units.map(({ order, line }) => ({ accountId: order.accountId, brandingId: line.brandingId })),
  );
  const profiles = await makeProfiles(
    tx,
    input,
    units.map((unit, index) => ({
      ...unit,
      profileTypeName: profileTypeNameOf(unit.line, unit.product),
      names: installedNames(brandings[index] ?? { installName: null, networkName: null }),
    })),
  );
  const esims = await createEsims(
    tx,
    profiles.map(({ iccid, matchingId, smdpAddress, msisdn }, index) => {
      const { order, line } = present(units[index], 'a unit per profile');
      const id = esimIdOf(order);
      return {
        ...(id && { id, createdAt: order.createdAt }),
        accountId: order.accountId,
        orderId: order.id,
        iccid,
        msisdn,
        eid: line.eid,
        smdpAddress,
        matchingId,
        brandingId: brandings[index]?.id ?? null,
        confirmationCodeRequired: line.sealedConfirmationCode !== null,
        requestId: order.requestId,
      };
    }),
  );
  await makeLines(tx, units, esims, profiles);
  for (const [index, { remote }] of profiles.entries())
    if (remote) await catchUpWithProfile(tx, present(esims[index], 'an eSIM per profile'), remote);
  return esims;
}

export type EsimsToMake = ProfilesToMake;

export type PricedUnit = Unit & { product: Product };

async function makeLines(
  tx: Ctx,
  units: readonly PricedUnit[],
  esims: readonly Esim[],
  profiles: readonly MadeProfile[],
): Promise<void> {
  await createSims(
    tx,
    esims.map(({ id, accountId, iccid, msisdn }, index) => {
      const { order, product } = present(units[index], 'a unit per eSIM');
      const { imsi, core } = present(profiles[index], 'a profile per eSIM');
      return {
        accountId,
        esimId: id,
        iccid,
        imsi,
        msisdn,
        core,
        // One that comes with a bundle is there to be used.
        status: product.kind === 'bundle' ? ('ready' as const) : ('new' as const),
        requestId: order.requestId,
      };
    }),
  );
}
