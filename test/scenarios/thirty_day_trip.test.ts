import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { downloadProfile } from '../../src/device/lpa/download_profile.ts';
import { enableProfile } from '../../src/device/lpa/es10_client.ts';
import { sendNotifications } from '../../src/device/lpa/send_notifications.ts';
import { createSimulatedNetwork } from '../../src/device/network/simulated_network.ts';
import { findStandardFault } from '../../src/modules/webhooks/index.ts';
import { startPlatform } from '../support/platform.ts';

const platform = await startPlatform({ OVERAIR_CALLBACK_NETWORKS: '127.0.0.0/8' });
const { call, order, device } = platform;

/** What a receiver was told, its signatures checked. */
const told: { id: string; type: string; resourceId: string; occurredAt: string; data: any }[] = [];
let secret = '';
const receiver = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks).toString();
    assert.equal(
      findStandardFault({ headers: request.headers, body, secrets: [secret], now: new Date() }),
      undefined,
    );
    told.push(JSON.parse(body).data);
    response.writeHead(204).end();
  });
});
await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
after(() => receiver.close());

const days = 86_400;
const gigabyte = 1_000_000_000;
const netherlands = { mcc: '204', mnc: '08' };
const germany = { mcc: '262', mnc: '01' };
const france = { mcc: '208', mnc: '01' };

/** Everything that happens on the trip, in its order. */
const story = [
  ...[
    'order.accepted',
    'esim.reserved',
    'esim.available',
    'sim.created',
    'bundle.assigned',
    'order.completed',
  ],
  ...['profile.downloaded', 'esim.downloaded', 'profile.installed', 'esim.installed'],
  ...['profile.enabled', 'esim.enabled'],
  // The Netherlands, 10 MB.
  ...['sim.first_attached', 'sim.attached', 'bundle.started', 'bundle.threshold_reached', 'sim.first_used'],
  ...['sim.status_changed', 'sim.billing_period_started', 'clock.moved'],
  // Germany, 500 MB.
  ...['sim.country_changed', 'sim.attached', 'bundle.threshold_reached', 'clock.moved'],
  // France, 300 MB, a top-up, and 300 MB more.
  ...['sim.country_changed', 'sim.attached', 'bundle.threshold_reached'],
  ...['order.accepted', 'bundle.assigned', 'order.completed', 'clock.moved'],
  ...['bundle.threshold_reached', 'bundle.depleted', 'bundle.started', 'bundle.threshold_reached'],
  // At home again: the month of the line is over, then the second bundle.
  ...['sim.detached', 'sim.billing_period_started', 'bundle.expired', 'clock.moved'],
];

test('a trip of thirty days through three countries, every event, webhook and ledger entry of it', async (t) => {
  await put('trip_1GB_30D', 30, 650);
  await put('trip_1GB_15D', 15, 400);
  const { port } = receiver.address() as AddressInfo;
  const endpoint = await call('POST', '/webhooks', { url: `http://127.0.0.1:${port}/` });
  assert.equal(endpoint.status, 201, JSON.stringify(endpoint.body));
  secret = endpoint.body.secret;
  const walletBefore = (await call('GET', '/account')).body.wallet;
  const startedAt = performance.now();

  const [esim] = await order({ product: 'trip_1GB_30D' });
  const { card, lpa } = device();
  await downloadProfile(lpa, esim.activationCode);
  enableProfile(card, esim.iccid);
  await sendNotifications(lpa);

  const time = { now: new Date() };
  const network = createSimulatedNetwork({
    baseUrl: `${platform.server.apiUrl}/v1`,
    apiKey: platform.apiKey,
    now: () => time.now,
  });
  const advance = async (advanceSeconds: number) => {
    const { status, body } = await call('POST', '/clock', { advanceSeconds });
    assert.equal(status, 200, JSON.stringify(body));
    time.now = new Date(body.now);
  };
  const use = async (megabytes: number) => {
    time.now = new Date((await call('GET', '/clock')).body.now);
    await network.useData(session, { bytesDown: megabytes * 1_000_000, bytesUp: 0 });
  };

  const session = await network.attach(card, netherlands);
  await use(10);
  await advance(5 * days);
  await network.roam(session, germany);
  await use(500);
  await advance(10 * days);
  await network.roam(session, france);
  await use(300);
  const topUp = await call('POST', '/orders', {
    lines: [{ product: 'trip_1GB_15D', esims: [esim.id] }],
  });
  assert.equal(topUp.status, 201, JSON.stringify(topUp.body));
  await advance(1 * days);
  await use(300);
  await network.detach(session);
  await advance(15 * days);
  t.diagnostic(`the trip took ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);

  const { data: bundles } = (await call('GET', `/esims/${esim.id}/bundles`)).body;
  assert.deepEqual(
    bundles.map((each: any) => [each.product, each.state, each.remainingBytes]),
    [
      ['trip_1GB_30D', 'depleted', 0],
      ['trip_1GB_15D', 'expired', gigabyte - 110_000_000],
    ],
  );

  // The stock of a sandbox is filled up by itself, whenever that is.
  const isOfTrip = ({ type }: { type: string }) => type !== 'batch.created';
  const events = (await allEvents()).filter(isOfTrip);
  const begins = events.findIndex((event) => event.type === 'order.accepted');
  assert.deepEqual(
    events.slice(begins).map((event) => event.type),
    story,
  );
  assert.deepEqual(
    events
      .filter((event) => event.type === 'bundle.threshold_reached')
      .map((event) => [event.data.product, event.data.threshold]),
    [
      ['trip_1GB_30D', 1],
      ['trip_1GB_30D', 50],
      ['trip_1GB_30D', 80],
      ['trip_1GB_30D', 100],
      ['trip_1GB_15D', 1],
    ],
  );
  assert.deepEqual(
    events.filter((event) => event.type === 'sim.country_changed').map((event) => event.data.to),
    ['DE', 'FR'],
  );
  assert.deepEqual(
    events.map(({ occurredAt }) => occurredAt),
    events.map(({ occurredAt }) => occurredAt).toSorted(),
  );

  const heard = told.filter(isOfTrip);
  const wanted = events.filter((event) => event.id >= firstTold());
  assert.deepEqual(heard.map(({ id }) => id).toSorted(), wanted.map(({ id }) => id).toSorted());
  for (const resource of new Set(heard.map((event) => event.resourceId)))
    assert.deepEqual(
      heard.filter((event) => event.resourceId === resource).map(({ id }) => id),
      wanted.filter((event) => event.resourceId === resource).map(({ id }) => id),
    );

  const { data: transfers } = (await call('GET', '/transfers')).body;
  assert.deepEqual(
    transfers
      .slice(0, 4)
      .toReversed()
      .map((each: any) => [each.reason, each.debit, each.credit, each.amount.amount]),
    [
      ['order_hold', 'available', 'held', '6.50'],
      ['order_settle', 'held', 'spent', '6.50'],
      ['order_hold', 'available', 'held', '4.00'],
      ['order_settle', 'held', 'spent', '4.00'],
    ],
  );
  const { wallet } = (await call('GET', '/account')).body;
  assert.equal(Number(walletBefore.available.amount) - Number(wallet.available.amount), 10.5);
  assert.equal(Number(wallet.held.amount), 0);
});

async function put(name: string, validityDays: number, minor: number): Promise<void> {
  const { status, body } = await call('PUT', '/products', {
    products: [
      {
        name,
        kind: 'bundle',
        description: name,
        countries: ['NL', 'DE', 'FR'],
        dataBytes: gigabyte,
        validityDays,
        profileType: 'overair-usim',
        prices: [{ amount: (minor / 100).toFixed(2), currency: 'EUR' }],
      },
    ],
  });
  assert.equal(status, 200, JSON.stringify(body));
}

async function allEvents(): Promise<any[]> {
  const events: any[] = [];
  for (let after = ''; ; ) {
    const { body } = await call('GET', `/events?limit=200${after && `&after=${after}`}`);
    if (body.data.length === 0) return events;
    events.push(...body.data);
    after = body.nextCursor;
  }
}

/** Events from before the endpoint are not told. */
function firstTold(): string {
  return told.map(({ id }) => id).toSorted()[0] ?? '';
}
