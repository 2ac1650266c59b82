// For tests of the Super SIM door: lines of any kind, SIM cards to register, and what a device or a core does to them.
import { present } from '../../../base/assert.ts';
import { followProfile } from '../../../modules/esims/index.ts';
import {
  createProfileType,
  findProfileType,
  generateStock,
  openRegistrationCodes,
} from '../../../modules/inventory/index.ts';
import { registerCard } from '../../../modules/orders/index.ts';
import {
  type MobileCore,
  type MobileCoreName,
  type Sim,
  tellCores,
  updateSim,
} from '../../../modules/sims/index.ts';
import type { ProfileState } from '../../../modules/smdp/index.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { write } from '../../../pg/write.ts';
import type { Party, SuperSim } from '../test_supersim.ts';
import { writeSid } from '../wire/sid.ts';

/** A SIM card registered by `of` (the caller unless given), `new` and of the simulated core unless given. */
export async function newSim(
  door: SuperSim,
  { of = door.account, core, status }: NewTestSim = {},
): Promise<TestSim> {
  const ctx = { ...door.ctx, now: new Date() };
  const accountId = of.account.id;
  const [card] = await newCards(door, 1, core);
  const { Iccid: iccid, RegistrationCode: registrationCode } = present(card, 'a card');
  const sim = await registerCard(ctx, { accountId, iccid, registrationCode });
  const moved = status && (await write(ctx, {}, (tx) => updateSim(tx, { accountId, key: sim.id, status })));
  return { ...(moved ?? sim), sid: writeSid('sim', sim.id) };
}

export type NewTestSim = { of?: Party; core?: MobileCoreName; status?: 'ready' };

export type TestSim = Sim & { sid: string };

/** Orders an eSIM profile, lets it be reserved, and gives it as it is then. */
export async function orderProfile(door: SuperSim, form = {}, { auth }: Party = door.account) {
  const given = { GenerateMatchingId: true, ...form };
  const { body } = await door.call('POST', '/ESimProfiles', { form: given, auth });
  await door.fulfil();
  return (await door.call('GET', `/ESimProfiles/${body.sid}`, { auth })).body;
}

/** What happens to the profile with this ICCID on the SM-DP+ or the device. */
export async function moveProfile(
  door: SuperSim,
  iccid: string,
  to: ProfileState,
  parts: { eid?: string; detail?: string; enabled?: boolean } = {},
): Promise<void> {
  await write(door.ctx, {}, async (tx) => {
    const statement = followProfile(tx, { iccid, from: 'released', to, at: tx.now, ...parts });
    tx.alongCommit(present(statement, 'a state that eSIMs follow'));
  });
}

/** SIM cards in stock, each as the form that registers it. */
export async function newCards(door: SuperSim, count: number, core: MobileCoreName = 'simulated') {
  const codes = await write(door.ctx, {}, async (tx) => {
    const accountId = door.account.account.id;
    const profileType = await typeOfCards(tx, accountId, core);
    const batch = { accountId, profileType, count, registrationCodes: true };
    const { batchId, sealedCodes } = await generateStock(tx, batch);
    return openRegistrationCodes(tx, { batchId, sealedCodes: present(sealedCodes, 'codes') });
  });
  return codes.map(({ iccid, registrationCode }) => ({ Iccid: iccid, RegistrationCode: registrationCode }));
}

async function typeOfCards(tx: Ctx, accountId: string, core: MobileCoreName) {
  const name = `cards-${core}`;
  const found = await findProfileType(tx, name);
  if (found) return found;
  const metadata = { serviceProviderName: 'Test', profileName: 'Card', profileClass: 'operational' } as const;
  return await createProfileType(tx, accountId, { name, core, personalisation: 'full', metadata });
}

/** Tells the mobile core of all lines that wait; `fault` is why it cannot be reached. */
export async function tellHlr(door: SuperSim, fault?: Error): Promise<void> {
  const answer = async () => {
    if (fault) throw fault;
    return null;
  };
  const hlr: MobileCore = {
    name: 'osmo_hlr',
    putSubscriber: answer,
    removeSubscriber: async () => void (await answer()),
    close: async () => {},
  };
  while ((await tellCores(door.ctx, [hlr])) > 0);
}
