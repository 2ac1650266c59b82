// The profiles of new eSIMs: out of our stock onto our SM-DP+, or those that a remote one has made for their order.
import { present } from '../../base/assert.ts';
import type { Ctx } from '../../pg/ctx.ts';
import type { installedNames } from '../branding/index.ts';
import { getProfileType, type ProfileType, type StockProfile, takeReserved } from '../inventory/index.ts';
import { isRemote, type ReadyProfile, takeReadyProfiles } from '../remote_smdp/index.ts';
import { releaseProfiles } from '../smdp/index.ts';
import { confirmationCodeOwner, type OrderLine } from './order.ts';
import type { OrderStock } from './order_stock.ts';
import type { Unit } from './unit.ts';

/** Makes or takes the profiles of these units, in their order. Call it in a `write`. */
export async function makeProfiles(
  tx: Ctx,
  { smdpAddress, stock }: ProfilesToMake,
  units: readonly NamedUnit[],
): Promise<MadeProfile[]> {
  const typed = await Promise.all(
    units.map(async (unit) => ({ ...unit, profileType: await getProfileType(tx, unit.profileTypeName) })),
  );
  const own = typed.filter(({ profileType }) => !isRemote(profileType));
  const made = await makeOwn(tx, { smdpAddress, stock }, own);
  const taken = await takeRemote(
    tx,
    typed.filter(({ profileType }) => isRemote(profileType)),
  );
  return typed.map((unit) =>
    isRemote(unit.profileType)
      ? present(taken.get(unit.order.id)?.get(unit.place), 'a remote profile per unit')
      : present(made.shift(), 'a SIM profile per unit'),
  );
}

export type ProfilesToMake = { smdpAddress: string; stock: Map<string, OrderStock> | 'reserved' };

export type NamedUnit = Unit & {
  profileTypeName: string;
  /** What a phone shows of a profile that we make. */
  names: ReturnType<typeof installedNames>;
};

/** What an eSIM and its line are made of. */
export type MadeProfile = {
  iccid: string;
  matchingId: string | null;
  smdpAddress: string;
  /** Null when only the maker knows it. */
  imsi: string | null;
  msisdn: string | null;
  core: ProfileType['core'];
  /** Set for one that a remote SM-DP+ made. */
  remote: ReadyProfile | null;
};

type TypedUnit = NamedUnit & { profileType: ProfileType };

async function makeOwn(
  tx: Ctx,
  { smdpAddress, stock }: ProfilesToMake,
  units: readonly TypedUnit[],
): Promise<MadeProfile[]> {
  if (units.length === 0) return [];
  const profiles = stock === 'reserved' ? await takeReservedFor(tx, units) : takenFor(stock, units);
  const released = await releaseProfiles(
    tx,
    units.map(({ order, line, profileType, names }, index) => ({
      stock: present(profiles[index], 'a SIM profile per new eSIM'),
      profileType,
      accountId: order.accountId,
      smdpAddress,
      delivery: line.delivery,
      eid: line.eid,
      confirmationCodeHash: openCodeHash(tx, line),
      expiresAt: line.downloadBy,
      names,
    })),
  );
  return released.map(({ iccid, matchingId }, index) => {
    const { imsi, msisdn } = present(profiles[index], 'a SIM profile per new eSIM');
    const { core } = present(units[index], 'a unit per profile').profileType;
    return { iccid, matchingId, smdpAddress, imsi, msisdn, core, remote: null };
  });
}

function openCodeHash({ vault }: Ctx, { sealedConfirmationCode }: OrderLine): Buffer | null {
  return sealedConfirmationCode === null
    ? null
    : vault.open(Buffer.from(sealedConfirmationCode, 'base64'), confirmationCodeOwner);
}

/** By order, then by the place of the unit. */
async function takeRemote(
  tx: Ctx,
  units: readonly TypedUnit[],
): Promise<Map<string, Map<number, MadeProfile>>> {
  const taken = new Map<string, Map<number, MadeProfile>>();
  for (const [orderId, group] of Map.groupBy(units, ({ order }) => order.id as string)) {
    const ready = await takeReadyProfiles(tx, { orderId, units: group.map(({ place }) => place) });
    const made = group.map(({ place, profileType: { core } }): [number, MadeProfile] => {
      const profile = present(ready.get(place), 'a ready profile of a remote SM-DP+');
      const { iccid, matchingId, smdpAddress } = profile;
      return [place, { iccid, matchingId, smdpAddress, imsi: null, msisdn: null, core, remote: profile }];
    });
    taken.set(orderId, new Map(made));
  }
  return taken;
}

/** Each unit's SIM profile out of what was taken for its order. */
function takenFor(stock: Map<string, OrderStock>, units: readonly TypedUnit[]): StockProfile[] {
  const used = new Map<StockProfile[], number>();
  return units.map(({ order, profileTypeName }) => {
    const profiles = present(stock.get(order.id)?.get(profileTypeName), 'stock of a served order');
    const place = used.get(profiles) ?? 0;
    used.set(profiles, place + 1);
    return present(profiles[place], 'enough stock for a served order');
  });
}

/** Out of what was reserved for them: all units are of one order. */
async function takeReservedFor(tx: Ctx, units: readonly TypedUnit[]): Promise<StockProfile[]> {
  const taken = new Map<string, StockProfile[]>();
  for (const [name, group] of Map.groupBy(units, (unit) => unit.profileTypeName)) {
    const { order, profileType } = present(group[0], 'a unit');
    taken.set(name, await takeReserved(tx, profileType.id, { orderId: order.id, quantity: group.length }));
  }
  return units.map((unit) => present(taken.get(unit.profileTypeName)?.shift(), 'a reserved SIM profile'));
}
