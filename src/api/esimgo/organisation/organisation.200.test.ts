import assert from 'node:assert/strict';
import { test } from 'node:test';
import { putDoor } from '../../../modules/accounts/index.ts';
import { topUp } from '../../../modules/ledger/index.ts';
import { putDialectEndpoint } from '../../../modules/webhooks/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { bundle1Gb, openEsimGo } from '../test_esimgo.ts';

const products = [bundle1Gb, { ...bundle1Gb, name: 'second', groups: ['Standard', 'Talk & text'] }];
const { app, account, subaccount, foreign, ctx, call } = await openEsimGo(await testDatabase(), { products });
const post = (amount: string | number, headers = {}, key = account.secret) =>
  call('POST', '/organisation/balance', { query: { amount }, headers, key });

test('an organisation is the account: its name, currency, groups and balance, and no more of the key than its end', async () => {
  const { status, body } = await call('GET', '/organisation');
  const { organisations, ...bare } = body;
  assert.equal(status, 200);
  assert.deepEqual(organisations, [bare]);
  const { name, apiKey, groups, currency, balance, testCredit, users, callbackUrl } = bare;
  assert.deepEqual(
    { name, groups, currency, balance, testCredit, users, callbackUrl },
    {
      name: 'Own',
      groups: ['Standard', 'Talk & text'],
      currency: 'USD',
      balance: 100,
      testCredit: 100,
      users: [],
      callbackUrl: '',
    },
  );
  assert.equal(apiKey, `****${account.secret.slice(-4)}`);
});

test('what the account says about itself is told, with the address of its callbacks', async () => {
  const { id: accountId } = foreign.account;
  const url = 'https://shop.example/callback';
  await write(ctx, {}, async (tx) => {
    await putDoor(tx, {
      accountId,
      door: 'esimgo',
      settings: { organisation: { city: 'Utrecht', notes: 'ours' } },
    });
    await putDialectEndpoint(tx, {
      accountId,
      dialect: 'esim_go',
      url,
      types: ['sim.first_used'],
      secret: null,
    });
  });
  const { body } = await call('GET', '/organisation', { key: foreign.secret });
  assert.deepEqual(
    [body.city, body.notes, body.callbackUrl, body.organisations[0].city, body.addr1],
    ['Utrecht', 'ours', url, 'Utrecht', ''],
  );
});

test('a balance with cents is told in whole units, never more than there is', async () => {
  const { id: accountId, currency } = subaccount.account;
  await write(ctx, {}, (tx) => topUp(tx, { accountId, currency, amountMinor: 99n, reference: 'cents' }));
  const { body } = await call('GET', '/organisation', { key: subaccount.secret });
  assert.deepEqual([body.name, body.balance], ['Sub', 100]);
});

test('groups have how many bundles are in them, and where their prices are', async () => {
  const { body } = await call('GET', '/organisation/groups');
  assert.deepEqual(body.groups, [
    {
      name: 'Standard',
      desc: '2 bundles',
      priceListUrl: 'http://api.shop.example/v2.4/catalogue/prices?group=Standard',
    },
    {
      name: 'Talk & text',
      desc: '1 bundle',
      priceListUrl: 'http://api.shop.example/v2.4/catalogue/prices?group=Talk%20%26%20text',
    },
  ]);
  const { pathname, search } = new URL(body.groups[1].priceListUrl);
  const followed = await app.inject({
    url: pathname + search,
    headers: { 'x-api-key': account.secret },
  });
  assert.deepEqual(
    followed.json().prices.map(({ name }: { name: string }) => name),
    ['second'],
  );
});

test('a top-up is answered with its amount, the balance after it and a growing reference', async () => {
  const { status, body } = await post(1_000);
  assert.equal(status, 200);
  assert.deepEqual([body.amount, body.balance], [1_000, 1_100]);
  const next = await post('2000');
  assert.equal(next.body.balance, 3_100);
  assert.ok(Number.isInteger(body.ref) && next.body.ref > body.ref);
  assert.equal((await call('GET', '/organisation')).body.balance, 3_100);
});

test('a top-up repeated with its Idempotency-Key is made once and answered the same', async () => {
  const headers = { 'Idempotency-Key': 'top-up-1' };
  const first = await post(1_000, headers, foreign.secret);
  assert.deepEqual((await post(1_000, headers, foreign.secret)).body, first.body);
  assert.equal((await call('GET', '/organisation', { key: foreign.secret })).body.balance, 1_000);
});
