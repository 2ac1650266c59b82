import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { settingsOf, startTestRemoteSmdp } from '../../outgoing/test_remote_smdp.ts';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { testEid } from '../../rsp/pki/make_test_pki.ts';
import { putProducts } from '../catalogue/index.ts';
import { listEsimsOfOrder } from '../esims/index.ts';
import { getWallet } from '../ledger/index.ts';
import { createRemoteClients, orderRemotely, removeRemoteSmdp } from '../remote_smdp/index.ts';
import { getSim } from '../sims/index.ts';
import { cancelOrder, fulfilOrders, getOrder, type OrderLineInput, placeOrder } from './index.ts';
import { registerRemote } from './test_remote_type.ts';
import { openShop, shopProducts } from './test_shop.ts';

const database = await testDatabase();
const ctx = testCtx(database, new Date());
const account = await openShop(ctx, { balanceMinor: 1_000_000n });
const accountId = account.id;
const remote = await startTestRemoteSmdp();
const partner = await registerRemote(ctx, accountId, settingsOf(remote));
await putProducts(ctx, [
  ...shopProducts,
  { ...shopProducts[0]!, name: 'remote_1GB', profileType: 'remote-usim', prices: { EUR: 3_00n } },
]);
let clients = createRemoteClients({ timeoutMs: 300 });
after(() => clients.close());

const place = (...lines: OrderLineInput[]) => placeOrder(ctx, { accountId, currency: 'EUR', lines });
const orderOf = (id: string) => getOrder(ctx, { accountId, id });
const fulfil = async () => {
  while ((await fulfilOrders(ctx, { smdpAddress: 'own.example.com' })) > 0);
};
const esimsOf = (orderId: string) => listEsimsOfOrder(ctx, { accountId, orderId, limit: 1_000 });
const one = { product: 'remote_1GB' };

/** Fulfilment and remote calls, in turn, until neither has anything to do now. */
async function settle(): Promise<void> {
  for (;;) {
    await fulfil();
    if ((await orderRemotely(ctx, clients)) === 0) return await fulfil();
  }
}

/** As if the time had come to try again, and a server could be tried. */
async function skipWaits(): Promise<void> {
  await query(ctx.db, 'update remote_smdp.profiles set due_at = now() where due_at is not null');
  await query(ctx.db, 'update remote_smdp.servers set open_until = null');
}

const rowsOf = (orderId: string) =>
  query<Record<string, any>>(ctx.db, 'select * from remote_smdp.profiles where order_id = $1 order by unit', [
    orderId,
  ]);
const stepsOf = async (orderId: string) => (await rowsOf(orderId)).map(({ step }) => step);
const typesOf = async (resourceId: string) =>
  (
    await query<{ type: string }>(
      ctx.db,
      'select type from events.events where resource_id = $1 order by tx, position',
      [resourceId],
    )
  ).map(({ type }) => type);
const held = async () => (await getWallet(ctx, { accountId, currency: 'EUR' })).heldMinor;

test.beforeEach(() => {
  remote.fault = () => undefined;
  remote.obeys = true;
});

test('a remote profile is ordered, confirmed and released there, and becomes an eSIM with a line and its bundle', async () => {
  const order = await place(one);
  await settle();
  assert.equal((await orderOf(order.id)).status, 'completed');
  assert.deepEqual(await typesOf(order.id), ['order.accepted', 'order.fulfilling', 'order.completed']);
  const [esim] = await esimsOf(order.id);
  const profile = remote.profiles.get(esim!.iccid)!;
  assert.deepEqual(
    [esim!.state, esim!.smdpAddress, esim!.matchingId, profile.state],
    ['available', 'theirs.example.com', profile.matchingId, 'released'],
  );
  const line = await getSim(ctx, { accountId, key: esim!.id });
  assert.deepEqual([line.imsi, line.msisdn, line.status, line.iccid], [null, null, 'ready', esim!.iccid]);
  assert.equal(await held(), 0n);
  const [ordered] = remote.calls('downloadOrder');
  const { header, ...members } = ordered!.body;
  assert.deepEqual(members, { profileType: 'THEIRS' });
  assert.equal((header as any).functionRequesterIdentifier, 'OVERAIR');
  assert.deepEqual(
    { ...remote.calls('confirmOrder')[0]!.body, header: null },
    { header: null, iccid: esim!.iccid, releaseFlag: true },
  );
});

test('EID, confirmation code and delivery go to the remote server, and the code is at rest nowhere in the clear', async () => {
  const order = await place({ ...one, eid: testEid, confirmationCode: '471147', delivery: 'default_smdp' });
  await fulfil();
  const stored = JSON.stringify(
    await query(ctx.db, 'select lines from orders.orders where id = $1', [order.id]),
  );
  assert.ok(!stored.includes('471147') && !JSON.stringify(await rowsOf(order.id)).includes('471147'));
  await settle();
  const [esim] = await esimsOf(order.id);
  const { confirmation, eid } = remote.profiles.get(esim!.iccid)!;
  assert.deepEqual(
    [eid, confirmation!['eid'], confirmation!['matchingId'], confirmation!['confirmationCode']],
    [testEid, testEid, '', '471147'],
  );
  assert.deepEqual([esim!.matchingId, esim!.confirmationCodeRequired, esim!.eid], [null, true, testEid]);
  assert.equal((await rowsOf(order.id))[0]!['confirmation_code'], null);
});

test('an eSIM that its device shall discover is registered by the remote server at the SM-DS it was told', async () => {
  const order = await place({ ...one, eid: testEid, delivery: 'smds' });
  await settle();
  const [esim] = await esimsOf(order.id);
  const { confirmation, matchingId } = remote.profiles.get(esim!.iccid)!;
  assert.equal(confirmation!['smdsAddress'], 'lpa.ds.gsma.com');
  assert.ok(esim!.matchingId !== null && esim!.matchingId === matchingId);
});

test('an answer that was lost is asked for again by the same identifier, and nothing is ordered twice', async () => {
  const before = remote.profiles.size;
  const seen = remote.server.received.length;
  const lost = new Set<string>();
  remote.fault = (name) => {
    if (lost.has(name)) return undefined;
    lost.add(name);
    return name === 'downloadOrder' ? 'stall' : { status: 500 };
  };
  const order = await place(one);
  await settle();
  assert.equal((await orderOf(order.id)).status, 'fulfilling');
  await skipWaits();
  await settle();
  await skipWaits();
  await settle();
  assert.equal((await orderOf(order.id)).status, 'completed');
  assert.equal(remote.profiles.size, before + 1);
  const calls = remote.server.received
    .slice(seen)
    .map(({ path, body }) => [path.split('/').at(-1), (body['header'] as any).functionCallIdentifier]);
  const [first, , third] = calls.map(([, identifier]) => identifier);
  assert.deepEqual(calls, [
    ['downloadOrder', first],
    ['downloadOrder', first],
    ['confirmOrder', third],
    ['confirmOrder', third],
  ]);
  assert.notEqual(first, third);
});

test('a failed call is tried again after 1 s, 5 s, 30 s, 2 min and then every 10 min', async () => {
  remote.fault = () => ({ status: 503 });
  const order = await place(one);
  await fulfil();
  const waits: number[] = [];
  for (let tries = 0; tries < 6; tries++) {
    await orderRemotely(ctx, clients);
    const [row] = await query<{ wait: number }>(
      ctx.db,
      'select extract(epoch from due_at - clock_timestamp())::float8 as wait from remote_smdp.profiles where order_id = $1',
      [order.id],
    );
    waits.push(row!.wait);
    await skipWaits();
  }
  for (const [index, seconds] of [1, 5, 30, 120, 600, 600].entries())
    assert.ok(Math.abs(waits[index]! - seconds) < 1, `${waits[index]} s instead of ${seconds}`);
  remote.fault = () => undefined;
  await settle();
  assert.equal((await orderOf(order.id)).status, 'completed');
});

test('after five failures in a row nothing is sent for half a minute, then one call tries, and all go on', async () => {
  remote.fault = () => ({ status: 500 });
  const orders = [];
  for (let count = 0; count < 7; count++) orders.push(await place(one));
  await fulfil();
  await orderRemotely(ctx, clients);
  await query(ctx.db, 'update remote_smdp.profiles set due_at = now() where due_at is not null');
  const before = remote.server.received.length;
  assert.equal(await orderRemotely(ctx, clients), 0);
  assert.equal(remote.server.received.length, before);
  const [{ open }] = (await query<{ open: number }>(
    ctx.db,
    'select extract(epoch from open_until - clock_timestamp())::float8 as open from remote_smdp.servers',
  )) as [{ open: number }];
  assert.ok(open > 28 && open <= 30, `${open} s`);
  await query(ctx.db, 'update remote_smdp.servers set open_until = now()');
  // Two nodes at once: one call in all.
  await Promise.all([orderRemotely(ctx, clients), orderRemotely(ctx, clients)]);
  assert.equal(remote.server.received.length, before + 1);
  remote.fault = () => undefined;
  await skipWaits();
  assert.equal(await orderRemotely(ctx, clients), 1);
  await settle();
  for (const { id } of orders) assert.equal((await orderOf(id)).status, 'completed');
});

test('when there is nothing left, the order fails as it does at home: charged nothing, and what was ordered is cancelled', async () => {
  const released = () => [...remote.profiles.values()].filter(({ state }) => state !== 'available').length;
  const before = released();
  let given = 0;
  remote.fault = (name) =>
    name === 'downloadOrder' && ++given > 3 ? { refuse: ['8.2.5', '3.7'] } : undefined;
  remote.obeys = false;
  const order = await place({ ...one, quantity: 5 });
  await settle();
  const failed = await orderOf(order.id);
  assert.deepEqual([failed.status, failed.failure?.code], ['failed', 'stock_empty']);
  assert.equal(await held(), 0n);
  assert.equal((await esimsOf(order.id)).length, 0);
  remote.fault = () => undefined;
  await skipWaits();
  await settle();
  assert.equal(released(), before);
  assert.ok((await stepsOf(order.id)).every((step) => step === 'cancelled' || step === 'failed'));
});

const refusals: [pair: [string, string], code: string][] = [
  [['8.2.5', '3.9'], 'unknown_profile_type'],
  [['8.2.5', '1.2'], 'forbidden'],
  [['8.1.1', '3.10'], 'invalid_request'],
  [['8.9', '5.1'], 'conflict'],
];
for (const [pair, code] of refusals) {
  test(`a confirmation refused with ${pair.join('/')} fails the order as ${code}, and the profile is given back`, async () => {
    remote.fault = (name) => (name === 'confirmOrder' ? { refuse: pair } : undefined);
    remote.obeys = false;
    const order = await place(one);
    await settle();
    const failed = await orderOf(order.id);
    assert.deepEqual([failed.status, failed.failure?.code], ['failed', code]);
    assert.ok(failed.failure?.detail.includes(pair.join('/')));
    assert.deepEqual(await stepsOf(order.id), ['cancelled']);
    const [row] = await rowsOf(order.id);
    assert.equal(remote.profiles.get(row!['iccid'])?.state, 'available');
  });
}

test('a refusal that speaks of passing trouble is no refusal of the order', async () => {
  remote.fault = (name) => (name === 'downloadOrder' ? { refuse: ['8.2.1', '5.1'] } : undefined);
  const order = await place(one);
  await settle();
  assert.equal((await orderOf(order.id)).status, 'fulfilling');
  remote.fault = () => undefined;
  await skipWaits();
  await settle();
  assert.equal((await orderOf(order.id)).status, 'completed');
});

test('an order that waits for a remote server can be cancelled, also when an answer was lost: it is taken back there', async () => {
  remote.fault = (name) => (name === 'downloadOrder' ? 'cut' : undefined);
  const order = await place(one);
  const count = remote.profiles.size;
  await settle();
  assert.equal(remote.profiles.size, count + 1);
  const cancelled = await cancelOrder(ctx, { accountId, id: order.id });
  assert.deepEqual([cancelled.status, await held()], ['cancelled', 0n]);
  assert.deepEqual(await cancelOrder(ctx, { accountId, id: order.id }), cancelled);
  remote.fault = () => undefined;
  await skipWaits();
  await settle();
  assert.deepEqual(await stepsOf(order.id), ['cancelled']);
  assert.equal([...remote.profiles.values()].at(-1)?.state, 'available');
  assert.equal((await orderOf(order.id)).status, 'cancelled');
});

test('an order that is cancelled before anything was sent sends nothing', async () => {
  const order = await place(one);
  await fulfil();
  const before = remote.server.received.length;
  await cancelOrder(ctx, { accountId, id: order.id });
  await settle();
  assert.deepEqual([await stepsOf(order.id), remote.server.received.length], [['cancelled'], before]);
});

test('an order of both kinds takes its own stock at first, and gives it back when the remote part fails', async () => {
  const available = async () =>
    Number(
      (
        await query<{ count: bigint }>(
          ctx.db,
          "select count(*) from inventory.sim_profiles where state = 'available'",
        )
      )[0]!.count,
    );
  const before = await available();
  const lines = [
    { product: 'esim_1GB_7D_NL_V2', quantity: 2 },
    { ...one, quantity: 2 },
  ];
  remote.fault = () => ({ refuse: ['8.2.5', '3.7'] });
  remote.obeys = false;
  const failed = await place(...lines);
  await fulfil();
  assert.equal(await available(), before - 2);
  await settle();
  assert.deepEqual([(await orderOf(failed.id)).status, await available()], ['failed', before]);
  remote.fault = () => undefined;
  const order = await place(...lines);
  await settle();
  assert.equal((await orderOf(order.id)).status, 'completed');
  const esims = await esimsOf(order.id);
  assert.deepEqual(esims.map(({ smdpAddress }) => smdpAddress).sort(), [
    'own.example.com',
    'own.example.com',
    'theirs.example.com',
    'theirs.example.com',
  ]);
});

test('an order of more than a slice is ordered whole, and then delivered slice by slice', async () => {
  const other = await startTestRemoteSmdp({ stock: 1_000 });
  await registerRemote(ctx, accountId, settingsOf(other));
  const order = await place({ ...one, quantity: 130 });
  await settle();
  assert.equal((await orderOf(order.id)).status, 'completed');
  assert.equal((await esimsOf(order.id)).length, 130);
  assert.equal(other.profiles.size, 130);
  await registerRemote(ctx, accountId, settingsOf(remote));
});

test('a node that dies anywhere in between loses nothing and orders nothing twice', async () => {
  for (const point of ['before the call', 'after the call', 'after the answer']) {
    const before = remote.profiles.size;
    const order = await place(one);
    await fulfil();
    // What another node would find: a claim that nobody holds any more, and an answer that was never written down.
    if (point !== 'after the answer') {
      await query(
        ctx.db,
        "update remote_smdp.profiles set claimed_until = now() + interval '30 seconds', called_at = now() where order_id = $1",
        [order.id],
      );
      if (point === 'after the call') {
        const [{ id }] = (await rowsOf(order.id)) as [{ id: string }];
        const header = {
          functionRequesterIdentifier: 'OVERAIR',
          functionCallIdentifier: `${id}.downloadOrder`,
        };
        remote.server.answer({
          path: '/gsma/rsp2/es2plus/downloadOrder',
          headers: {},
          client: undefined,
          body: { header, profileType: 'THEIRS' },
        });
      }
      assert.equal(await orderRemotely(ctx, clients), 0, 'a claim is respected');
      await query(ctx.db, 'update remote_smdp.profiles set claimed_until = now() where order_id = $1', [
        order.id,
      ]);
    } else await orderRemotely(ctx, clients);
    clients.close();
    clients = createRemoteClients({ timeoutMs: 300 });
    await settle();
    assert.equal((await orderOf(order.id)).status, 'completed', point);
    assert.equal(remote.profiles.size, before + 1, point);
  }
});

test('an order that has waited for a day fails, and is taken back when the server is there again', async () => {
  remote.fault = (name) => (name === 'confirmOrder' ? { status: 500 } : undefined);
  remote.obeys = false;
  const order = await place(one);
  await settle();
  await query(ctx.db, 'update remote_smdp.orders set deadline_at = now() where order_id = $1', [order.id]);
  remote.fault = () => ({ status: 500 });
  await settle();
  const failed = await orderOf(order.id);
  assert.deepEqual([failed.status, failed.failure?.code, await held()], ['failed', 'unavailable', 0n]);
  remote.fault = () => undefined;
  await skipWaits();
  await settle();
  assert.deepEqual(await stepsOf(order.id), ['cancelled']);
});

test('an ICCID that another profile has fails the order, and that profile is left alone', async () => {
  const first = await place(one);
  await settle();
  const [esim] = await esimsOf(first.id);
  remote.fault = (name) => (name === 'downloadOrder' ? { ok: { iccid: esim!.iccid } } : undefined);
  const second = await place(one);
  await settle();
  const { status, failure } = await orderOf(second.id);
  assert.deepEqual([status, failure?.code], ['failed', 'conflict']);
  assert.equal(remote.profiles.get(esim!.iccid)?.state, 'released');
});

const nonsense: Record<string, unknown>[] = [
  {},
  { iccid: 5 },
  { iccid: '' },
  { iccid: '89x' },
  { iccid: '1'.repeat(21) },
];
for (const ok of nonsense) {
  test(`an answer with ${JSON.stringify(ok)} for an ICCID is no answer`, async () => {
    remote.fault = (name) => (name === 'downloadOrder' ? { ok } : undefined);
    const order = await place(one);
    await settle();
    const [row] = await rowsOf(order.id);
    assert.deepEqual([row!['step'], row!['attempts']], ['to_order', 1]);
    remote.fault = () => undefined;
    await skipWaits();
    await settle();
    assert.equal((await orderOf(order.id)).status, 'completed');
  });
}

test('an ICCID of 19 digits may be padded', async () => {
  remote.fault = (name) => (name === 'downloadOrder' ? { ok: { iccid: '8949000000000000001F' } } : undefined);
  remote.obeys = false;
  const order = await place(one);
  await fulfil();
  await orderRemotely(ctx, clients);
  assert.equal((await rowsOf(order.id))[0]!['iccid'], '8949000000000000001');
  await cancelOrder(ctx, { accountId, id: order.id });
  await settle();
});

test('an end to downloads, which ES2+ does not know, is refused by name', async () => {
  const downloadBy = new Date(ctx.now.getTime() + 86_400_000);
  await assert.rejects(place({ ...one, downloadBy }), { code: 'invalid_request', message: /downloadBy/ });
});

test('other orders go on while some wait, however many', async () => {
  remote.fault = () => 'stall';
  const waiting = [];
  for (let count = 0; count < 3; count++) waiting.push(await place(one));
  await fulfil();
  const own = await place({ product: 'esim_1GB_7D_NL_V2' });
  await fulfil();
  assert.equal((await orderOf(own.id)).status, 'completed');
  for (const { id } of waiting) await cancelOrder(ctx, { accountId, id });
  remote.fault = () => undefined;
  await settle();
});

test('products of a server that was removed cannot be ordered until it is put again', async () => {
  const waiting = await place(one);
  await fulfil();
  await assert.rejects(removeRemoteSmdp(ctx, { accountId, name: partner.name }), { code: 'conflict' });
  await settle();
  assert.equal((await orderOf(waiting.id)).status, 'completed');
  await removeRemoteSmdp(ctx, { accountId, name: partner.name });
  await assert.rejects(place(one), { code: 'stock_empty' });
  const again = await registerRemote(ctx, accountId, settingsOf(remote));
  assert.equal(again.id, partner.id);
  const order = await place(one);
  await settle();
  assert.equal((await orderOf(order.id)).status, 'completed');
});
