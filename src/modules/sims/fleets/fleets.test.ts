import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testCtx } from '../../../pg/test_ctx.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { networkByCode, networks } from '../../catalogue/index.ts';
import {
  addNetwork,
  createFleet,
  createNetworkAccessProfile,
  getFleet,
  getNetworkAccessProfile,
  listFleets,
  listNetworkAccessProfiles,
  listSims,
  type NewFleet,
  networksOfLine,
  removeNetwork,
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
  await assert.rejects(create({ uniqueName: 'ships' }), { code: 'name_taken' });
  await assert.rejects(update(second.id, { uniqueName: 'ships' }), { code: 'name_taken' });
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

test('fleets are listed newest first, page by page, forwards and backwards', async () => {
  const made = [await create(), await create(), await create()];
  const idsOf = async (page: object) =>
    (await listFleets(ctx, { accountId, limit: 2, ...page })).map(({ id }) => id);
  const [oldest, middle, newest] = made.map(({ id }) => id);
  assert.deepEqual(await idsOf({}), [newest, middle]);
  assert.equal((await idsOf({ before: middle }))[0], oldest);
  assert.deepEqual(await idsOf({ after: oldest }), [newest, middle]);
  assert.deepEqual(await idsOf({ after: oldest, limit: 1 }), [middle]);
  assert.deepEqual(await idsOf({ after: newest }), []);
});

test('fleets are listed by their network access profile', async () => {
  const networkAccessProfile = await allowCountries(ctx, accountId, ['BE']);
  const fleet = await create({ networkAccessProfile });
  await create();
  const listed = await listFleets(ctx, { accountId, networkAccessProfileId: networkAccessProfile });
  assert.deepEqual(listed, [fleet]);
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
    { code: 'name_taken' },
  );
  const changed = await write(ctx, {}, (tx) =>
    updateNetworkAccessProfile(tx, { accountId, key: 'kpn', networks: [] }),
  );
  assert.deepEqual(await getNetworkAccessProfile(ctx, { accountId, key: made.id }), changed);
  assert.equal((await listNetworkAccessProfiles(ctx, { accountId, limit: 1 }))[0]?.id, made.id);
});

const [kpn, tmobile] = [networkByCode('204', '08')!.id, networkByCode('204', '16')!.id];
const newProfile = (networks: string[], parts = {}) =>
  write(ctx, {}, (tx) => createNetworkAccessProfile(tx, { accountId, networks, ...parts }));
const add = (key: string, networkId: string, of = accountId) =>
  write(ctx, {}, (tx) => addNetwork(tx, { accountId: of, key, networkId }));
const remove = (key: string, networkId: string, of = accountId) =>
  write(ctx, {}, (tx) => removeNetwork(tx, { accountId: of, key, networkId }));

test('a network is added to a profile once, and taken out once', async () => {
  const { id } = await newProfile([kpn], { uniqueName: 'one more' });
  assert.deepEqual((await add('one more', tmobile)).networks, [kpn, tmobile]);
  assert.deepEqual((await add(id, tmobile)).networks, [kpn, tmobile]);
  assert.deepEqual((await remove('one more', kpn)).networks, [tmobile]);
  await assert.rejects(remove(id, kpn), { code: 'not_found' });
  assert.deepEqual((await getNetworkAccessProfile(ctx, { accountId, key: id })).networks, [tmobile]);
});

test('networks that are added at the same time are all in the profile afterwards', async () => {
  const { id } = await newProfile([]);
  const ids = networks()
    .slice(0, 8)
    .map((network) => network.id);
  await Promise.all(ids.map((networkId) => add(id, networkId)));
  const made = await getNetworkAccessProfile(ctx, { accountId, key: id });
  assert.deepEqual(made.networks.toSorted(), ids.toSorted());
});

test('a name that is given while networks are added takes none of them away', async () => {
  const { id } = await newProfile([]);
  const rename = write(ctx, {}, (tx) =>
    updateNetworkAccessProfile(tx, { accountId, key: id, uniqueName: 'meanwhile' }),
  );
  await Promise.all([add(id, kpn), rename, add(id, tmobile)]);
  const made = await getNetworkAccessProfile(ctx, { accountId, key: 'meanwhile' });
  assert.deepEqual(made.networks.toSorted(), [kpn, tmobile].toSorted());
});

test('no network that does not exist is added, and none to a profile of another account', async () => {
  const { id } = await newProfile([kpn]);
  await assert.rejects(add(id, 'net_0'), { code: 'invalid_request' });
  await assert.rejects(add(id, tmobile, other.accountId), { code: 'not_found' });
  await assert.rejects(remove(id, kpn, other.accountId), { code: 'not_found' });
  await assert.rejects(remove(id, 'net_0'), { code: 'not_found' });
});

test('profiles are listed newest first, forwards and backwards', async () => {
  const made = [await newProfile([]), await newProfile([])].map(({ id }) => id);
  const idsOf = async (page: object) =>
    (await listNetworkAccessProfiles(ctx, { accountId, limit: 1, ...page })).map(({ id }) => id);
  assert.deepEqual(await idsOf({}), [made[1]]);
  assert.deepEqual(await idsOf({ before: made[1] }), [made[0]]);
  assert.deepEqual(await idsOf({ after: made[0] }), [made[1]]);
});

test('a line without a fleet may attach anywhere, one of a fleet where its profile says', async () => {
  const sim = await lines.newLine();
  assert.equal(await networksOfLine(ctx, { accountId, esimId: sim.esimId }), null);
  await join(sim.id, (await create()).id);
  const profile = await getNetworkAccessProfile(ctx, { accountId, key: profileId });
  assert.deepEqual(await networksOfLine(ctx, { accountId, esimId: sim.esimId }), profile.networks);
});
