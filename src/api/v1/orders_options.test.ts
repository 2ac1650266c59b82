import assert from 'node:assert/strict';
import { test } from 'node:test';
import { putBranding } from '../../modules/branding/index.ts';
import { placeOrder } from '../../modules/orders/index.ts';
import { query } from '../../pg/query.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { openShop, product } from './test_shop.ts';

const shop = await openShop(await testDatabase());

async function place(line: object) {
  const body = { lines: [{ product: product.name, ...line }] };
  return await shop.call('POST', '/v1/orders', { body });
}

async function done(line: object): Promise<string[]> {
  const { json } = await place(line);
  await shop.fulfil();
  const { json: esims } = await shop.call('GET', `/v1/orders/${json.id}/esims`);
  return esims.data.map(({ id }: { id: string }) => id);
}

test('an order of the inventory names the lots it took from, and costs nothing', async () => {
  await done({ quantity: 2, assign: false });
  const [lot] = (await shop.call('GET', '/v1/bundle-lots')).json.data;
  const line = { quantity: 2, fromInventory: true };
  const quote = await shop.call('POST', '/v1/orders/quote', {
    body: { lines: [{ product: product.name, ...line }] },
  });
  assert.deepEqual([quote.json.total.amount, quote.json.lines[0].lots], ['0.00', []]);
  const { status, json } = await place(line);
  assert.deepEqual([status, json.total.amount], [201, '0.00']);
  assert.deepEqual([json.lines[0].fromInventory, json.lines[0].lots], [true, [{ id: lot.id, quantity: 2 }]]);
  await shop.fulfil();
  assert.equal((await shop.call('GET', `/v1/orders/${json.id}`)).json.status, 'completed');
  const refused = await place(line);
  assert.deepEqual([refused.status, refused.json.code], [409, 'conflict']);
  assert.match(refused.json.detail, /has 0 of/);
});

test('eSIMs that were replaced by new ones are a line of their own, with the place of the line they came from', async () => {
  const [ended, usable] = await done({ quantity: 2 });
  await query(shop.ctx.db, "update esims.esims set state = 'deleted' where id = $1", [ended]);
  const { json } = await place({ esims: [ended, usable], allowReassign: true });
  assert.deepEqual(
    json.lines.map((line: any) => [line.requestLine, line.allowReassign, line.esims, line.quantity]),
    [
      [0, true, [usable], 1],
      [0, true, null, 1],
    ],
  );
  assert.equal((await place({ esims: [ended] })).json.code, 'bundle_not_compatible');
});

test('a branding is named with an order, or none, or left to be the default', async () => {
  const branding = await write(shop.ctx, {}, (tx) =>
    putBranding(tx, { accountId: shop.account.id, name: 'Airline' }),
  );
  const brandingOf = async (line: object) => (await place(line)).json.lines[0].branding;
  assert.deepEqual(
    [await brandingOf({ branding: 'Airline' }), await brandingOf({ branding: null }), await brandingOf({})],
    [branding.id, null, null],
  );
  const unknown = await place({ branding: 'airline' });
  assert.deepEqual(
    [unknown.status, unknown.json.code, unknown.json.fields[0].field],
    [404, 'not_found', 'lines[0].branding'],
  );
});

for (const [name, line, field] of [
  ['a branding of another kind', { branding: 1 }, 'lines[0].branding'],
  ['an inventory that is no boolean', { fromInventory: 'true' }, 'lines[0].fromInventory'],
  ['bundles from and for the inventory', { fromInventory: true, assign: false }, 'lines[0].fromInventory'],
  ['leave that is no boolean', { allowReassign: null }, 'lines[0].allowReassign'],
] as const) {
  test(`${name}: refused by name`, async () => {
    const { status, json } = await place(line);
    assert.deepEqual([status, json.code, json.fields[0].field], [400, 'invalid_request', field]);
  });
}

test('bundles of a line come onto the new eSIMs of a line before it, which says so', async () => {
  const lines = [
    { product: product.name, quantity: 2 },
    { product: product.name, withLine: 0 },
  ];
  const { status, json } = await shop.call('POST', '/v1/orders', { body: { lines } });
  assert.deepEqual([status, json.quantity, json.total.amount], [201, 4, '8.00']);
  assert.deepEqual(
    json.lines.map(({ withLine, quantity, esims }: any) => [withLine, quantity, esims]),
    [
      [null, 2, null],
      [0, 2, null],
    ],
  );
  await shop.fulfil();
  const { json: esims } = await shop.call('GET', `/v1/orders/${json.id}/esims`);
  assert.equal(esims.data.length, 2);
  for (const { id } of esims.data)
    assert.equal((await shop.call('GET', `/v1/esims/${id}/bundles`)).json.data.length, 2);
});

test('an order shows the customer and the device that it was placed for', async () => {
  const device = { id: '356938035643809', type: 'ios', make: 'Apple' };
  const { id } = await placeOrder(shop.ctx, {
    accountId: shop.account.id,
    currency: 'EUR',
    lines: [{ product: product.name }],
    customerId: 'cus_1',
    device,
  });
  const { json } = await shop.call('GET', `/v1/orders/${id}`);
  assert.deepEqual([json.customerId, json.device], ['cus_1', device]);
  const plain = (await place({})).json;
  assert.deepEqual([plain.customerId, plain.device], [null, null]);
});

for (const [name, withLine, field] of [
  ['text', '0', 'lines[0].withLine'],
  ['a fraction', 0.5, 'lines[0].withLine'],
  ['null', null, 'lines[0].withLine'],
  ['less than none', -1, 'lines[0].withLine'],
  ['more than an order has', 100, 'lines[0].withLine'],
  ['the line itself', 0, 'lines[0].withLine'],
] as const)
  test(`a line with ${name} as its other line: refused by name`, async () => {
    const { status, json } = await place({ withLine });
    assert.deepEqual([status, json.code, json.fields[0].field], [400, 'invalid_request', field]);
  });
