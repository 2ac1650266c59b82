import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../pg/test_database.ts';
import { openShop, product } from './test_shop.ts';

const shop = await openShop(await testDatabase());
const { name } = product;
const eur = (amount: string) => ({ amount, currency: 'EUR' });
const put = (list: string, prices: unknown, more: object = {}) =>
  shop.call('PUT', `/v1/price-lists/${list}`, { body: { prices, ...more } });
const assign = (account: string, priceList: unknown) =>
  shop.call('PUT', `/v1/accounts/${account}/price-list`, { body: { priceList } });
const quote = async (quantity: number) =>
  (await shop.call('POST', '/v1/orders/quote', { body: { lines: [{ product: name, quantity }] } })).json
    .total;
const tiers = [
  { product: name, price: eur('1.50') },
  { product: name, fromQuantity: 3, price: eur('1.20') },
];

test('a price list is put, got and listed', async () => {
  const { status, json } = await put('gold', tiers);
  assert.equal(status, 200);
  assert.deepEqual(json.prices, [{ ...tiers[0], fromQuantity: 1 }, tiers[1]]);
  assert.deepEqual((await shop.call('GET', '/v1/price-lists/gold')).json, json);
  await put('silver', []);
  const first = (await shop.call('GET', '/v1/price-lists?limit=1')).json;
  assert.deepEqual([first.data[0].name, first.nextCursor], ['gold', 'gold']);
  const second = (await shop.call('GET', '/v1/price-lists?limit=2&cursor=gold')).json;
  assert.deepEqual([second.data[0].name, second.nextCursor], ['silver', null]);
});

test('an account quotes and pays its own prices, by volume, from the moment it has the list, and no more when it is taken away', async () => {
  const { id } = shop.account;
  assert.deepEqual(await quote(3), eur('6.00'));
  assert.deepEqual((await assign(id, 'gold')).json, { priceList: 'gold' });
  assert.deepEqual((await shop.call('GET', `/v1/accounts/${id}/price-list`)).json, { priceList: 'gold' });
  assert.deepEqual(await quote(2), eur('3.00'));
  assert.deepEqual(await quote(3), eur('3.60'));
  const body = { lines: [{ product: name, quantity: 2 }] };
  const placed = await shop.call('POST', '/v1/orders', { body });
  assert.deepEqual([placed.status, placed.json.total], [201, eur('3.00')]);
  assert.deepEqual(await quote(1), eur('1.20'));
  assert.deepEqual((await assign(id, null)).json, { priceList: null });
  assert.deepEqual((await shop.call('GET', `/v1/accounts/${id}/price-list`)).json, { priceList: null });
  assert.deepEqual(await quote(1), eur('2.00'));
});

test('an operator gives price lists to any account, and unknown accounts and lists are not found', async () => {
  const other = await shop.newAccount('live');
  assert.equal((await assign(other.id, 'gold')).status, 200);
  assert.equal((await assign('acc_00000000000000000000000000000000', 'gold')).status, 404);
  assert.equal((await assign(other.id, 'none')).json.code, 'not_found');
  assert.equal((await shop.call('GET', '/v1/price-lists/none')).status, 404);
  assert.equal((await shop.call('GET', '/v1/accounts/acc_x/price-list')).status, 404);
});

test('keys without the scope of operators see and change no prices', async () => {
  const secret = await shop.newKey(['read', 'orders:write', 'accounts:write']);
  const { status } = await shop.call('GET', '/v1/price-lists/gold', { secret });
  assert.equal(status, 403);
});

const refused: [name: string, prices: unknown, field: string][] = [
  ['no list of prices', undefined, 'prices'],
  ['an unknown product', [{ product: 'nope', price: eur('1.00') }], 'prices[0].product'],
  ['no price from 1 on', [{ ...tiers[0], fromQuantity: 2 }], 'prices[0].fromQuantity'],
  ['a tier twice', [tiers[0], tiers[0]], 'prices[1].fromQuantity'],
  ['a tier from 0', [{ ...tiers[0], fromQuantity: 0 }], 'prices[0].fromQuantity'],
  ['too many decimals', [{ product: name, price: eur('1.001') }], 'prices[0].price.amount'],
  ['a negative price', [{ product: name, price: eur('-1.00') }], 'prices[0].price.amount'],
  ['a number for a price', [{ product: name, price: 1 }], 'prices[0].price'],
  ['an unknown member', [{ ...tiers[0], toQuantity: 5 }], 'prices[0].toQuantity'],
];
for (const [title, prices, field] of refused) {
  test(`${title} is refused by name`, async () => {
    const { status, json } = await put('bad', prices);
    assert.deepEqual([status, json.code, json.fields[0].field], [400, 'invalid_request', field]);
  });
}

test('a name that cannot be one and a member too many are refused', async () => {
  assert.equal((await put('a%20b', [])).json.fields[0].field, 'name');
  assert.equal((await put('bad', [], { currency: 'EUR' })).json.fields[0].field, 'currency');
  assert.equal((await assign(shop.account.id, 7)).json.fields[0].field, 'priceList');
});
