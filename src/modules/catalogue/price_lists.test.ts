import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import {
  accountPrices,
  assignPriceList,
  currentCatalogue,
  findPriceListOf,
  getPriceList,
  type ListPrice,
  listPriceLists,
  type NewPriceList,
  priceAt,
  pricesPerListMax,
  putPriceList,
  putProducts,
  travelBundles,
} from './index.ts';

const ctx = testCtx(await testDatabase());
const product = 'esim_1GB_7D_NL_V2';
const other = 'esim_1GB_7D_FR_V2';
await putProducts(ctx, travelBundles());

const put = (input: NewPriceList) => write(ctx, {}, (tx) => putPriceList(tx, input));
const assign = (accountId: string, priceList: string | null) =>
  write(ctx, {}, (tx) => assignPriceList(tx, { accountId, priceList }));
const at = (fromQuantity: number, amountMinor: bigint, more: Partial<ListPrice> = {}): ListPrice => ({
  product,
  currency: 'EUR',
  fromQuantity,
  amountMinor,
  ...more,
});
async function tiers(accountId: string, name = product, currency = 'EUR') {
  const catalogue = await currentCatalogue(ctx);
  const prices = await accountPrices(ctx, catalogue, accountId);
  return prices(catalogue.byName.get(name) ?? assert.fail(), currency);
}

test('a price list is given back whole, its tiers in ascending order, and putting it again replaces it', async () => {
  const first = await put({
    name: 'gold',
    prices: [at(100, 80n), at(1, 90n), at(1, 7n, { product: other })],
  });
  assert.deepEqual(first.prices, [at(1, 7n, { product: other }), at(1, 90n), at(100, 80n)]);
  assert.deepEqual(await getPriceList(ctx, 'gold'), first);
  const second = await put({ name: 'gold', prices: [at(1, 85n)] });
  assert.deepEqual([second.id, second.prices], [first.id, [at(1, 85n)]]);
  assert.deepEqual((await put({ name: 'gold', prices: [] })).prices, []);
  await assert.rejects(getPriceList(ctx, 'Gold'), { code: 'not_found' });
});

test('price lists are listed page by page in the order of their names', async () => {
  for (const name of ['b', 'a', 'c']) await put({ name, prices: [] });
  const names = (lists: { name: string }[]) => lists.map((each) => each.name);
  assert.deepEqual(names(await listPriceLists(ctx, { limit: 2 })), ['a', 'b']);
  assert.deepEqual(names(await listPriceLists(ctx, { limit: 2, after: 'b' })), ['c', 'gold']);
});

test('an account pays the prices of its list, and the catalogue for what is not in it, from the moment the list is its', async () => {
  await put({ name: 'silver', prices: [at(1, 50n), at(10, 40n)] });
  const ofCatalogue = await tiers('acc_1');
  assert.equal(await findPriceListOf(ctx, 'acc_1'), undefined);
  await assign('acc_1', 'silver');
  assert.equal((await findPriceListOf(ctx, 'acc_1'))?.name, 'silver');
  assert.deepEqual(await tiers('acc_1'), [
    { fromQuantity: 1, amountMinor: 50n },
    { fromQuantity: 10, amountMinor: 40n },
  ]);
  assert.deepEqual(await tiers('acc_1', other), await tiers('acc_2', other));
  assert.deepEqual(await tiers('acc_1', product, 'USD'), await tiers('acc_2', product, 'USD'));
  assert.deepEqual(await tiers('acc_2'), ofCatalogue);
  await put({ name: 'silver', prices: [at(1, 45n)] });
  assert.deepEqual(await tiers('acc_1'), [{ fromQuantity: 1, amountMinor: 45n }]);
  await assign('acc_1', null);
  assert.deepEqual(await tiers('acc_1'), ofCatalogue);
  await assert.rejects(assign('acc_1', 'none'), { code: 'not_found' });
});

test('every change of a list or of who has it raises the revision, and a change that is rolled back changes nothing', async () => {
  const revision = async () => (await currentCatalogue(ctx)).revision;
  const before = await revision();
  await put({ name: 'gold', prices: [at(1, 85n)] });
  await assign('acc_1', 'gold');
  await assign('acc_1', null);
  assert.equal(await revision(), before + 3n);
  const undone = write(ctx, {}, async (tx) => {
    await putPriceList(tx, { name: 'undone', prices: [at(1, 1n)] });
    throw new Error('never mind');
  });
  await assert.rejects(undone, /never mind/);
  assert.equal(await revision(), before + 3n);
  await assert.rejects(getPriceList(ctx, 'undone'), { code: 'not_found' });
});

test('the price is that of the last tier that begins at or below the volume', () => {
  const three = [at(1, 30n), at(10, 20n), at(100, 10n)];
  assert.deepEqual(
    [1, 9, 10, 99, 100, 1_000_000].map((volume) => priceAt(three, volume)),
    [30n, 30n, 20n, 20n, 10n, 10n],
  );
});

const many = Array.from({ length: 51 }, (_, index) => at(index + 1, 1n));
const refused: [name: string, input: NewPriceList, fields: string[]][] = [
  ['a name with a space', { name: 'a b', prices: [] }, ['name']],
  ['a name too long', { name: 'a'.repeat(101), prices: [] }, ['name']],
  [
    'an unknown product',
    { name: 'x', prices: [at(1, 1n), at(1, 1n, { product: 'nope' })] },
    ['prices[1].product'],
  ],
  [
    'a currency in small letters',
    { name: 'x', prices: [at(1, 1n, { currency: 'eur' })] },
    ['prices[0].currency'],
  ],
  ['a negative price', { name: 'x', prices: [at(1, -1n)] }, ['prices[0].amountMinor']],
  ['a price that is no money', { name: 'x', prices: [at(1, 10n ** 18n + 1n)] }, ['prices[0].amountMinor']],
  [
    'no price from 1 on',
    { name: 'x', prices: [at(1, 1n), at(2, 1n, { product: other })] },
    ['prices[1].fromQuantity'],
  ],
  ['a tier of half a piece', { name: 'x', prices: [at(1, 1n), at(1.5, 1n)] }, ['prices[1].fromQuantity']],
  ['a tier beyond all', { name: 'x', prices: [at(1, 1n), at(1e15, 1n)] }, ['prices[1].fromQuantity']],
  ['a tier twice', { name: 'x', prices: [at(1, 1n), at(5, 1n), at(5, 2n)] }, ['prices[2].fromQuantity']],
  ['too many tiers', { name: 'x', prices: many }, ['prices[0].fromQuantity']],
  [
    'too many prices',
    { name: 'x', prices: Array.from({ length: pricesPerListMax + 1 }, () => at(1, 1n)) },
    ['prices'],
  ],
];
for (const [name, input, fields] of refused) {
  test(`${name} is refused by its field, and nothing is kept`, async () => {
    await assert.rejects(put(input), (error: any) => {
      assert.equal(error.code, 'invalid_request');
      assert.deepEqual(
        error.fields.map(({ field }: { field: string }) => field),
        fields,
      );
      return true;
    });
    await assert.rejects(getPriceList(ctx, input.name), { code: 'not_found' });
  });
}
