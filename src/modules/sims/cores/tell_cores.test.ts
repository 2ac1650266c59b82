import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { query } from '../../../pg/query.ts';
import { testCtx } from '../../../pg/test_ctx.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { getSubscription } from '../../inventory/index.ts';
import {
  createFleet,
  listBillingPeriods,
  noteUsage,
  setSpeeds,
  tellCores,
  updateFleet,
  updateSim,
} from '../index.ts';
import { allowCountries, fakeCore, openLines } from '../test_lines.ts';

const database = await testDatabase();
const ctx = testCtx(database);
const lines = await openLines(ctx);
const { accountId } = lines;
const core = 'osmo_hlr' as const;

const update = (key: string, parts: object) =>
  write(ctx, {}, (tx) => updateSim(tx, { accountId, key, ...parts }));
const typesOf = async (id: string) => (await lines.events(id)).map(({ type }) => type);

async function tellAll(...cores: ReturnType<typeof fakeCore>[]): Promise<void> {
  while ((await tellCores(ctx, cores)) > 0);
}

/** Lets those that failed be tried again now. */
const skipBackoff = () =>
  query(ctx.db, 'update sims.sims set core_due_at = now() where core_due_at is not null');

async function toldLine(hlr = fakeCore()) {
  const sim = await lines.newLine({ core });
  await tellAll(hlr);
  return { sim, hlr };
}

test('a new ready line is made known to its core with its keys', async () => {
  const { sim, hlr } = await toldLine();
  const { ki, opc } = await getSubscription(ctx, sim.iccid);
  const known = hlr.subscribers.get(sim.imsi)!;
  assert.deepEqual(
    { ...known, ki: Buffer.from(known.ki), opc: Buffer.from(known.opc) },
    {
      imsi: sim.imsi,
      msisdn: sim.msisdn!.slice(1),
      ki,
      opc,
      enabled: true,
      apn: 'internet',
      speedKbps: null,
    },
  );
  const { coreDueAt, coreToldAt, coreAttempts } = await lines.see(sim.id);
  assert.deepEqual([coreDueAt, coreAttempts], [null, 0]);
  assert.ok(coreToldAt);
});

test('the simulated core and lines that are only new need no telling', async () => {
  const simulated = await lines.newLine();
  const fresh = await lines.newLine({ core, status: 'new' });
  await update(simulated.id, { status: 'active' });
  for (const sim of [simulated, fresh]) assert.equal((await lines.see(sim.id)).coreDueAt, null);
});

test('a status is scheduled until the core has confirmed it, and nothing else may be wanted meanwhile', async () => {
  const { sim, hlr } = await toldLine();
  const fleet = await write(ctx, {}, async (tx) =>
    createFleet(tx, { accountId, networkAccessProfile: await allowCountries(tx, accountId, ['NL']) }),
  );
  const wanted = await update(sim.id, { status: 'inactive' });
  assert.deepEqual([wanted.status, wanted.scheduledStatus], ['ready', 'inactive']);
  for (const parts of [{ status: 'active' }, { status: 'ended' }, { fleet: fleet.id }])
    await assert.rejects(update(sim.id, parts), { code: 'status_scheduled' });
  assert.equal((await update(sim.id, { status: 'inactive', uniqueName: 'still' })).uniqueName, 'still');
  await tellAll(hlr);
  assert.equal(hlr.subscribers.get(sim.imsi)?.enabled, false);
  const { status, scheduledStatus } = await lines.see(sim.id);
  assert.deepEqual([status, scheduledStatus], ['inactive', null]);
  assert.deepEqual((await typesOf(sim.id)).slice(-2), ['sim.updated', 'sim.status_changed']);
});

test('a status that means nothing to the core is taken at once', async () => {
  const { sim } = await toldLine();
  const { status, coreDueAt } = await update(sim.id, { status: 'active' });
  assert.deepEqual([status, coreDueAt], ['active', null]);
});

test('an ended line is removed from its core', async () => {
  const { sim, hlr } = await toldLine();
  await update(sim.id, { status: 'ended' });
  await tellAll(hlr);
  assert.equal(hlr.subscribers.has(sim.imsi), false);
  assert.equal((await lines.see(sim.id)).status, 'ended');
});

test('a core that fails is tried again until it works; both are told once and can be seen', async () => {
  const { sim, hlr } = await toldLine();
  await update(sim.id, { status: 'inactive' });
  hlr.fault = 'The HLR does not answer.';
  for (let n = 0; n < 3; n++) {
    await tellCores(ctx, [hlr]);
    const seen = await lines.see(sim.id);
    assert.deepEqual([seen.coreAttempts, seen.coreError, seen.status], [n + 1, hlr.fault, 'ready']);
    assert.ok(seen.coreDueAt! > new Date());
    assert.equal(await tellCores(ctx, [hlr]), 0, 'not before its time');
    await skipBackoff();
  }
  hlr.fault = null;
  await tellAll(hlr);
  const { status, coreAttempts, coreError } = await lines.see(sim.id);
  assert.deepEqual([status, coreAttempts, coreError], ['inactive', 0, null]);
  assert.deepEqual(
    (await typesOf(sim.id)).filter((type) => type.startsWith('sim.core')),
    ['sim.core_failed', 'sim.core_told'],
  );
});

test('what a core cannot honour is kept, and is no failure', async () => {
  const hlr = fakeCore();
  hlr.remark = 'it cannot limit speed';
  const { sim } = await toldLine(hlr);
  const { coreError, coreAttempts, coreDueAt } = await lines.see(sim.id);
  assert.deepEqual([coreError, coreAttempts, coreDueAt], [hlr.remark, 0, null]);
});

test('two tellers at once tell each line once', async () => {
  const hlr = fakeCore();
  hlr.meanwhile = () => sleep(5);
  await lines.newLines(30, { core });
  await Promise.all([tellAll(hlr), tellAll(hlr), tellAll(hlr)]);
  assert.equal(hlr.calls, 30);
});

test('a change that comes while the core is told is told again', async () => {
  const hlr = fakeCore();
  const { sim } = await toldLine(hlr);
  await write(ctx, {}, (tx) => setSpeeds(tx, [{ esimId: sim.esimId, speedKbps: 512 }]));
  hlr.meanwhile = async () => {
    hlr.meanwhile = async () => {};
    await write(ctx, {}, (tx) => setSpeeds(tx, [{ esimId: sim.esimId, speedKbps: 128 }]));
  };
  await tellAll(hlr);
  assert.equal(hlr.subscribers.get(sim.imsi)?.speedKbps, 128);
  assert.equal((await lines.see(sim.id)).coreDueAt, null);
});

test('a status wanted while the core is told of something else comes true only when it was told', async () => {
  const hlr = fakeCore();
  const { sim } = await toldLine(hlr);
  await write(ctx, {}, (tx) => setSpeeds(tx, [{ esimId: sim.esimId, speedKbps: 512 }]));
  hlr.meanwhile = async () => {
    hlr.meanwhile = async () => {};
    await update(sim.id, { status: 'inactive' });
  };
  await tellCores(ctx, [hlr]);
  assert.equal((await lines.see(sim.id)).status, 'ready');
  await tellAll(hlr);
  assert.equal((await lines.see(sim.id)).status, 'inactive');
  assert.equal(hlr.subscribers.get(sim.imsi)?.enabled, false);
});

test('a line whose teller died is told by another one when the lease is over', async () => {
  const { sim, hlr } = await toldLine();
  await write(ctx, {}, (tx) => setSpeeds(tx, [{ esimId: sim.esimId, speedKbps: 64 }]));
  const lease = (interval: string) =>
    query(ctx.db, 'update sims.sims set core_claimed_until = now() + $2::interval where id = $1', [
      sim.id,
      interval,
    ]);
  await lease('1 minute');
  assert.equal(await tellCores(ctx, [hlr]), 0);
  await lease('-1 second');
  await tellAll(hlr);
  assert.equal(hlr.subscribers.get(sim.imsi)?.speedKbps, 64);
});

test('a core is told of the data limit, of its end, and of the access point of the fleet', async () => {
  const { sim, hlr } = await toldLine();
  const networkAccessProfile = await allowCountries(ctx, accountId, ['NL']);
  const fleet = await write(ctx, {}, (tx) =>
    createFleet(tx, { accountId, networkAccessProfile, dataLimitBytes: 100n, apn: 'm2m' }),
  );
  const known = async () => {
    await tellAll(hlr);
    const { enabled, apn } = hlr.subscribers.get(sim.imsi)!;
    return [enabled, apn];
  };
  await update(sim.id, { fleet: fleet.id });
  assert.deepEqual(await known(), [true, 'm2m']);
  const used = {
    simId: sim.id,
    from: ctx.now,
    at: ctx.now,
    bytes: 100n,
    sms: 0,
    country: null,
    mcc: null,
    mnc: null,
  };
  await write(ctx, {}, (tx) => noteUsage(tx, [used]));
  assert.deepEqual(await known(), [false, 'm2m']);
  const change = (parts: object) =>
    write(ctx, {}, (tx) => updateFleet(tx, { accountId, key: fleet.id, ...parts }));
  await change({ dataLimitBytes: 500n });
  assert.deepEqual(await known(), [true, 'm2m']);
  await change({ apn: 'private' });
  assert.deepEqual(await known(), [true, 'private']);
  await change({ dataEnabled: false });
  assert.deepEqual(await known(), [false, 'private']);
});

test('lines of a core that is not here wait, visibly', async () => {
  const sim = await lines.newLine({ core: 'open5gs' });
  await tellAll(fakeCore('osmo_hlr'));
  assert.ok((await lines.see(sim.id)).coreDueAt);
  const open5gs = fakeCore('open5gs');
  await tellAll(open5gs);
  assert.ok(open5gs.subscribers.has(sim.imsi));
});

test('a status that a core confirms counts from the time of the account', async () => {
  const { sim, hlr } = await toldLine();
  await update(sim.id, { status: 'inactive' });
  await tellAll(hlr);
  await query(ctx.db, 'update accounts.accounts set clock_offset_ms = $2 where id = $1', [
    accountId,
    86_400_000n,
  ]);
  await update(sim.id, { status: 'active' });
  await tellAll(hlr);
  await query(ctx.db, 'update accounts.accounts set clock_offset_ms = 0 where id = $1', [accountId]);
  const [period] = await listBillingPeriods(ctx, { accountId, simId: sim.id });
  assert.deepEqual(period?.startsAt, new Date(ctx.now.getTime() + 86_400_000));
});

test('keys are in no event, no answer and no log', async () => {
  const logged: unknown[] = [];
  const note = (...parts: unknown[]) => logged.push(parts);
  const log = { ...ctx.log, info: note, warn: note, error: note, debug: note } as typeof ctx.log;
  const hlr = fakeCore();
  hlr.putSubscriber = async () => {
    throw new Error('broken');
  };
  const sim = await lines.newLine({ core });
  await tellCores({ ...ctx, log }, [hlr]);
  const { ki, opc } = await getSubscription(ctx, sim.iccid);
  const seen = JSON.stringify([await lines.see(sim.id), await lines.events(sim.id), logged], (_, value) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  assert.ok(logged.length > 0);
  for (const key of [ki, opc])
    for (const form of ['hex', 'base64'] as const) assert.ok(!seen.includes(Buffer.from(key).toString(form)));
  assert.equal((await lines.see(sim.id)).coreError, 'The mobile core could not be told.');
});
