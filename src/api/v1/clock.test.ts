import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../pg/test_database.ts';
import { openShop } from './test_shop.ts';

const shop = await openShop(await testDatabase());

test('a clock that was moved goes on from there, and the requests of its account are in its time', async () => {
  const before = (await shop.call('GET', '/v1/clock')).json;
  assert.equal(before.aheadSeconds, 0);
  const { status, json } = await shop.call('POST', '/v1/clock', { body: { advanceSeconds: 86_400 } });
  assert.equal(status, 200);
  assert.ok(Math.abs(json.aheadSeconds - 86_400) < 5);
  const { json: order } = await shop.call('POST', '/v1/orders', {
    body: { lines: [{ product: 'esim_1GB_7D_NL_V2' }] },
  });
  assert.ok(Date.parse(order.createdAt) - Date.parse(before.now) >= 86_400_000);
});

test('a clock is not set back, and a target that says nothing or too much is refused', async () => {
  const { now } = (await shop.call('GET', '/v1/clock')).json;
  const past = new Date(Date.parse(now) - 60_000).toISOString();
  for (const body of [
    { to: past },
    { to: '2060-01-01T00:00:00Z' },
    {},
    { to: now, advanceSeconds: 1 },
    { advanceSeconds: -1 },
    { advanceSeconds: 0 },
    { to: 'tomorrow' },
  ]) {
    const { status, json } = await shop.call('POST', '/v1/clock', { body });
    assert.deepEqual([status, json.code], [400, 'invalid_request'], JSON.stringify(body));
    assert.ok(json.fields.length > 0);
  }
  assert.ok(Date.parse((await shop.call('GET', '/v1/clock')).json.now) >= Date.parse(now));
});

test('a key acts for a subaccount that a header names, and sees nothing of it without', async () => {
  const { status, json: sub } = await shop.call('POST', '/v1/subaccounts', { body: { name: 'Branch' } });
  assert.equal(status, 201);
  const headers = { 'overair-account': sub.id };
  assert.equal((await shop.call('GET', '/v1/account', { headers })).json.id, sub.id);
  assert.equal((await shop.call('GET', '/v1/account')).json.id, shop.account.id);
  assert.deepEqual((await shop.call('GET', '/v1/subaccounts')).json.data, [sub]);
  assert.deepEqual((await shop.call('GET', '/v1/orders', { headers })).json.data, []);
  const unknown = { 'overair-account': `acc_${'0'.repeat(32)}` };
  for (const each of [unknown, { 'overair-account': 'nonsense' }])
    assert.equal((await shop.call('GET', '/v1/account', { headers: each })).status, 404);
});

test('thresholds are a setting of the account', async () => {
  const { json } = await shop.call('PUT', '/v1/account/settings', { body: { thresholds: [25, 75] } });
  assert.deepEqual(json.thresholds, [25, 75]);
  const { status } = await shop.call('PUT', '/v1/account/settings', { body: { thresholds: [75, 25] } });
  assert.equal(status, 400);
});
