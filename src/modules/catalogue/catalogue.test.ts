import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import {
  countries,
  currentCatalogue,
  getProduct,
  listProducts,
  putProducts,
  travelBundles,
} from './index.ts';

const ctx = testCtx(await testDatabase());

test('the travel catalogue has the bundle of the first example, with real countries and prices in every currency', async () => {
  await putProducts(ctx, travelBundles());
  const product = await getProduct(ctx, 'esim_1GB_7D_NL_V2');
  assert.deepEqual([product.countries, product.dataBytes, product.validityDays], [['NL'], 1_000_000_000n, 7]);
  assert.ok(
    Object.keys(product.prices).length >= 3 && Object.values(product.prices).every((minor) => minor > 0n),
  );
  assert.ok((await currentCatalogue(ctx)).byName.size > 1_500);
});

test('countries are two letters each, once, and all of them have a name and a region', () => {
  assert.ok(countries.length > 230);
  assert.equal(new Set(countries.map((each) => each.code)).size, countries.length);
  assert.ok(countries.every((each) => /^[A-Z]{2}$/.test(each.code) && each.name.length > 2 && each.region));
});

test('putting a product again replaces it, its prices included, and the copy in memory follows at once', async () => {
  const product = await getProduct(ctx, 'esim_1GB_7D_NL_V2');
  const before = await currentCatalogue(ctx);
  await putProducts(ctx, [{ ...product, description: 'new', prices: { EUR: 99n } }]);
  const after = await currentCatalogue(ctx);
  assert.ok(after.revision > before.revision);
  assert.deepEqual(after.byName.get(product.name)?.prices, { EUR: 99n });
  assert.equal(after.byName.get(product.name)?.id, product.id);
});

test('products are listed page by page, by country and group', async () => {
  const first = await listProducts(ctx, { limit: 10 });
  const second = await listProducts(ctx, { limit: 10, after: first.at(-1)?.name ?? '' });
  assert.ok(first.length === 10 && second[0] && first.at(-1) && second[0].name > (first.at(-1)?.name ?? ''));
  const dutch = await listProducts(ctx, { country: 'NL', limit: 200 });
  assert.ok(dutch.length > 8 && dutch.every((each) => each.countries.includes('NL')));
  assert.ok((await listProducts(ctx, { group: 'Standard Unlimited' })).every((each) => each.unlimited));
});

test('a product that makes no sense is refused whole, naming each field', async () => {
  const product = await getProduct(ctx, 'esim_1GB_7D_FR_V2');
  await assert.rejects(
    putProducts(ctx, [
      { ...product, name: 'new_one' },
      { ...product, countries: ['XX'], prices: {}, dataBytes: 0n },
    ]),
    (error: any) =>
      error.code === 'invalid_request' &&
      error.fields.length === 3 &&
      error.fields[0].field === 'products[1].countries',
  );
  await assert.rejects(getProduct(ctx, 'new_one'), { code: 'unknown_product' });
});
