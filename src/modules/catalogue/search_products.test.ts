import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import {
  assignPriceList,
  bundleOrders,
  currentCatalogue,
  getSoldBundle,
  listProductGroups,
  type NewProduct,
  otherSpelling,
  type Product,
  type ProductSearch,
  putPriceList,
  putProducts,
  searchProducts,
  travelBundles,
} from './index.ts';

const ctx = testCtx(await testDatabase());
await putProducts(ctx, travelBundles());
const [, sample] = travelBundles() as [NewProduct, NewProduct];
const search = (given: Partial<ProductSearch> = {}) =>
  searchProducts(ctx, {
    accountId: 'acc_1',
    currency: 'EUR',
    orderBy: 'name',
    direction: 'asc',
    page: 1,
    perPage: 1_000,
    ...given,
  });
const names = async (given: Partial<ProductSearch> = {}) =>
  (await search({ perPage: 100_000, ...given })).products.map(({ product }) => product.name);
const sold = async () =>
  [...(await currentCatalogue(ctx)).byName.values()].filter(
    ({ kind, state, prices }) => kind === 'bundle' && state === 'active' && prices['EUR'] !== undefined,
  );

test('the pages of a search are all that fits, each once, and there are as many rows', async () => {
  const { rows } = await search();
  const pages = await Promise.all(
    Array.from({ length: Math.ceil(rows / 97) }, (_, index) => search({ page: index + 1, perPage: 97 })),
  );
  const paged = pages.flatMap(({ products }) => products.map(({ product }) => product.name));
  assert.equal(rows, (await sold()).length);
  assert.deepEqual(paged, await names());
  assert.equal(new Set(paged).size, rows);
  assert.deepEqual(await search({ page: pages.length + 1, perPage: 97 }), { products: [], rows });
});

const keys: Record<(typeof bundleOrders)[number], (product: Product) => string | number | bigint> = {
  name: ({ name }) => name,
  description: ({ description }) => description.toLowerCase(),
  price: ({ prices }) => prices['EUR'] ?? 0n,
  validityDays: ({ validityDays }) => validityDays ?? 0,
  dataBytes: ({ dataBytes, unlimited }) => (unlimited ? Number.POSITIVE_INFINITY : (dataBytes ?? 0n)),
  countries: ({ countries, description }) =>
    countries.length === 1 ? (description.split(', ')[3] ?? '') : '',
};
for (const orderBy of bundleOrders) {
  test(`bundles come in the order of ${orderBy}, and the other way round`, async () => {
    const group = 'Standard Fixed';
    const { products } = await search({ orderBy, group });
    const found = products.map(({ product }) => product);
    const ordered = orderBy === 'countries' ? found.filter((each) => each.countries.length === 1) : found;
    assert.ok(ordered.length > 900);
    for (const [index, each] of ordered.entries()) {
      const before = ordered[index - 1];
      if (!before) continue;
      const [a, b] = [keys[orderBy](before), keys[orderBy](each)];
      assert.ok(a < b || (a === b && before.name < each.name), `${before.name}, ${each.name}`);
    }
    const backwards = await names({ orderBy, group, direction: 'desc' });
    assert.deepEqual(backwards.reverse(), await names({ orderBy, group }));
  });
}

test('bundles are found by country in either case, by region, by group and by all of them', async () => {
  const all = await sold();
  const those = (fits: (product: Product) => boolean) => all.filter(fits).map(({ name }) => name);
  const [one, several] = [
    ({ countries }: Product) => countries.length === 1,
    ({ countries }: Product) => countries.length > 1,
  ];
  const inFrance = (product: Product) => one(product) && product.countries.includes('FR');
  assert.deepEqual(await names({ countries: ['FR'] }), those(inFrance));
  assert.deepEqual(
    await names({ countries: ['fr', 'GB', 'FR', 'XX'] }),
    those((product) => inFrance(product) || (one(product) && product.countries.includes('GB'))),
  );
  assert.deepEqual(
    await names({ countries: ['Middle East'] }),
    those((product) => several(product) && product.countries.includes('QA')),
  );
  const oceania = await names({ region: 'oceania' });
  assert.deepEqual(oceania, await names({ region: 'Oceania' }));
  assert.ok(oceania.includes('esim_1GB_7D_NZ_V2') && oceania.includes('esim_1GB_7D_ROceania_V2'));
  assert.ok(!oceania.includes('esim_1GB_7D_FR_V2'));
  assert.deepEqual(await names({ countries: ['FR'], region: 'Europe', group: 'Standard Unlimited' }), [
    'esim_UL_1D_FR_V2',
    'esim_UL_7D_FR_V2',
  ]);
  for (const nothing of [{ countries: ['XX'] }, { region: 'Atlantis' }, { group: 'standard fixed' }])
    assert.deepEqual(await search(nothing), { products: [], rows: 0 });
});

test('bundles are found by words of their description, with wildcards and in either case', async () => {
  assert.deepEqual(
    await names({ description: 'FRANCE', countries: ['FR'] }),
    await names({ countries: ['FR'] }),
  );
  assert.deepEqual(await names({ description: 'esim, 1gb*7 days*France%' }), ['esim_1GB_7D_FR_V2']);
  assert.deepEqual(await names({ description: '1GB*' }), []);
});

test('an account sees the prices of its list, in their order, and what is sold in its currency alone', async () => {
  const [cheap, dear] = ['esim_1GB_7D_FR_V2', 'esim_2GB_15D_FR_V2'];
  const at = (product: string, fromQuantity: number, amountMinor: bigint) => ({
    product,
    currency: 'EUR',
    fromQuantity,
    amountMinor,
  });
  await write(ctx, {}, async (tx) => {
    await putPriceList(tx, {
      name: 'vip',
      prices: [at(cheap, 1, 9_999n), at(cheap, 10, 5n), at(dear, 1, 1n)],
    });
    await assignPriceList(tx, { accountId: 'acc_vip', priceList: 'vip' });
  });
  const cheapest = { countries: ['FR'], orderBy: 'price', accountId: 'acc_vip' } as const;
  const { products, rows } = await search(cheapest);
  assert.equal(products[0]?.product.name, dear);
  assert.equal(products.at(-1)?.product.name, cheap);
  assert.deepEqual([products.at(-1)?.amountMinor, products.at(-1)?.tiers.length], [9_999n, 2]);
  const others = await search({ ...cheapest, accountId: 'acc_1' });
  assert.deepEqual([others.products[0]?.product.name, others.rows], [cheap, rows]);
  assert.equal((await search({ currency: 'SEK' })).rows, 0);
});

test('a search follows the catalogue: what was added, retired, or sold in another currency from now on', async () => {
  const given = { description: 'sought after', orderBy: 'price' } as const;
  const product = (name: string, more: Partial<NewProduct> = {}): NewProduct => ({
    ...sample,
    name,
    description: 'Sought after',
    ...more,
  });
  assert.deepEqual(await names(given), []);
  await putProducts(ctx, [product('new_a'), product('new_b'), product('new_c', { kind: 'esim' })]);
  assert.deepEqual(await names(given), ['new_a', 'new_b']);
  await putProducts(ctx, [product('new_a', { state: 'retired' }), product('new_b', { prices: { USD: 5n } })]);
  assert.deepEqual(await names(given), []);
  assert.deepEqual(await names({ ...given, currency: 'USD' }), ['new_b']);
});

test('groups are those of what the account can order', async () => {
  await putProducts(ctx, [
    { ...sample, name: 'only_usd', groups: ['Dollars', 'Dollars'], prices: { USD: 1n } },
  ]);
  const groups = await listProductGroups(ctx, { accountId: 'acc_1', currency: 'EUR' });
  assert.deepEqual(
    groups.map(({ name }) => name),
    ['Standard Fixed', 'Standard Unlimited'],
  );
  assert.equal(groups[1]?.bundles, (await search({ group: 'Standard Unlimited' })).rows);
  const inDollars = await listProductGroups(ctx, { accountId: 'acc_1', currency: 'USD' });
  assert.deepEqual(inDollars[0], { name: 'Dollars', bundles: 1 });
});

test('a bundle is found by its exact name, and a name in another case is refused with the right one', async () => {
  const get = (name: string, currency = 'EUR') => getSoldBundle(ctx, { accountId: 'acc_1', currency, name });
  const { product, amountMinor } = await get('esim_1GB_7D_NL_V2');
  assert.deepEqual([product.name, amountMinor], ['esim_1GB_7D_NL_V2', product.prices['EUR']]);
  await assert.rejects(get('ESIM_1gb_7D_NL_V2'), { code: 'unknown_product', detail: /esim_1GB_7D_NL_V2\.$/ });
  const refused = [
    ['nothing_like_it', 'EUR'],
    ['esim_profile', 'EUR'],
    ['esim_1GB_7D_NL_V2', 'SEK'],
    ['new_a', 'EUR'],
  ] as const;
  for (const [name, currency] of refused)
    await assert.rejects(get(name, currency), { code: 'unknown_product', detail: /case-sensitive\.$/ });
  assert.equal(otherSpelling(await currentCatalogue(ctx), 'esim_1gb_7d_nl_v2'), 'esim_1GB_7D_NL_V2');
  assert.equal(otherSpelling(await currentCatalogue(ctx), 'esim_1GB_7D_NL_V2'), undefined);
  assert.equal(otherSpelling(await currentCatalogue(ctx), 'ESIM_1gb'), undefined);
});
