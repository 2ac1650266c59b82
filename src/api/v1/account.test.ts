import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../pg/test_database.ts';
import { openShop, product } from './test_shop.ts';

const shop = await openShop(await testDatabase());
const amount = (text: string, currency = 'EUR') => ({ amount: { amount: text, currency } });

test('the account shows itself and where its money stands', async () => {
  const { json } = await shop.call('GET', '/v1/account');
  assert.deepEqual([json.id, json.kind, json.currency], [shop.account.id, 'sandbox', 'EUR']);
  assert.deepEqual(json.wallet.available, { amount: '100.00', currency: 'EUR' });
});

test('a top-up with the same key adds money once and answers the same', async () => {
  const request = { body: { ...amount('12.50'), reference: 'gift' }, headers: { 'idempotency-key': 't1' } };
  const first = await shop.call('POST', '/v1/balance/top-ups', request);
  assert.equal(first.status, 201);
  const again = await shop.call('POST', '/v1/balance/top-ups', request);
  assert.deepEqual(again.json, first.json);
  assert.deepEqual((await shop.call('GET', '/v1/account')).json.wallet, first.json);
  const other = { ...request, body: amount('13.00') };
  assert.equal((await shop.call('POST', '/v1/balance/top-ups', other)).json.code, 'idempotency_key_reused');
});

const refused: [name: string, body: unknown, code: string, field: string][] = [
  ['nothing', amount('0'), 'invalid_request', 'amount'],
  ['less than nothing', amount('-1.00'), 'invalid_request', 'amount'],
  ['parts of a cent', amount('1.001'), 'invalid_request', 'amount.amount'],
  ['another currency', amount('1.00', 'USD'), 'currency_mismatch', 'amount.currency'],
  ['a number', { amount: 5 }, 'invalid_request', 'amount'],
];
for (const [name, body, code, field] of refused) {
  test(`a top-up of ${name} is refused`, async () => {
    const { json } = await shop.call('POST', '/v1/balance/top-ups', { body });
    assert.deepEqual([json.code, json.fields[0].field], [code, field]);
  });
}

test('a live account cannot give itself money', async () => {
  const secret = await shop.newKey(['orders:write'], await shop.newAccount('live'));
  const { json } = await shop.call('POST', '/v1/balance/top-ups', { body: amount('1.00'), secret });
  assert.equal(json.code, 'forbidden');
});

test('transfers tell every movement, newest first, page by page', async () => {
  const { json: order } = await shop.call('POST', '/v1/orders', {
    body: { lines: [{ product: product.name }] },
  });
  const { json: first } = await shop.call('GET', '/v1/transfers?limit=1');
  const [hold] = first.data;
  assert.deepEqual(
    [hold.debit, hold.credit, hold.reason, hold.reference, hold.amount.amount],
    ['available', 'held', 'order_hold', order.id, '2.00'],
  );
  const { json: rest } = await shop.call('GET', `/v1/transfers?cursor=${first.nextCursor}`);
  assert.deepEqual(
    rest.data.map((each: { reference: string }) => each.reference),
    ['gift', 'opening'],
  );
  assert.equal((await shop.call('GET', '/v1/transfers?cursor=trf_1')).json.fields[0].field, 'cursor');
});
