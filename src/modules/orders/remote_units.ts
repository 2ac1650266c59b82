// The units of an order that remote SM-DP+ servers make: asked for before the order waits, and taken when all of them are there.
import { present } from '../../base/assert.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { clockOffsetMs } from '../accounts/index.ts';
import { catalogueWith } from '../catalogue/index.ts';
import { type Esim, followProfile } from '../esims/index.ts';
import { getProfileType } from '../inventory/index.ts';
import { isRemote, type ReadyProfile, type RemoteUnit, requestRemoteProfiles } from '../remote_smdp/index.ts';
import { newEsimsByProfileType, profileTypeNameOf } from './new_esims.ts';
import { confirmationCodeOwner, makesEsims, type Order } from './order.ts';
import { unitsOf } from './unit.ts';

/** Whether remote servers make any of it. */
export async function hasRemoteUnits(tx: Ctx, { lines }: Order): Promise<boolean> {
  const catalogue = await catalogueWith(
    tx,
    lines.map((line) => line.product),
  );
  for (const name of newEsimsByProfileType(catalogue, lines).keys())
    if (isRemote(await getProfileType(tx, name))) return true;
  return false;
}

/** Those of the order's units that remote servers make, in their order. */
async function remoteUnitsOf(tx: Ctx, order: Order): Promise<RemoteUnit[]> {
  const catalogue = await catalogueWith(
    tx,
    order.lines.map((line) => line.product),
  );
  const units: RemoteUnit[] = [];
  for (const { line, place } of unitsOf(order)) {
    if (!makesEsims(line)) continue;
    const product = present(catalogue.byName.get(line.product), 'an ordered product');
    const profileType = await getProfileType(tx, profileTypeNameOf(line, product));
    if (!isRemote(profileType)) continue;
    units.push({
      unit: place,
      profileType,
      delivery: line.delivery,
      eid: line.eid,
      confirmationCode: openCode(tx, line.remoteConfirmationCode),
    });
  }
  return units;
}

/** Has the order's remote units made; false when it has none. Call it in a `write`. */
export async function requestRemoteUnits(tx: Ctx, order: Order): Promise<boolean> {
  const units = await remoteUnitsOf(tx, order);
  if (units.length === 0) return false;
  await requestRemoteProfiles(tx, { orderId: order.id, accountId: order.accountId, units });
  return true;
}

/**
 * A device that finds its profile itself may have downloaded it before there was an eSIM: it catches up. Call it in the
 * `write` that makes the eSIMs.
 */
export async function catchUpWithProfile(tx: Ctx, esim: Esim, profile: ReadyProfile): Promise<void> {
  if (profile.state === 'released') return;
  // What follows a profile counts by the wall clock.
  const at = new Date(tx.now.getTime() - (await clockOffsetMs(tx, esim.accountId)));
  const followed = followProfile(tx, {
    iccid: esim.iccid,
    from: 'released',
    to: profile.state,
    eid: profile.eid,
    at,
    ...(profile.enabled !== null && { enabled: profile.enabled }),
  });
  if (followed) await query(tx.db, followed.text, followed.values);
}

function openCode({ vault }: Ctx, sealed: string | null): string | null {
  return sealed === null ? null : vault.open(Buffer.from(sealed, 'base64'), confirmationCodeOwner).toString();
}
