import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import {
  createFleet,
  type LineUsed,
  lockLines,
  noteUsage,
  setSpeeds,
  updateFleet,
  updateSim,
} from './index.ts';
import { allowCountries, openLines } from './test_lines.ts';

const database = await testDatabase();
const ctx = testCtx(database);
const lines = await openLines(ctx);
const { accountId } = lines;
const networkAccessProfile = await allowCountries(ctx, accountId, ['NL']);

const used = (simId: string, parts: Partial<LineUsed> = {}): LineUsed => ({
  simId,
  from: ctx.now,
  at: ctx.now,
  bytes: 0n,
  country: null,
  mcc: null,
  mnc: null,
  ...parts,
});
const note = (...items: LineUsed[]) => write(ctx, {}, (tx) => noteUsage(tx, items));
const later = (minutes: number) => new Date(ctx.now.getTime() + minutes * 60_000);

const typesOf = async (id: string) => (await lines.events(id)).map(({ type }) => type);

async function lineInFleet(dataLimitBytes: bigint | null) {
  const fleet = await write(ctx, {}, (tx) =>
    createFleet(tx, { accountId, networkAccessProfile, dataLimitBytes }),
  );
  const sim = await lines.newLine();
  await write(ctx, {}, (tx) => updateSim(tx, { accountId, key: sim.id, fleet: fleet.id }));
  return { fleet, sim };
}

test('the first use of a line is told once', async () => {
  const sim = await lines.newLine();
  await note(used(sim.id, { bytes: 1n, country: 'NL' }));
  await note(used(sim.id, { bytes: 1n, country: 'NL' }));
  assert.equal((await typesOf(sim.id)).filter((type) => type === 'sim.first_used').length, 1);
  assert.deepEqual((await lines.see(sim.id)).firstUsedAt, ctx.now);
});

test('another country is told, the first one and an older place are not', async () => {
  const sim = await lines.newLine();
  await note(used(sim.id, { country: 'NL', mcc: '204', mnc: '08', at: later(10) }));
  await note(used(sim.id, { country: 'FR', mcc: '208', mnc: '01', at: later(5) }));
  await note(used(sim.id, { country: 'NL', mcc: '204', mnc: '04', at: later(15) }));
  assert.ok(!(await typesOf(sim.id)).includes('sim.country_changed'));
  await note(used(sim.id, { country: 'DE', at: later(20) }));
  const [moved] = (await lines.events(sim.id)).filter(({ type }) => type === 'sim.country_changed');
  assert.deepEqual([moved?.data['from'], moved?.data['to']], ['NL', 'DE']);
  const { country, mcc, mnc } = await lines.see(sim.id);
  assert.deepEqual([country, mcc, mnc], ['DE', null, null]);
});

test('a ready line becomes active after 250,000 bytes, not before', async () => {
  const sim = await lines.newLine();
  await note(used(sim.id, { bytes: 249_999n }));
  assert.equal((await lines.see(sim.id)).status, 'ready');
  await note(used(sim.id, { bytes: 1n }));
  const { status, periodEndsAt, periodBytes } = await lines.see(sim.id);
  assert.deepEqual(
    [status, periodEndsAt?.toISOString(), periodBytes],
    ['active', '2026-12-21T12:00:00.000Z', 0n],
  );
});

test('the data limit of the fleet blocks once, and lets go when it is raised', async () => {
  const { fleet, sim } = await lineInFleet(1000n);
  await note(used(sim.id, { bytes: 999n }));
  assert.equal((await lines.see(sim.id)).dataBlocked, false);
  await note(used(sim.id, { bytes: 1n }));
  await note(used(sim.id, { bytes: 1n }));
  assert.equal((await lines.see(sim.id)).dataBlocked, true);
  await write(ctx, {}, (tx) => updateFleet(tx, { accountId, key: fleet.id, dataLimitBytes: 2000n }));
  assert.equal((await lines.see(sim.id)).dataBlocked, false);
  await write(ctx, {}, (tx) => updateFleet(tx, { accountId, key: fleet.id, dataLimitBytes: 500n }));
  await write(ctx, {}, (tx) => updateFleet(tx, { accountId, key: fleet.id, dataLimitBytes: null }));
  assert.deepEqual(
    (await typesOf(sim.id)).filter((type) => type.startsWith('sim.data')),
    ['sim.data_limit_reached', 'sim.data_restored', 'sim.data_limit_reached', 'sim.data_restored'],
  );
});

test('a new billing period lets data flow again', async () => {
  const { sim } = await lineInFleet(1000n);
  await write(ctx, {}, (tx) => updateSim(tx, { accountId, key: sim.id, status: 'active' }));
  await note(used(sim.id, { bytes: 5000n }));
  const next = { ...ctx, now: new Date('2026-12-21T12:00:00Z') };
  await write(next, {}, (tx) => noteUsage(tx, [used(sim.id, { bytes: 7n, at: next.now })]));
  const { dataBlocked, periodBytes } = await lines.see(sim.id);
  assert.deepEqual([dataBlocked, periodBytes], [false, 7n]);
  assert.equal((await typesOf(sim.id)).at(-1), 'sim.data_restored');
});

test('a line that leaves its fleet leaves the limit with it', async () => {
  const { sim } = await lineInFleet(1000n);
  await note(used(sim.id, { bytes: 5000n }));
  const left = await write(ctx, {}, (tx) => updateSim(tx, { accountId, key: sim.id, fleet: null }));
  assert.deepEqual([left.fleetId, left.dataBlocked], [null, false]);
});

test('no use is lost when many count for the same lines at once', async () => {
  const made = await lines.newLines(5);
  const items = made.map((sim) => used(sim.id, { bytes: 10n }));
  await Promise.all(
    Array.from({ length: 20 }, () =>
      write(ctx, {}, async (tx) => {
        const locked = await lockLines(tx, { accountId, keys: made.map((sim) => sim.iccid) });
        await setSpeeds(tx, [{ esimId: made[0]!.esimId, speedKbps: 64 }]);
        await noteUsage(tx, items, locked.values());
      }),
    ),
  );
  for (const sim of made) assert.equal((await lines.see(sim.id)).readyBytes, 200n);
  assert.equal((await lines.see(made[0]!.id)).speedKbps, 64);
});

test('a speed is kept, and taken away again', async () => {
  const sim = await lines.newLine();
  await write(ctx, {}, (tx) => setSpeeds(tx, [{ esimId: sim.esimId, speedKbps: 512 }]));
  assert.equal((await lines.see(sim.id)).speedKbps, 512);
  await write(ctx, {}, (tx) => setSpeeds(tx, [{ esimId: sim.esimId, speedKbps: null }]));
  assert.equal((await lines.see(sim.id)).speedKbps, null);
});
