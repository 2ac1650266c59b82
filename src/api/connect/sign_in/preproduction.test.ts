import assert from 'node:assert/strict';
import { test } from 'node:test';
import { luhnDigit } from '../../../base/digits.ts';
import {
  authenticateApiKey,
  createAccount,
  createSubaccount,
  getClock,
} from '../../../modules/accounts/index.ts';
import { moveEsim } from '../../../modules/bundles/index.ts';
import { listEsimsOfOrder } from '../../../modules/esims/index.ts';
import { addStock, getProfileType, listStockLevels } from '../../../modules/inventory/index.ts';
import { getWallet, topUp } from '../../../modules/ledger/index.ts';
import { placeOrder, registerCard } from '../../../modules/orders/index.ts';
import { query } from '../../../pg/query.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { newTestKey } from '../../http/test_stock.ts';
import { data1Gb, openConnect, testHost } from '../test_connect.ts';
import { preproductionOf, testProfileType } from './preproduction.ts';

const door = await openConnect(await testDatabase(), { kind: 'live', fulfils: false });
const { app, ctx } = door;
const { account, secret } = door.account;
const open = async (key: string) => (await preproductionOf(ctx, await authenticateApiKey(ctx, key))).account;
const sandbox = await open(secret);
const stock = async () => {
  const levels = await listStockLevels(ctx);
  return [data1Gb.profileType, testProfileType].map(
    (name) => levels.find(({ profileType }) => profileType === name)?.available,
  );
};
const orderFor = async (accountId: string, more: object = {}) => {
  const order = await placeOrder(ctx, {
    accountId,
    currency: 'USD',
    lines: [{ product: data1Gb.name }],
    ...more,
  });
  await door.fulfil();
  const [esim] = await listEsimsOfOrder(ctx, { accountId, orderId: order.id, limit: 1 });
  return esim ?? assert.fail('no eSIM was made');
};

/** Calls our own API, with the account that the key acts for. */
async function v1(
  method: 'GET' | 'POST',
  path: string,
  of: { body?: object; actFor?: string; key?: string } = {},
) {
  const response = await app.inject({
    method,
    url: `/v1${path}`,
    headers: {
      host: testHost,
      authorization: `Bearer ${of.key ?? secret}`,
      ...(of.actFor !== undefined && { 'overair-account': of.actFor }),
    },
    ...(of.body && { payload: of.body }),
  });
  return { status: response.statusCode, body: response.json() };
}

test('pre-production opens with 1,000,000.00 of its currency and 1,000 test SIMs', async () => {
  const { availableMinor } = await getWallet(ctx, { accountId: sandbox.id, currency: 'USD' });
  assert.equal(availableMinor, 1_000_000_00n);
  assert.deepEqual(await stock(), [40, 1_000]);
  assert.equal((await getProfileType(ctx, testProfileType)).accountId, null);
  const yen = await createAccount(ctx, { name: 'Yen', kind: 'live', currency: 'JPY' });
  const { id: accountId } = await open((await newTestKey(ctx, yen, ['read'])).secret);
  const wallet = await getWallet(ctx, { accountId, currency: 'JPY' });
  assert.equal(wallet.availableMinor, 1_000_000n);
});

test('accounts that open theirs at the same time share the test SIMs, and each has its money once', async () => {
  const keys = await Promise.all(
    Array.from({ length: 5 }, async (_, n) => {
      const made = await createAccount(ctx, { name: `Many ${n}`, kind: 'live', currency: 'USD' });
      return (await newTestKey(ctx, made, ['read'])).secret;
    }),
  );
  const opened = await Promise.all([...keys, ...keys].map(open));
  assert.equal(new Set(opened.map(({ id }) => id)).size, 5);
  for (const { id: accountId } of opened)
    assert.equal((await getWallet(ctx, { accountId, currency: 'USD' })).fundedMinor, 1_000_000_00n);
  assert.deepEqual(await stock(), [40, 1_000]);
});

test('an order in pre-production takes a test SIM whatever its product says, from whichever door, also under a subaccount', async () => {
  await orderFor(sandbox.id);
  await orderFor(sandbox.id, { profileType: data1Gb.profileType });
  const sub = await write(ctx, {}, (tx) => createSubaccount(tx, { parentId: sandbox.id, name: 'Sub' }));
  await write(ctx, {}, (tx) =>
    topUp(tx, { accountId: sub.id, currency: 'USD', amountMinor: 10_00n, reference: 'play' }),
  );
  await orderFor(sub.id);
  const placed = await v1('POST', '/orders', {
    actFor: sandbox.id,
    body: { lines: [{ product: data1Gb.name }] },
  });
  assert.equal(placed.status, 201);
  await door.fulfil();
  assert.deepEqual(await stock(), [40, 996]);
  await orderFor(account.id);
  assert.deepEqual(await stock(), [39, 996]);
});

test('what is live does not get where money is play money, nor the other way round', async () => {
  const [live, play] = [await orderFor(account.id), await orderFor(sandbox.id)];
  const move = (accountId: string, idOrIccid: string, toAccountId: string) =>
    write(ctx, {}, (tx) => moveEsim(tx, { accountId, idOrIccid, keyAccountId: account.id, toAccountId }));
  await assert.rejects(move(account.id, live.id, sandbox.id), { code: 'not_found' });
  await assert.rejects(move(sandbox.id, play.id, account.id), { code: 'not_found' });
  const toSub = await move(account.id, live.id, door.subaccount.account.id);
  assert.equal(toSub.accountId, door.subaccount.account.id);
  const topUpLive = { lines: [{ product: data1Gb.name, esims: [live.id] }] };
  const refused = await v1('POST', '/orders', { actFor: sandbox.id, body: topUpLive });
  assert.deepEqual([refused.status, refused.body.code], [404, 'not_found']);
});

test('a SIM card is not registered in pre-production, with the right code', async () => {
  const [digits, registrationCode] = ['894920000000000201', 'PRINTED0N1T'];
  const iccid = digits + luhnDigit(digits);
  const profileType = await getProfileType(ctx, data1Gb.profileType);
  const card = { iccid, imsi: '262010000002010', registrationCode };
  const keys = { ki: Buffer.alloc(16, 1), opc: Buffer.alloc(16, 2) };
  await write(ctx, {}, (tx) =>
    addStock(tx, {
      accountId: account.id,
      profileType,
      source: 'imported',
      subscriptions: [{ ...card, ...keys }],
    }),
  );
  const register = (accountId: string) => registerCard(ctx, { accountId, iccid, registrationCode });
  await assert.rejects(register(sandbox.id), { code: 'registration_refused' });
  assert.equal((await register(account.id)).iccid, iccid);
});

test('its clock is moved by our API, in the name of the sandbox that the account was told of; the account’s stays', async () => {
  const events = await v1('GET', '/events?type=account.created');
  const told = events.body.data.find((event: any) => event.data.sandbox === true);
  assert.equal(told.resourceId, sandbox.id);
  const to = new Date(Date.now() + 3 * 86_400_000).toISOString();
  const moved = await v1('POST', '/clock', { actFor: sandbox.id, body: { to } });
  assert.equal(moved.status, 200, JSON.stringify(moved.body));
  const [there, here] = [await getClock(ctx, sandbox.id), await getClock(ctx, account.id)];
  assert.ok(there.offsetMs > 2.9 * 86_400_000);
  assert.equal(here.offsetMs, 0);
  assert.equal((await open(secret)).clockOffsetMs, there.offsetMs);
  const stranger = await v1('POST', '/clock', {
    actFor: sandbox.id,
    body: { to },
    key: door.foreign.secret,
  });
  assert.equal(stranger.status, 404);
  assert.equal((await v1('POST', '/clock', { body: { to } })).status, 403);
});

test('pre-production that cannot be furnished is not made', async () => {
  const made = await createAccount(ctx, { name: 'Unlucky', kind: 'live', currency: 'USD' });
  const key = (await newTestKey(ctx, made, ['read'])).secret;
  await query(ctx.db, 'alter table inventory.profile_types rename to hidden');
  await query(ctx.db, 'alter table inventory.sim_profiles rename to hidden_too');
  await assert.rejects(open(key));
  await query(ctx.db, 'alter table inventory.hidden rename to profile_types');
  await query(ctx.db, 'alter table inventory.hidden_too rename to sim_profiles');
  const { id: accountId } = await open(key);
  const wallet = await getWallet(ctx, { accountId, currency: 'USD' });
  assert.equal(wallet.fundedMinor, 1_000_000_00n);
});
