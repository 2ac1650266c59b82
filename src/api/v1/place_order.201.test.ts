import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../pg/test_database.ts';
import { openShop, product } from './test_shop.ts';

const shop = await openShop(await testDatabase());

const lines = [{ product: product.name, quantity: 2 }];

test('an order is answered as accepted, priced, and at the address in Location', async () => {
  const { json, headers } = await shop.call('POST', '/v1/orders', {
    body: { lines, reference: 'booking 4711' },
  });
  assert.equal(json.status, 'accepted');
  assert.deepEqual(json.total, { amount: '4.00', currency: 'EUR' });
  assert.deepEqual(json.lines[0].unitPrice, { amount: '2.00', currency: 'EUR' });
  assert.equal(json.reference, 'booking 4711');
  assert.equal(headers['location'], `http://api.shop.example/v1/orders/${json.id}`);
  const found = await shop.call('GET', new URL(String(headers['location'])).pathname);
  assert.deepEqual(found.json, json);
});

test('the price is held at once', async () => {
  const before = (await shop.call('GET', '/v1/account')).json.wallet;
  await shop.call('POST', '/v1/orders', { body: { lines } });
  const after = (await shop.call('GET', '/v1/account')).json.wallet;
  assert.equal(Number(before.available.amount) - Number(after.available.amount), 4);
  assert.equal(Number(after.held.amount) - Number(before.held.amount), 4);
});

test('the same Idempotency-Key and body make one order, however often they come', async () => {
  const request = { body: { lines }, headers: { 'idempotency-key': 'once' } };
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => shop.call('POST', '/v1/orders', request)),
  );
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [201]);
  assert.equal(new Set(answers.map(({ json }) => json.id)).size, 1);
});

test('an order of the expected total is placed', async () => {
  const body = { lines, expectedTotal: { amount: '4', currency: 'EUR' } };
  assert.equal((await shop.call('POST', '/v1/orders', { body })).status, 201);
});

test('a bundle for existing eSIMs names them by id, whether ordered by id or ICCID', async () => {
  const { json: first } = await shop.call('POST', '/v1/orders', { body: { lines } });
  await shop.fulfil();
  const { json: made } = await shop.call('GET', `/v1/orders/${first.id}/esims`);
  const esims = [made.data[0].id, made.data[1].iccid];
  const body = { lines: [{ product: product.name, esims }] };
  const { json } = await shop.call('POST', '/v1/orders', { body });
  assert.deepEqual(json.lines[0].esims, [made.data[0].id, made.data[1].id]);
});

test('a confirmation code is never answered', async () => {
  const body = { lines: [{ product: product.name, confirmationCode: '83746152' }] };
  const { json } = await shop.call('POST', '/v1/orders', { body });
  assert.equal(json.lines[0].confirmationCodeRequired, true);
  assert.doesNotMatch(JSON.stringify(json), /83746152/);
});

test('the request id of the client is answered and kept with the event', async () => {
  const request = { body: { lines }, headers: { 'x-request-id': 'trace-77' } };
  const { json, headers } = await shop.call('POST', '/v1/orders', request);
  assert.equal(headers['x-request-id'], 'trace-77');
  const [event] = await shop.events(`resource=${json.id}`);
  assert.equal(event?.['requestId'], 'trace-77');
});
