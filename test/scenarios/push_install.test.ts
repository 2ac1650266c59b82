import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRspServer } from '../../src/api/rsp/index.ts';
import { es11, es12 } from '../../src/api/smds/index.ts';
import { present } from '../../src/base/assert.ts';
import { silentLog } from '../../src/base/log.ts';
import { createVault } from '../../src/base/vault.ts';
import { deviceCommand } from '../../src/cli/device.ts';
import { createCard } from '../../src/device/card.ts';
import { createCardState } from '../../src/device/create_card_state.ts';
import { DeviceError } from '../../src/device/device_error.ts';
import { discoverProfiles } from '../../src/device/lpa/discover_profiles.ts';
import { downloadProfile } from '../../src/device/lpa/download_profile.ts';
import { getEid } from '../../src/device/lpa/es10_client.ts';
import { createLpa } from '../../src/device/lpa/lpa.ts';
import { readPkiFolder } from '../../src/main/pki_files.ts';
import { loadSmds } from '../../src/modules/smds/index.ts';
import { systemCtx } from '../../src/pg/ctx.ts';
import { query } from '../../src/pg/query.ts';
import { testDatabase } from '../../src/pg/test_database.ts';
import { type Platform, startPlatform } from '../support/platform.ts';

const product = 'esim_1GB_7D_NL_V2';
const rootPort = await freePort();
const rootAddress = `localhost:${rootPort}`;
const plain = await startPlatform();
const alternative = await startPlatform({ OVERAIR_SMDS_ROOT: rootAddress });
const rootDatabase = await testDatabase();

/** A device that finds servers by their addresses alone, as a phone does. */
function phone({ pki, server }: Platform, rootSmds = server.smdsAddress) {
  const card = createCard(createCardState({ pki, now: new Date(), ...(rootSmds && { rootSmds }) }));
  const lpa = createLpa(card);
  after(() => lpa.es9.close());
  return { card, lpa, eid: getEid(card) };
}

const eventsOf = ({ server }: Platform, eid: string) =>
  query<{ forwarded: boolean }>(
    server.installation.database.kysely,
    'select forwarded_at is not null as forwarded from smds.events where eid = $1',
    [eid],
  );

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (await holds()) return;
    await sleep(10);
  }
  assert.fail('it did not come to be');
}

const outcomes = (found: Awaited<ReturnType<typeof discoverProfiles>>) =>
  found.map((event) => ('profile' in event ? event.profile.iccid : event.error.message));

test('a profile ordered for an EID and an SM-DS is found and installed without any code, and its event is gone', async () => {
  const { lpa, eid } = phone(plain);
  assert.deepEqual(await discoverProfiles(lpa), []);
  const [esim] = await plain.order({ product, eid, delivery: 'smds' });
  assert.equal((await eventsOf(plain, eid)).length, 1);
  const found = await discoverProfiles(lpa);
  assert.deepEqual(outcomes(found), [esim.iccid]);
  assert.equal((await plain.call('GET', `/esims/${esim.id}`)).body.state, 'installed');
  await until(async () => (await eventsOf(plain, eid)).length === 0);
  assert.deepEqual(await discoverProfiles(lpa), []);
});

test('the command line discovers too, and fails when what an event promised was not installed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'overair-discover-'));
  after(() => rm(folder, { recursive: true, force: true }));
  const { pkiDir, smdsAddress = '' } = plain.server;
  let failed = false;
  const overair = async (...args: string[]) => {
    const printed: string[] = [];
    const io = {
      out: (text: string) => printed.push(text),
      error: assert.fail,
      fail: () => (failed = true),
      env: {},
    };
    await deviceCommand([...args, '--json', '--pki', pkiDir, '--file', join(folder, 'card.json')], io);
    return JSON.parse(printed.join());
  };
  const { eid, rootSmds } = await overair('create', '--smds', smdsAddress);
  assert.equal(rootSmds, smdsAddress);
  const [esim] = await plain.order({ product, eid, delivery: 'smds', confirmationCode: '4711' });
  const [refused] = await overair('discover');
  assert.deepEqual([refused.error.kind, failed], ['cancelled', true]);
  failed = false;
  const [installed] = await overair('discover', '--confirmation-code', '4711');
  assert.deepEqual([installed.profile.iccid, failed], [esim.iccid, false]);
});

test('several profiles are installed one after the other; one that is refused does not keep the others away', async () => {
  const { lpa, eid } = phone(plain);
  const orders = [];
  for (let count = 0; count < 3; count++)
    orders.push((await plain.order({ product, eid, delivery: 'smds' }))[0]);
  await query(
    plain.server.installation.database.kysely,
    'update smdp.profiles set download_attempts = 1000 where iccid = $1',
    [orders[1].iccid],
  );
  const [first, second, third] = await discoverProfiles(lpa);
  assert.ok(first && 'profile' in first && third && 'profile' in third);
  assert.ok(second && 'error' in second && second.error.message.includes('8.8.5/6.4'));
});

test('the code of such an eSIM works as well, and the default SM-DP+ case finds it by the EID', async () => {
  const byCode = phone(plain);
  const [withCode] = await plain.order({ product, eid: byCode.eid, delivery: 'smds' });
  assert.equal((await downloadProfile(byCode.lpa, withCode.activationCode)).iccid, withCode.iccid);

  const byAddress = phone(plain);
  const [esim] = await plain.order({ product, eid: byAddress.eid, delivery: 'smds' });
  const { iccid } = await downloadProfile(byAddress.lpa, { smdpAddress: plain.server.smdpAddress });
  assert.equal(iccid, esim.iccid);
});

test('another card is told nothing, and a card of another maker is refused', async () => {
  const { eid } = phone(plain);
  await plain.order({ product, eid, delivery: 'smds' });
  assert.deepEqual(await discoverProfiles(phone(plain).lpa), []);
  const stranger = phone(alternative, plain.server.smdsAddress);
  await assert.rejects(discoverProfiles(stranger.lpa), DeviceError);
});

test('an SM-DP+ is not taken for an SM-DS, nor an SM-DS for an SM-DP+', async () => {
  const { lpa } = phone(plain, plain.server.smdpAddress);
  await assert.rejects(discoverProfiles(lpa), /not one of an SM-DS/);
  const other = phone(plain);
  const smdpAddress = plain.server.smdsAddress ?? '';
  await assert.rejects(downloadProfile(other.lpa, { smdpAddress }), /not one of an SM-DP\+/);
  // A connection that is open already is looked at again.
  await discoverProfiles(other.lpa);
  await assert.rejects(downloadProfile(other.lpa, { smdpAddress }), /not one of an SM-DP\+/);
});

test('delivery through an SM-DS needs an EID', async () => {
  const { status, body } = await plain.call('POST', '/orders', { lines: [{ product, delivery: 'smds' }] });
  assert.equal(status, 400);
  assert.equal(body.errors?.[0]?.field ?? body.fields?.[0]?.field, 'lines[0].eid');
});

test('an alternative SM-DS passes the event on: a card that knows only the root gets the profile through both', async () => {
  const files = await readPkiFolder(alternative.server.pkiDir);
  const smds = loadSmds({ files, address: rootAddress, now: new Date(), database: rootDatabase });
  const parts = { vault: createVault([{ id: 1, key: Buffer.alloc(32, 7) }]), log: silentLog };
  const ctxFor = () => ({ ...systemCtx(rootDatabase, parts), smds });
  const { eid, lpa } = phone(alternative, rootAddress);
  const events = () =>
    query<{ rsp_server_address: string }>(rootDatabase.kysely, 'select rsp_server_address from smds.events');

  // The root is away at first: the order is fulfilled all the same, and the event follows.
  const [esim] = await alternative.order({ product, eid, delivery: 'smds' });
  const root = await createRspServer({
    host: '127.0.0.1',
    port: rootPort,
    tls: present(smds.tls, 'a TLS certificate'),
    asksForCertificate: true,
    serve(app) {
      app.register(es11, { ctxFor });
      app.register(es12, { ctxFor });
    },
  });
  after(root.close);
  await until(async () => (await events()).length === 1);
  assert.deepEqual(
    (await events()).map((each) => each.rsp_server_address),
    [alternative.server.smdsAddress],
  );
  await until(async () => (await eventsOf(alternative, eid))[0]?.forwarded === true);
  const found = await discoverProfiles(lpa);
  assert.deepEqual(outcomes(found), [esim.iccid]);
  await until(async () => (await events()).length === 0 && (await eventsOf(alternative, eid)).length === 0);
  assert.deepEqual(await discoverProfiles(lpa), []);
});

test('SM-DSs that send a card in circles are left after three', async () => {
  const { eid, lpa } = phone(plain);
  const { database } = plain.server.installation;
  await query(
    database.kysely,
    `insert into smds.events (eid, event_id, rsp_server_address, owner_oid, forwarding_indicator, created_at)
     values ($1, 'ROUND', $2, '2.999.99', false, now())`,
    [eid, plain.server.smdsAddress],
  );
  assert.match(outcomes(await discoverProfiles(lpa)).join(), /without end/);
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
