import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testCtx } from '../../../pg/test_ctx.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { networkByCode } from '../../catalogue/index.ts';
import {
  createFleet,
  createNetworkAccessProfile,
  getFleet,
  getNetworkAccessProfile,
  listFleets,
  listNetworkAccessProfiles,
  listSims,
  type NewFleet,
  networksOfLine,
  updateFleet,
  updateNetworkAccessProfile,
  updateSim,
} from '../index.ts';
import { allowCountries, openLines } from '../test_lines.ts';

const database = await testDatabase();
const ctx = testCtx(database);
const lines = await openLines(ctx);
const other = await openLines(ctx);
const { accountId } = lines;
const profileId = await allowCountries(ctx, accountId, ['NL']);
const theirProfileId = await allowCountries(ctx, other.accountId, ['NL']);

const create = (parts: Partial<NewFleet> = {}) =>
  write(ctx, {}, (tx) => createFleet(tx, { accountId, networkAccessProfile: profileId, ...parts }));
const update = (key: string, parts: Partial<NewFleet>) =>
  write(ctx, {}, (tx) => updateFleet(tx, { ...parts, accountId, key }));
const join = (key: string, fleet: string | null) =>
  write(ctx, {}, (tx) => updateSim(tx, { accountId, key, fleet }));

test('a fleet is found by id and by unique name, and what an update leaves out stays', async () => {
  const made = await create({ uniqueName: 'cars', dataLimitBytes: 5n, apn: 'iot.example' });
  const changed = await update('cars', { dataEnabled: false });
  assert.deepEqual(changed, { ...made, dataEnabled: false });
  assert.deepEqual(await getFleet(ctx, { accountId, key: made.id }), changed);
  const types = (await lines.events(made.id)).map(({ type }) => type);
  assert.deepEqual(types, ['fleet.created', 'fleet.updated']);
});

test('a unique name of a fleet is taken once', async () => {
  await create({ uniqueName: 'ships' });
  const second = await create();
  await assert.rejects(create({ uniqueName: 'ships' }), { code: 'conflict' });
  await assert.rejects(update(second.id, { uniqueName: 'ships' }), { code: 'conflict' });
});

test("another account's fleet and profile answer like ones that do not exist", async () => {
  const theirs = await write(ctx, {}, (tx) =>
    createFleet(tx, { accountId: other.accountId, networkAccessProfile: theirProfileId, uniqueName: 'x' }),
  );
  const sim = await lines.newLine();
  for (const key of [theirs.id, 'x', 'nonsense']) {
    await assert.rejects(getFleet(ctx, { accountId, key }), { code: 'not_found' });
    await assert.rejects(update(key, {}), { code: 'not_found' });
    await assert.rejects(join(sim.id, key), { code: 'not_found' });
  }
  await assert.rejects(create({ networkAccessProfile: theirProfileId }), { code: 'not_found' });
  await assert.rejects(getNetworkAccessProfile(ctx, { accountId, key: theirProfileId }), {
    code: 'not_found',
  });
  const fleets = await listFleets(ctx, { accountId });
  assert.ok(fleets.every((fleet) => fleet.accountId === accountId));
});

for (const [field, parts] of [
  ['apn', { apn: 'not an apn' }],
  ['apn', { apn: '' }],
  ['dataLimitBytes', { dataLimitBytes: 0n }],
  ['dataLimitBytes', { dataLimitBytes: -1n }],
  ['dataLimitBytes', { dataLimitBytes: 10n ** 15n + 1n }],
  ['uniqueName', { uniqueName: '123' }],
] as const)
  test(`a fleet with ${JSON.stringify(Object.values(parts)[0], (_, value) => String(value)).slice(0, 30)} as ${field} is refused`, async () => {
    await assert.rejects(create(parts), (error: any) => {
      assert.deepEqual([error.code, error.fields[0].field], ['invalid_request', field]);
      return true;
    });
  });

test('fleets are listed newest first, page by page', async () => {
  const made = [await create(), await create()];
  const [newest] = await listFleets(ctx, { accountId, limit: 1 });
  assert.equal(newest?.id, made[1]?.id);
  const [next] = await listFleets(ctx, { accountId, limit: 1, before: newest!.id });
  assert.equal(next?.id, made[0]?.id);
});

test('a line joins and leaves a fleet by its id or name, and is listed with it', async () => {
  const fleet = await create({ uniqueName: 'boxes' });
  const sim = await lines.newLine();
  assert.equal((await join(sim.id, 'boxes')).fleetId, fleet.id);
  assert.deepEqual(
    (await listSims(ctx, { accountId, fleetId: fleet.id })).map(({ id }) => id),
    [sim.id],
  );
  assert.equal((await join(sim.id, null)).fleetId, null);
  assert.deepEqual(await listSims(ctx, { accountId, fleetId: fleet.id }), []);
});

test('a profile names existing networks only, each once', async () => {
  const kpn = networkByCode('204', '08')!;
  const made = await write(ctx, {}, (tx) =>
    createNetworkAccessProfile(tx, { accountId, uniqueName: 'kpn', networks: [kpn.id, kpn.id] }),
  );
  assert.deepEqual(made.networks, [kpn.id]);
  await assert.rejects(
    write(ctx, {}, (tx) => createNetworkAccessProfile(tx, { accountId, networks: [kpn.id, 'net_0'] })),
    (error: any) => {
      assert.deepEqual(
        [error.code, error.fields],
        ['invalid_request', [{ field: 'networks[1]', detail: 'there is no such network' }]],
      );
      return true;
    },
  );
  await assert.rejects(
    write(ctx, {}, (tx) => createNetworkAccessProfile(tx, { accountId, uniqueName: 'kpn', networks: [] })),
    { code: 'conflict' },
  );
  const changed = await write(ctx, {}, (tx) =>
    updateNetworkAccessProfile(tx, { accountId, key: 'kpn', networks: [] }),
  );
  assert.deepEqual(await getNetworkAccessProfile(ctx, { accountId, key: made.id }), changed);
  assert.equal((await listNetworkAccessProfiles(ctx, { accountId, limit: 1 }))[0]?.id, made.id);
});

test('a line without a fleet may attach anywhere, one of a fleet where its profile says', async () => {
  const sim = await lines.newLine();
  assert.equal(await networksOfLine(ctx, { accountId, esimId: sim.esimId }), null);
  await join(sim.id, (await create()).id);
  const { networks } = await getNetworkAccessProfile(ctx, { accountId, key: profileId });
  assert.deepEqual(await networksOfLine(ctx, { accountId, esimId: sim.esimId }), networks);
});
