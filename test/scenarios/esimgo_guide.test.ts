// The vendor's guide to a first eSIM, step by step and word for word, as one story over HTTP.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { unzipSync } from 'fflate';
import { downloadProfile } from '../../src/device/lpa/download_profile.ts';
import { enableProfile } from '../../src/device/lpa/es10_client.ts';
import { sendNotifications } from '../../src/device/lpa/send_notifications.ts';
import { createSimulatedNetwork } from '../../src/device/network/simulated_network.ts';
import { openReceiver, waitFor } from '../../src/modules/webhooks/test_receiver.ts';
import { startPlatform } from '../support/platform.ts';

const platform = await startPlatform({
  OVERAIR_CALLBACK_NETWORKS: '127.0.0.0/8',
  // A person takes longer for these steps than this test.
  OVERAIR_ESIMGO_REQUESTS_PER_SECOND: '0',
});
const { call, device, apiKey, server } = platform;
const receiver = await openReceiver();
after(() => receiver.close());

const bundle = 'esim_1GB_7D_NL_V2';
const gigabyte = 1_000_000_000;
const days = 86_400;

/** What a client that knows nothing but the guide sends. */
async function ask(method: string, path: string, { body, accept = 'application/json' }: Asked = {}) {
  const response = await fetch(`${server.apiUrl}/v2.4${path}`, {
    method,
    headers: {
      'X-API-Key': apiKey,
      accept,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, bytes, json: isJson ? JSON.parse(bytes.toString()) : undefined };
}

type Asked = { body?: object; accept?: string };

async function good(method: string, path: string, asked?: Asked): Promise<any> {
  const answer = await ask(method, path, asked);
  assert.equal(answer.status, 200, answer.bytes.toString());
  return answer.json;
}

/** Step 4 of the guide. */
async function assignmentOf(iccid: string, name = bundle) {
  const { assignments } = await good('GET', `/esims/${iccid}/bundles/${name}`);
  assert.equal(assignments.length, 1);
  return assignments[0];
}

/** What a real decoder sees in a picture; undefined where there is none. */
async function readPicture(png: Buffer): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'overair-qr-'));
  const file = join(folder, 'qr.png');
  await writeFile(file, png);
  const { stdout, error } = spawnSync('zbarimg', ['--quiet', '--raw', file], { encoding: 'utf8' });
  await rm(folder, { recursive: true });
  return error ? undefined : stdout.trim();
}

const balance = async () => (await call('GET', '/account')).body.wallet;
const alerts = () => receiver.received.map(({ body }) => JSON.parse(body));

test('before you start: an order is validated, which says the total and moves no money', async () => {
  const before = await balance();
  const { total, valid, currency } = await good('POST', '/orders', {
    body: {
      type: 'validate',
      assign: true,
      order: [{ type: 'bundle', quantity: 2, item: bundle, iccids: [''], allowReassign: false }],
    },
  });
  assert.equal(valid, true);
  const { price } = await good('GET', `/catalogue/bundle/${bundle}`);
  assert.deepEqual([total, currency], [price * 2, 'EUR']);
  assert.deepEqual(await balance(), before);
  const wrong = await ask('POST', '/orders', {
    body: {
      type: 'validate',
      assign: true,
      order: [{ type: 'bundle', quantity: 2, item: 'esim_1gb_7d_nl_v2' }],
    },
  });
  assert.equal(wrong.status, 400);
  assert.match(JSON.parse(wrong.bytes.toString()).message, /esim_1gb_7d_nl_v2/);
});

test('a first eSIM: ordered, its QR code downloaded and installed, its bundle followed until it is used up', async (t) => {
  const door = { callbackUrl: receiver.url };
  assert.equal((await call('PUT', '/doors/esimgo', door)).status, 200);

  // 1. Add a bundle to your eSIM. The guide writes "assign" in quotes, and leaves an empty text for a new eSIM.
  const ordered = await good('POST', '/orders', {
    body: {
      type: 'transaction',
      assign: 'true',
      order: [{ type: 'bundle', quantity: 1, item: bundle, iccids: [''] }],
    },
  });
  assert.equal(ordered.statusMessage, 'Order completed: 1 eSIMs assigned');
  const { orderReference } = ordered;
  const [{ iccid, matchingId, smdpAddress }] = ordered.order[0].esims;
  assert.match(orderReference, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);

  // 2. Download installation QR codes.
  const zip = await ask('GET', `/esims/assignments?reference=${orderReference}`, {
    accept: 'application/zip',
  });
  assert.equal(zip.status, 200);
  const files = unzipSync(zip.bytes);
  const names = Object.keys(files).sort();
  assert.equal(names.filter((name) => name.endsWith('.png')).length, 1);
  const picture = Buffer.from(files[`${iccid}.png`] ?? []);
  assert.deepEqual(picture.subarray(0, 8), Buffer.from('89504e470d0a1a0a', 'hex'));
  const table = Buffer.from(files[names.find((name) => name.endsWith('.csv')) ?? ''] ?? []).toString();
  const row = [iccid, matchingId, smdpAddress, bundle, orderReference].join(',');
  assert.equal(table, `ICCID,Matching ID,RSP URL,Bundle,Reference\n${row}\n`);

  // 3. User installs the eSIM.
  const code = `LPA:1$${smdpAddress}$${matchingId}`;
  const seen = await readPicture(picture);
  if (seen === undefined)
    t.diagnostic('zbarimg is not there, the picture was not read: apt-get install zbar-tools');
  else assert.equal(seen, code);
  const { card, lpa } = device();
  const installed = await downloadProfile(lpa, code);
  assert.equal(installed.iccid, iccid);
  enableProfile(card, iccid);
  await sendNotifications(lpa);
  assert.equal((await good('GET', `/esims/${iccid}`)).profileStatus, 'Installed');

  // 4. Check the status of the bundle.
  const queued = await assignmentOf(iccid);
  assert.deepEqual(
    [queued.bundleState, queued.initialQuantity, queued.remainingQuantity],
    ['queued', gigabyte, gigabyte],
  );
  assert.equal(queued.assignmentReference, `${orderReference}-0`);
  const network = createSimulatedNetwork({ baseUrl: `${server.apiUrl}/v1`, apiKey });
  const session = await network.attach(card, { mcc: '204', mnc: '08' });
  await network.useData(session, { bytesDown: 250_000_000, bytesUp: 0 });
  const active = await assignmentOf(iccid);
  assert.deepEqual([active.bundleState, active.remainingQuantity], ['active', gigabyte - 250_000_000]);
  await network.useData(session, { bytesDown: 750_000_000, bytesUp: 0 });
  const depleted = await assignmentOf(iccid);
  assert.deepEqual([depleted.bundleState, depleted.remainingQuantity], ['depleted', 0]);
  assert.equal((await good('GET', `/esims/${iccid}/location`)).country, 'NL');

  // What the callback was told of it, signed with the API key.
  await waitFor(() => receiver.received.length >= 6);
  for (const { body, headers } of receiver.received)
    assert.equal(headers['x-signature-sha256'], createHmac('sha256', apiKey).update(body).digest('base64'));
  const told = alerts().filter((each) => each.iccid === iccid);
  assert.deepEqual(told.map(({ alertType }) => alertType).sort(), [
    'FirstAttachment',
    'FirstUse',
    ...Array.from({ length: 4 }, () => 'Utilisation'),
  ]);
  const used = told.filter(({ alertType }) => alertType === 'Utilisation');
  assert.equal(used.at(-1).bundle.remainingQuantity, 0);
  for (const { bundle: of } of used) assert.equal(of.id, depleted.id);
});

/** A new eSIM with the bundle, without waiting for more than its order. */
async function newEsim(): Promise<string> {
  const { order } = await good('POST', '/orders', {
    body: { type: 'transaction', assign: true, order: [{ quantity: 1, item: bundle }] },
  });
  return order[0].esims[0].iccid;
}

test('a large order is processed in the background, and its QR codes are there when that is done', async () => {
  const ordered = await good('POST', '/orders', {
    body: { type: 'transaction', assign: true, order: [{ type: 'bundle', quantity: 30, item: bundle }] },
  });
  const path = `/esims/assignments?reference=${ordered.orderReference}`;
  const zip = await waitFor(async () => {
    const answer = await ask('GET', path, { accept: 'application/zip' });
    if (answer.status === 200) return answer;
    assert.equal(answer.status, 503, answer.bytes.toString());
    await sleep(300);
    return undefined;
  });
  const files = Object.keys(unzipSync(zip.bytes));
  assert.equal(files.filter((name) => /^\d{19,20}\.png$/.test(name)).length, 30);
});

test('a bundle that nobody uses is revoked, or lapses, and one that is used expires', async () => {
  const [revoked, lapsed, expired] = [await newEsim(), await newEsim(), await newEsim()];
  await good('DELETE', `/esims/${revoked}/bundles/${bundle}`);
  assert.equal((await assignmentOf(revoked)).bundleState, 'revoked');
  const usage = {
    records: [
      {
        id: 'one',
        sim: expired,
        kind: 'data',
        at: new Date().toISOString(),
        bytesDown: 1_000,
        country: 'NL',
      },
    ],
  };
  assert.equal((await call('POST', '/usage', usage)).status, 200);
  assert.equal((await assignmentOf(expired)).bundleState, 'active');
  assert.equal((await call('POST', '/clock', { advanceSeconds: 8 * days })).status, 200);
  assert.deepEqual(
    [(await assignmentOf(expired)).bundleState, (await assignmentOf(lapsed)).bundleState],
    ['expired', 'queued'],
  );
  assert.equal((await call('POST', '/clock', { advanceSeconds: 365 * days })).status, 200);
  assert.equal((await assignmentOf(lapsed)).bundleState, 'lapsed');
  const { bundles } = await good('GET', `/esims/${lapsed}/bundles?includeUsed=true`);
  assert.deepEqual(
    bundles.map(({ name }: { name: string }) => name),
    [bundle],
  );
});
