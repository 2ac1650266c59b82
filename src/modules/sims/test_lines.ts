// For tests: an account with lines on SIM profiles of its own, the events of each, and a mobile core that can be broken.
import { AppError } from '../../base/app_error.ts';
import { present } from '../../base/assert.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { write } from '../../pg/write.ts';
import { createAccount } from '../accounts/index.ts';
import { networks } from '../catalogue/index.ts';
import { createProfileType, findProfileType, generateStock } from '../inventory/index.ts';
import {
  createNetworkAccessProfile,
  createSims,
  getSim,
  type MobileCore,
  type MobileCoreName,
  type NewSim,
  type Sim,
  type Subscriber,
} from './index.ts';

/** A new account that makes lines on request. */
export async function openLines(ctx: Ctx): Promise<Lines> {
  const { id: accountId } = await write(ctx, {}, (tx) =>
    createAccount(tx, { name: 'Lines', kind: 'sandbox', currency: 'EUR' }),
  );
  return {
    accountId,
    newLine: async (parts = {}, now = ctx.now) => {
      const [profile] = await makeStock(ctx, accountId, 1);
      const item = newSim(accountId, present(profile, 'a SIM profile'), parts);
      const [sim] = await write({ ...ctx, now }, {}, (tx) => createSims(tx, [item]));
      return known(present(sim, 'a line'));
    },
    newLines: async (count, parts = {}) => {
      const profiles = await makeStock(ctx, accountId, count);
      const items = profiles.map((profile) => newSim(accountId, profile, parts));
      return (await write(ctx, {}, (tx) => createSims(tx, items))).map(known);
    },
    newUnknownLine: async (iccid) => {
      const item = newSim(accountId, { iccid, imsi: null, msisdn: null }, {});
      const [sim] = await write(ctx, {}, (tx) => createSims(tx, [item]));
      return present(sim, 'a line');
    },
    see: (key) => getSim(ctx, { accountId, key }),
    events: (resourceId) => eventsOf(ctx, resourceId),
  };
}

export type Lines = {
  accountId: string;
  newLine(parts?: Partial<NewSim>, now?: Date): Promise<KnownSim>;
  newLines(count: number, parts?: Partial<NewSim>): Promise<KnownSim[]>;
  /** One whose IMSI is not known here. */
  newUnknownLine(iccid: string): Promise<Sim>;
  see(key: string): Promise<Sim>;
  events(resourceId: string): Promise<ToldEvent[]>;
};

/** A line whose IMSI is known here. */
export type KnownSim = Sim & { imsi: string };

function known(sim: Sim): KnownSim {
  return { ...sim, imsi: present(sim.imsi, 'an IMSI') };
}

export type ToldEvent = { type: string; at: Date; data: Record<string, unknown> };

type Profile = { iccid: string; imsi: string | null; msisdn: string | null };

async function makeStock(ctx: Ctx, accountId: string, count: number): Promise<Profile[]> {
  const { batchId } = await write(ctx, {}, async (tx) => {
    const profileType =
      (await findProfileType(tx, 'lines-usim')) ??
      (await createProfileType(tx, accountId, {
        name: 'lines-usim',
        personalisation: 'full',
        metadata: { serviceProviderName: 'Test', profileName: 'Test', profileClass: 'operational' },
      } as never));
    return await generateStock(tx, { accountId, profileType, count });
  });
  return await query<Profile>(
    ctx.db,
    'select iccid, imsi, msisdn from inventory.sim_profiles where batch_id = $1 order by iccid',
    [batchId],
  );
}

function newSim(accountId: string, { iccid, imsi, msisdn }: Profile, parts: Partial<NewSim>): NewSim {
  const esimId = `esm_${iccid.padStart(32, '0')}`;
  return { accountId, esimId, iccid, imsi, msisdn, core: 'simulated', status: 'ready', ...parts };
}

async function eventsOf(ctx: Ctx, resourceId: string): Promise<ToldEvent[]> {
  const rows = await query<{ type: string; occurred_at: Date; data: Record<string, unknown> }>(
    ctx.db,
    'select type, occurred_at, data from events.events where resource_id = $1 order by tx, position',
    [resourceId],
  );
  return rows.map(({ type, occurred_at: at, data }) => ({ type, at, data }));
}

/** A profile that allows the networks of these countries. */
export async function allowCountries(ctx: Ctx, accountId: string, countries: string[]): Promise<string> {
  const ids = networks()
    .filter(({ country }) => countries.includes(country))
    .map(({ id }) => id);
  return (await write(ctx, {}, (tx) => createNetworkAccessProfile(tx, { accountId, networks: ids }))).id;
}

/** A mobile core in memory. */
export function fakeCore(name: MobileCoreName = 'osmo_hlr'): FakeCore {
  const core: FakeCore = {
    name,
    subscribers: new Map(),
    calls: 0,
    fault: null,
    remark: null,
    meanwhile: async () => {},
    async putSubscriber(subscriber) {
      await enter();
      core.subscribers.set(subscriber.imsi, subscriber);
      return core.remark;
    },
    async removeSubscriber(imsi) {
      await enter();
      core.subscribers.delete(imsi);
    },
    close: async () => {},
  };
  const enter = async () => {
    core.calls++;
    await core.meanwhile();
    if (core.fault !== null) throw new AppError('unavailable', core.fault);
  };
  return core;
}

export type FakeCore = MobileCore & {
  subscribers: Map<string, Subscriber>;
  calls: number;
  /** Why it refuses. */
  fault: string | null;
  remark: string | null;
  /** Runs while it is being told. */
  meanwhile: () => Promise<void>;
};
