import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { silentLog } from '../../src/base/log.ts';
import { createCard } from '../../src/device/card.ts';
import { createCardState } from '../../src/device/create_card_state.ts';
import { downloadProfile } from '../../src/device/lpa/download_profile.ts';
import { deleteProfile, disableProfile, enableProfile, getEid } from '../../src/device/lpa/es10_client.ts';
import { createLpa } from '../../src/device/lpa/lpa.ts';
import { sendNotifications } from '../../src/device/lpa/send_notifications.ts';
import { readConfig } from '../../src/main/config.ts';
import { openInstallation } from '../../src/main/open_installation.ts';
import { openSandbox } from '../../src/main/sandbox.ts';
import { findServer, type ServerFile } from '../../src/main/server_file.ts';
import { putProducts, travelBundles } from '../../src/modules/catalogue/index.ts';
import { testIdentity } from '../../src/outgoing/test_rsp_server.ts';
import { systemCtx } from '../../src/pg/ctx.ts';
import { query } from '../../src/pg/query.ts';
import { testDatabase } from '../../src/pg/test_database.ts';
import { writeCertificatePem } from '../../src/rsp/pki/pem_identity.ts';
import { readPki } from '../../src/rsp/pki/read_pki.ts';
import { startPlatform } from '../support/platform.ts';

const overair = fileURLToPath(new URL('../../bin/overair', import.meta.url));
const waitMsMax = 60_000;

/** The SM-DP+ of somebody else: a process of its own on a database of its own, at ports that stay the same. */
const maker = await startMaker();
const platform = await startPlatform({ OVERAIR_ES2_PORT: '0' });
const ours = testIdentity();
await introduce();

async function startMaker() {
  const dataDir = await mkdtemp(join(tmpdir(), 'overair-maker-'));
  let child: ChildProcess | undefined;
  const kill = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  // Before the database's own hook, so that no server runs on a database that is gone.
  after(async () => {
    await kill();
    await rm(dataDir, { recursive: true, force: true });
  });
  const database = await testDatabase();
  const [es9Port, es2Port] = [await freePort(), await freePort()];
  const environment = {
    DATABASE_URL: database.connectionString,
    OVERAIR_DATA_DIR: dataDir,
    OVERAIR_HTTP_PORT: '0',
    OVERAIR_ES9_PORT: String(es9Port),
    OVERAIR_ES2_PORT: String(es2Port),
    OVERAIR_SMDS_PORT: '0',
    OVERAIR_LOG_LEVEL: 'error',
  };
  const installation = await openInstallation(readConfig(environment), silentLog);
  const { apiKey } = await openSandbox(installation, dataDir);
  await installation.close();
  const start = async () => {
    child = spawn(overair, ['serve'], {
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return await until('the maker has started', async () => {
      const server = await findServer(dataDir);
      return server?.pid === child?.pid ? server : undefined;
    });
  };
  const server: ServerFile = await start();
  const pki = readPki(await readFolder(server.pkiDir));
  const call = (method: string, path: string, body?: unknown) =>
    callApi(server.apiUrl, apiKey, method, path, body);
  return { server, pki, call, start, kill, database };
}

/** Tells our platform of the maker; told again, what waits for it is tried at once. */
async function putMaker(): Promise<void> {
  const { status, body } = await platform.call('PUT', '/remote-smdps/maker', {
    es2Url: maker.server.es2Url,
    requesterIdentifier: 'RESELLER',
    certificate: ours.identity.certificate,
    privateKey: ours.identity.privateKey,
    ca: writeCertificatePem(maker.pki.ci[0]!.certificate.raw),
    peerCertificates: [writeCertificatePem(maker.pki.dpTls[0]!.certificate.raw)],
  });
  assert.equal(status, 200, JSON.stringify(body));
}

/** Each learns of the other: certificates, names and addresses. */
async function introduce(): Promise<void> {
  const ourCi = writeCertificatePem(platform.pki.ci[0]!.certificate.raw);
  const requester = {
    certificates: [ours.identity.certificate],
    progressUrl: platform.server.es2Url,
    progressCa: ourCi,
    tellsChanges: true,
  };
  const registered = await maker.call('PUT', '/function-requesters/RESELLER', requester);
  assert.equal(registered.status, 200, JSON.stringify(registered.body));
  await putMaker();
  const type = await platform.call('POST', '/profile-types', {
    name: 'maker-usim',
    metadata: { serviceProviderName: 'Maker', profileName: 'Travel', profileClass: 'operational' },
    remote: { smdp: 'maker', profileType: 'overair-usim' },
  });
  assert.equal(type.status, 201, JSON.stringify(type.body));
  const { installation } = platform.server;
  const bundles = travelBundles();
  const [bundle] = bundles;
  await putProducts(systemCtx(installation.database, installation), [
    ...bundles,
    { ...bundle!, name: 'remote_1GB', profileType: 'maker-usim' },
  ]);
}

const product = 'remote_1GB';
const esimOf = async ({ id }: { id: string }) => (await platform.call('GET', `/esims/${id}`)).body;
const stateOf = (esim: { id: string }, wanted: string) =>
  until(`the eSIM is ${wanted}`, async () => {
    const { state, enabled } = await esimOf(esim);
    return (state === 'installed' && enabled ? 'enabled' : state) === wanted ? wanted : undefined;
  });
const orderState = async (id: string) => (await platform.call('GET', `/orders/${id}`)).body.status;
/** How many of its profiles the maker holds for us. */
const given = async () =>
  Number(
    (
      await query<{ count: bigint }>(
        maker.database.kysely,
        'select count(*) from smdp.profiles where requester_id is not null',
      )
    )[0]!.count,
  );

function device() {
  const card = createCard(createCardState({ pki: maker.pki, now: new Date() }));
  const port = Number(new URL(maker.server.es9Url).port);
  const lpa = createLpa(card, { connectTo: { host: '127.0.0.1', port } });
  after(() => lpa.es9.close());
  return { card, lpa };
}

test('an eSIM of a remote SM-DP+ is ordered, downloaded from there, and its customer sees all that becomes of it', async () => {
  const [esim] = await platform.order({ product });
  assert.ok(esim.activationCode.startsWith(`LPA:1$${maker.server.smdpAddress}$`));
  const { card, lpa } = device();
  const installed = await downloadProfile(lpa, esim.activationCode);
  assert.equal(installed.iccid, esim.iccid);
  await stateOf(esim, 'installed');
  assert.equal((await esimOf(esim)).eid, getEid(card));
  enableProfile(card, esim.iccid);
  await sendNotifications(lpa);
  await stateOf(esim, 'enabled');
  disableProfile(card, esim.iccid);
  await sendNotifications(lpa);
  await stateOf(esim, 'installed');
  deleteProfile(card, esim.iccid);
  await sendNotifications(lpa);
  await stateOf(esim, 'deleted');
  const { data } = (await platform.call('GET', `/events?resource=${esim.id}`)).body;
  assert.deepEqual(
    data.map((event: any) => event.type),
    ['reserved', 'available', 'downloaded', 'installed', 'enabled', 'disabled', 'deleted'].map(
      (each) => `esim.${each}`,
    ),
  );
  const { data: lines } = (await platform.call('GET', `/sims?iccid=${esim.iccid}`)).body;
  assert.equal(lines[0].imsi, null);
});

test('a confirmation code is checked by the remote SM-DP+', async () => {
  const [esim] = await platform.order({ product, confirmationCode: '4711' });
  assert.ok(esim.confirmationCodeRequired);
  const { lpa } = device();
  await assert.rejects(downloadProfile(lpa, esim.activationCode, { confirmationCode: '0000' }));
  await downloadProfile(lpa, esim.activationCode, { confirmationCode: '4711' });
  await stateOf(esim, 'installed');
});

test('an eUICC finds the profile that was ordered for it at the remote default SM-DP+', async () => {
  const { card, lpa } = device();
  const [esim] = await platform.order({ product, eid: getEid(card), delivery: 'default_smdp' });
  assert.equal(esim.activationCode, null);
  const installed = await downloadProfile(lpa, { smdpAddress: maker.server.smdpAddress });
  assert.equal(installed.iccid, esim.iccid);
  await stateOf(esim, 'installed');
});

test('orders wait while the remote SM-DP+ is down, can be cancelled meanwhile, and are served once each when it is back', async () => {
  const before = await given();
  await maker.kill();
  const place = async () => (await platform.call('POST', '/orders', { lines: [{ product }] })).body.id;
  const [waiting, cancelled] = [await place(), await place()];
  await until('both wait', async () => {
    const { waiting: count, failures } = (await platform.call('GET', '/remote-smdps/maker')).body;
    return count === 2 && failures >= 2 ? true : undefined;
  });
  assert.equal(await orderState(waiting), 'fulfilling');
  assert.equal((await platform.call('POST', `/orders/${cancelled}/cancel`)).body.status, 'cancelled');
  await maker.start();
  await putMaker();
  await until('the order is completed', async () =>
    (await orderState(waiting)) === 'completed' ? true : undefined,
  );
  await until('nothing is open there', async () =>
    (await platform.call('GET', '/remote-smdps/maker')).body.waiting === 0 ? true : undefined,
  );
  assert.equal(await given(), before + 1);
  const [esim] = (await platform.call('GET', `/orders/${waiting}/esims`)).body.data;
  await downloadProfile(device().lpa, esim.activationCode);
  await stateOf(esim, 'installed');
});

test('a remote SM-DP+ that is killed in the middle of a large order gives each profile once', async () => {
  const before = await given();
  const { body: order } = await platform.call('POST', '/orders', { lines: [{ product, quantity: 60 }] });
  await until('it is under way', async () => ((await given()) > before + 10 ? true : undefined));
  await maker.kill();
  await maker.start();
  await putMaker();
  await until('the order is completed', async () =>
    (await orderState(order.id)) === 'completed' ? true : undefined,
  );
  const { data } = (await platform.call('GET', `/orders/${order.id}/esims?limit=100`)).body;
  assert.equal(new Set(data.map(({ iccid }: { iccid: string }) => iccid)).size, 60);
  assert.equal(await given(), before + 60);
});

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + waitMsMax;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`in vain: ${what}`);
    await sleep(20);
  }
}

async function callApi(apiUrl: string, apiKey: string, method: string, path: string, body?: unknown) {
  const response = await fetch(`${apiUrl}/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as any };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function readFolder(dir: string): Promise<{ path: string; bytes: Buffer }[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && /\.(der|pem)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  return await Promise.all(files.map(async (path) => ({ path, bytes: await readFile(path) })));
}
