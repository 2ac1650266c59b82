// The vendor's guide to a new eSIM, step by step and word for word, as one story over HTTP.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { present } from '../../src/base/assert.ts';
import { createCard } from '../../src/device/card.ts';
import { createCardState } from '../../src/device/create_card_state.ts';
import { discoverProfiles } from '../../src/device/lpa/discover_profiles.ts';
import { downloadProfile } from '../../src/device/lpa/download_profile.ts';
import { getEid } from '../../src/device/lpa/es10_client.ts';
import { createLpa } from '../../src/device/lpa/lpa.ts';
import { sendNotifications } from '../../src/device/lpa/send_notifications.ts';
import { putProducts } from '../../src/modules/catalogue/index.ts';
import { systemCtx } from '../../src/pg/ctx.ts';
import { startPlatform } from '../support/platform.ts';

const { call, device, pki, server } = await startPlatform();
const correlation = 'unique-id-from-requester-123';
/** As the guide names it, at its price. */
const productId = 'cm9kIiwiY2xpZW50QWRkcmVzcyI';
await putProducts(systemCtx(server.installation.database, server.installation), [
  {
    name: productId,
    kind: 'bundle',
    description: '3 GB in the United States',
    countries: ['US'],
    dataBytes: 3_000_000_000n,
    unlimited: false,
    validityDays: 30,
    speeds: [],
    groups: ['TRAVEL'],
    autostart: true,
    profileType: 'overair-usim',
    prices: { EUR: 900n, USD: 1_000n },
  },
]);
const tomorrow = `${new Date(Date.now() + 86_400_000).toISOString().slice(0, 19)}Z`;

/** What a client that knows nothing but the guide does before its first request. */
async function signIn(): Promise<string> {
  const { id, secret } = (await call('POST', '/api-keys', { name: 'connect', scopes: connectScopes })).body;
  const response = await fetch(`${server.apiUrl}/auth/realms/tru-staff/protocol/openid-connect/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: secret }),
  });
  assert.equal(response.status, 200);
  const tokens: any = await response.json();
  assert.ok(tokens.expires_in > 0 && tokens.refresh_token);
  return tokens.access_token;
}

const connectScopes = ['read', 'orders:write', 'lines:write'];
const accessToken = await signIn();

async function ask(method: string, path: string, body?: object, api = 'connect-api') {
  const response = await fetch(`${server.apiUrl}/${api}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${accessToken}`,
      'cache-control': 'no-cache',
      'content-type': 'application/json',
      'x-correlation-id': correlation,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  assert.equal(response.headers.get('x-correlation-id'), correlation);
  const answer: any = await response.json();
  return { status: response.status, body: answer };
}

/** The order of the guide, with these members of its device. */
function guideOrder(ofDevice: object, activationDate = tomorrow) {
  return {
    input: {
      operationType: 'NEW_ESIM',
      countryCode: 'PT',
      customer: { email: '', countryOfResidence: 'US' },
      device: { id: '123456789', model: 'iPhone', type: 'ios', ...ofDevice },
      subscriptions: [{ product_id: productId, activationDate, price: 10, currency: 'USD' }],
    },
  };
}

/** Steps 1 and 2 of the guide. */
async function complete(order: object, api?: string) {
  const { status, body } = await ask('POST', '/v1/order', order, api);
  assert.equal(status, 200, JSON.stringify(body));
  assert.deepEqual(body, { id: body.id, externalId: body.id, status: 'ACCEPTED' });
  for (let tries = 0; tries < 500; tries++) {
    const { body: now } = await ask('GET', `/v1/order/${body.id}`, undefined, api);
    if (now.status === 'COMPLETED') return now.output;
    assert.notEqual(now.status, 'FAILED', JSON.stringify(now));
    await sleep(20);
  }
  return assert.fail('the order was not completed');
}

/** A device that finds servers by their addresses alone, and asks the SM-DS of the platform. */
function phone() {
  const rootSmds = present(server.smdsAddress, 'an SM-DS');
  const card = createCard(createCardState({ pki, now: new Date(), rootSmds }));
  const lpa = createLpa(card);
  after(() => lpa.es9.close());
  return { lpa, eid: getEid(card) };
}

const stateOf = async (iccid: string) => (await ask('GET', `/v1/sim/${iccid}`)).body.status;

async function readPicture(png: Buffer): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'overair-qr-'));
  const file = join(folder, 'qr.png');
  await writeFile(file, png);
  const { stdout } = spawnSync('zbarimg', ['--quiet', '--raw', file], { encoding: 'utf8' });
  await rm(folder, { recursive: true });
  return stdout.trim();
}

const hasZbar = spawnSync('zbarimg', ['--version']).status === 0;

test('the order of the guide, as it is printed, is taken; its date of then is the past by now', async () => {
  const eid = '89001012012341234012345678901224';
  const { iccid } = await complete(guideOrder({ eid }));
  assert.equal((await ask('GET', `/v1/sim/${iccid}`)).body.eid, eid);
  const { status, body } = await ask('POST', '/v1/order', guideOrder({ eid }, '2019-09-13T12:00:00Z'));
  assert.deepEqual([status, body.type], [400, 'INVALID_REQUEST_PARAMS']);
  assert.deepEqual(body.messages, ['subscriptions[0].activationDate: is in the past']);
});

test('push install: the device of the EID finds its eSIM without any code', async () => {
  const { lpa, eid } = phone();
  assert.deepEqual(await discoverProfiles(lpa), []);
  const { iccid } = await complete(guideOrder({ eid }));
  assert.equal(await stateOf(iccid), 'Released');
  const [found] = await discoverProfiles(lpa);
  assert.ok(found && 'profile' in found);
  assert.equal(found.profile.iccid, iccid);
  await sendNotifications(lpa);
  assert.equal(await stateOf(iccid), 'Installed');
});

test('the EID of a device that is not ios is ignored', async () => {
  const { lpa, eid } = phone();
  await complete(guideOrder({ type: 'android', eid }));
  assert.deepEqual(await discoverProfiles(lpa), []);
});

test('the QR code is a public picture, which installs the eSIM on any device, and the eSIM is topped up then', {
  skip: !hasZbar && 'zbarimg is not there: apt-get install zbar-tools',
}, async () => {
  const { output, picture } = await orderWithPicture();
  const code = await readPicture(picture);
  assert.equal(code, output.lpa_url);
  // The guide's own way to build it.
  assert.equal(code, `LPA:1$${output.smdpUrl}$${output.matchingId}`);
  const { lpa } = device();
  assert.equal((await downloadProfile(lpa, code)).iccid, output.iccid);
  await sendNotifications(lpa);
  assert.equal(await stateOf(output.iccid), 'Installed');

  const topUp = {
    operationType: 'TOPUP',
    device: { id: '123456789' },
    esim: { iccid: output.iccid },
    subscriptions: [{ product_id: productId, price: 10, currency: 'USD' }],
  };
  const topped = await complete({ input: topUp });
  assert.deepEqual([topped.iccid, topped.matchingId], [output.iccid, undefined]);
  const { body } = await ask('GET', `/v1/sim/${output.iccid}/subscriptions`);
  assert.deepEqual(
    new Set(body.map(({ id }: { id: string }) => id)),
    new Set([output.subscription_id, topped.subscription_id]),
  );
});

async function orderWithPicture() {
  const output = await complete(guideOrder({}));
  const response = await fetch(output.qrcode_url);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'image/png');
  return { output, picture: Buffer.from(await response.arrayBuffer()) };
}

test('pre-production does all of it with test SIMs and play money, apart from production', async () => {
  const output = await complete(guideOrder({}), 'connect-api-preprod');
  const { lpa } = device();
  assert.equal((await downloadProfile(lpa, output.lpa_url)).iccid, output.iccid);
  const there = await ask('GET', `/v1/sim/${output.iccid}`, undefined, 'connect-api-preprod');
  assert.equal(there.status, 200);
  assert.equal((await ask('GET', `/v1/sim/${output.iccid}`)).status, 404);
});
