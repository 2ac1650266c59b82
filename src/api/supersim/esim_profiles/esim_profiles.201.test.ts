import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completeEid } from '../../../base/digits.ts';
import { putDoor } from '../../../modules/accounts/index.ts';
import { putProducts } from '../../../modules/catalogue/index.ts';
import { getWallet } from '../../../modules/ledger/index.ts';
import { listOrders } from '../../../modules/orders/index.ts';
import { createOutgoing, findCallbacks, useOutgoing } from '../../../modules/webhooks/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { esimProduct, openSuperSim, testBase } from '../test_supersim.ts';
import { readSid } from '../wire/sid.ts';

const door = await openSuperSim(await testDatabase());
const accountId = door.account.account.id;
const eid = completeEid('890490321234512345123456789012');
const maskedEid = '89049032005008882600033489aaaaaa';

const order = (form: Record<string, string | boolean>, headers = {}) =>
  door.call('POST', '/ESimProfiles', { form, headers });
const fetchOf = async (sid: string) => (await door.call('GET', `/ESimProfiles/${sid}`)).body;
const walletOf = (id: string) => getWallet(door.ctx, { accountId: id, currency: 'USD' });

test('an order with a matching id answers a new profile, of which nothing else is known yet', async () => {
  const { status, body } = await order({ GenerateMatchingId: true });
  assert.equal(status, 201);
  assert.ok(readSid('esimProfile', body.sid));
  assert.deepEqual(body, {
    sid: body.sid,
    account_sid: door.account.sid,
    iccid: null,
    sim_sid: null,
    status: 'new',
    eid: null,
    smdp_plus_address: null,
    matching_id: null,
    activation_code: null,
    error_code: null,
    error_message: null,
    date_created: body.date_created,
    date_updated: body.date_created,
    url: `${testBase}/ESimProfiles/${body.sid}`,
  });
  assert.deepEqual(Object.keys(body).slice(0, 5), ['sid', 'account_sid', 'iccid', 'sim_sid', 'status']);
  assert.equal((await fetchOf(body.sid)).status, 'reserving');
});

test('a profile with a matching id is available with its code: no LPA:, the host in capitals', async () => {
  const { body } = await order({ GenerateMatchingId: true });
  await door.fulfil();
  const found = await fetchOf(body.sid);
  assert.deepEqual([found.status, found.smdp_plus_address], ['available', 'smdp.shop.example']);
  assert.match(found.matching_id, /^[0-9A-Z-]{10,}$/);
  assert.equal(found.activation_code, `1$SMDP.SHOP.EXAMPLE$${found.matching_id}`);
  assert.equal(found.eid, null);
  const sim = await door.call('GET', `/Sims/${found.sim_sid}`);
  assert.deepEqual([sim.body.status, sim.body.iccid], ['new', found.iccid]);
});

test('a profile for an EID has neither matching id nor code, and its address only once it is available', async () => {
  const { body } = await order({ Eid: eid });
  assert.deepEqual([body.eid, body.smdp_plus_address], [eid, null]);
  await door.fulfil();
  const found = await fetchOf(body.sid);
  assert.deepEqual(
    [found.status, found.eid, found.smdp_plus_address, found.matching_id, found.activation_code],
    ['available', eid, 'smdp.shop.example', null, null],
  );
});

for (const [name, form] of [
  ['GenerateMatchingId=True, as Python writes it', { GenerateMatchingId: 'True' }],
  ['an EID with GenerateMatchingId=false', { Eid: eid, GenerateMatchingId: 'false' }],
  ['fields that we do not know', { GenerateMatchingId: 'true', Color: 'green', Price: '0' }],
  ["the documentation's masked EID in a sandbox account", { Eid: maskedEid }],
] as const)
  test(`an order is taken with ${name}`, async () => {
    assert.equal((await order(form)).status, 201);
  });

test('the price is held with the order and spent before the profile is available', async () => {
  const before = await walletOf(accountId);
  const { body } = await order({ GenerateMatchingId: true });
  const held = await walletOf(accountId);
  assert.equal(before.availableMinor - held.availableMinor, 300n);
  await door.fulfil();
  assert.equal((await fetchOf(body.sid)).status, 'available');
  assert.equal((await walletOf(accountId)).availableMinor, held.availableMinor);
});

test('a repeated Idempotency-Key gives the same profile as it is by now, and is paid once', async () => {
  const key = { 'idempotency-key': 'order-1' };
  const first = await order({ GenerateMatchingId: true }, key);
  const paid = (await walletOf(accountId)).availableMinor;
  assert.deepEqual((await order({ GenerateMatchingId: true }, key)).body, first.body);
  await door.fulfil();
  const repeated = await order({ GenerateMatchingId: true }, key);
  assert.deepEqual([repeated.status, repeated.body.sid], [201, first.body.sid]);
  assert.equal(repeated.body.status, 'available');
  assert.equal((await walletOf(accountId)).availableMinor, paid);
});

test('an order with a callback keeps it for the profile, in the transaction of the order', async () => {
  useOutgoing(door.core, createOutgoing({ allowedNetworks: ['127.0.0.0/8'] }));
  const callbacksOf = async (sid: string) => {
    const resourceIds = [readSid('esimProfile', sid) ?? ''];
    const found = await findCallbacks(door.ctx, { accountId, resourceIds });
    return found.map(({ url, method, dialect, topic }) => ({ url, method, dialect, topic }));
  };
  const url = 'http://127.0.0.1:9/cb';
  const kept = { url, dialect: 'twilio', topic: 'esim_profile' };
  const one = (await order({ GenerateMatchingId: true, CallbackUrl: url })).body;
  assert.equal(one.status, 'new');
  assert.deepEqual(await callbacksOf(one.sid), [{ ...kept, method: 'POST' }]);
  const key = { 'idempotency-key': 'order-2' };
  const form = { Eid: eid, CallbackUrl: url, CallbackMethod: 'GET' };
  const two = (await order(form, key)).body;
  assert.deepEqual((await order(form, key)).body.sid, two.sid);
  assert.deepEqual(await callbacksOf(two.sid), [{ ...kept, method: 'GET' }]);
  await door.fulfil();
  assert.equal((await fetchOf(two.sid)).status, 'available');
});

test('what is ordered is the product that the account has set', async () => {
  await putProducts(door.ctx, [{ ...esimProduct, name: 'super_sim', prices: { USD: 199n } }]);
  const set = (settings: object) =>
    write(door.ctx, {}, (tx) => putDoor(tx, { accountId, door: 'supersim', settings }));
  await set({ product: 'super_sim' });
  await order({ GenerateMatchingId: true });
  await set({});
  const [latest] = await listOrders(door.ctx, { accountId, limit: 1 });
  assert.deepEqual([latest?.lines[0]?.product, latest?.totalMinor], ['super_sim', 199n]);
});

test('a subaccount orders for itself, and its parent does not see it', async () => {
  const { subaccount } = door;
  const { body } = await door.call('POST', '/ESimProfiles', {
    form: { GenerateMatchingId: true },
    auth: subaccount.auth,
  });
  assert.equal(body.account_sid, subaccount.sid);
  assert.equal((await door.call('GET', `/ESimProfiles/${body.sid}`)).status, 404);
});
