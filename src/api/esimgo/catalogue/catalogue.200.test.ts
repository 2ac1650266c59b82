import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  assignPriceList,
  type NewProduct,
  putPriceList,
  putProducts,
  travelBundles,
} from '../../../modules/catalogue/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { bundle1Gb, openEsimGo } from '../test_esimgo.ts';

const { account, foreign, ctx, call } = await openEsimGo(await testDatabase());
const travel = travelBundles()
  .filter(({ name }) => name !== bundle1Gb.name)
  .map((each) => ({ ...each, profileType: bundle1Gb.profileType }));
const talk: NewProduct = {
  ...bundle1Gb,
  name: 'esim_talk',
  description: 'Talk',
  countries: ['FR', 'BE', 'QA'],
  dataBytes: null,
  smsCount: 20,
  voiceSeconds: 3_599,
  groups: ['Talk & text'],
};
await putProducts(ctx, [...travel, bundle1Gb, talk]);
const list = async (query: Record<string, string | number> = {}) =>
  (await call('GET', '/catalogue', { query })).body;
const names = (body: any): string[] => body.bundles.map(({ name }: { name: string }) => name);

test('a bundle has what clients of the vendor read, and is the same in the list and by itself', async () => {
  const { body, headers, status } = await call('GET', '/catalogue/bundle/esim_1GB_7D_NL_V2');
  const netherlands = { name: 'Netherlands', region: 'Europe', iso: 'NL' };
  assert.equal(status, 200);
  assert.match(headers['content-type'] ?? '', /^application\/json(;|$)/);
  assert.deepEqual(body, {
    name: 'esim_1GB_7D_NL_V2',
    description: '1 GB in the Netherlands',
    groups: ['Standard'],
    countries: [netherlands],
    dataAmount: 1_000,
    duration: 7,
    speed: ['5G'],
    autostart: true,
    unlimited: false,
    roamingEnabled: [netherlands],
    imageUrl: '',
    price: 2,
    billingType: 'FixedCost',
    allowances: [
      {
        type: 'DATA',
        service: 'ROAMING',
        description: '1000 MB',
        amount: 1_000,
        unit: 'MB',
        unlimited: false,
      },
    ],
  });
  assert.deepEqual((await list({ description: '1 GB in the neth*' })).bundles, [body]);
});

test('unlimited data is -1 MB and says what is fair use, and a bundle for several countries is at home in their regions', async () => {
  const { body } = await call('GET', '/catalogue/bundle/esim_UL_7D_REurope_V2');
  assert.deepEqual([body.dataAmount, body.unlimited], [-1, true]);
  assert.deepEqual(body.countries, [{ name: 'Europe', region: 'Europe', iso: 'Europe' }]);
  assert.ok(body.roamingEnabled.length > 40);
  assert.deepEqual(
    body.allowances.map(({ description, amount, unlimited }: any) => [description, amount, unlimited]),
    [['Unlimited, 512 kbps after 1000 MB a day', -1, true]],
  );
});

test('messages and minutes are allowances of their own, and no data is 0 MB', async () => {
  const { body } = await call('GET', '/catalogue/bundle/esim_talk');
  assert.equal(body.dataAmount, 0);
  assert.deepEqual(
    body.countries.map(({ iso }: any) => iso),
    ['Europe', 'Middle East'],
  );
  assert.deepEqual(
    body.allowances.map(({ type, amount, unit, unlimited }: any) => [type, amount, unit, unlimited]),
    [
      ['VOICE', 59, 'MINS', false],
      ['SMS', 20, 'SMS', false],
    ],
  );
});

test('the catalogue comes in pages of 50, or of as many as asked for, and ends with a short one', async () => {
  const first = await list();
  assert.deepEqual([first.bundles.length, first.pageSize], [50, 50]);
  assert.equal(first.pageCount, Math.ceil(first.rows / 50));
  const seen: string[] = [];
  for (let page = 1; ; page++) {
    const body = await list({ page, perPage: 1_000 });
    seen.push(...names(body));
    if (body.bundles.length < 1_000) break;
  }
  assert.deepEqual([seen.length, new Set(seen).size], [first.rows, first.rows]);
  const beyond = await list({ page: first.pageCount + 1 });
  assert.deepEqual([beyond.bundles, beyond.rows], [[], first.rows]);
});

test('an eSIM without a bundle is none', async () => {
  assert.deepEqual((await list({ description: 'eSIM profile without' })).bundles, []);
});

test('filters hold together, and what is not in the catalogue is an empty page', async () => {
  const inFrance = await list({ countries: 'FR', perPage: 1_000 });
  assert.ok(inFrance.rows > 0 && inFrance.bundles.every((each: any) => each.countries[0].iso === 'FR'));
  const both = await list({ countries: ' fr , GB,', group: 'Standard Unlimited', orderBy: 'duration' });
  assert.deepEqual(names(both), [
    'esim_UL_1D_FR_V2',
    'esim_UL_1D_GB_V2',
    'esim_UL_7D_FR_V2',
    'esim_UL_7D_GB_V2',
  ]);
  const oceania = await list({ region: 'oceania', perPage: 1_000 });
  assert.ok(oceania.rows > 0);
  assert.ok(oceania.bundles.every((each: any) => each.countries[0].region === 'Oceania'));
  for (const nothing of [
    { countries: 'XX' },
    { region: 'Atlantis' },
    { group: 'nothing' },
    { description: 'nothing' },
  ])
    assert.deepEqual(await list(nothing), { bundles: [], pageCount: 0, rows: 0, pageSize: 50 });
});

test('a filter without a value is none', async () => {
  const { rows } = await list();
  assert.equal((await call('GET', '/catalogue', { query: 'countries=&region=&page=' })).body.rows, rows);
  assert.equal((await list({ countries: ', ,' })).rows, rows);
});

test('bundles come in the order that is asked for, either way', async () => {
  const prices = async (direction: string) =>
    (await list({ orderBy: 'price', direction, countries: 'FR' })).bundles.map((each: any) => each.price);
  const ascending = await prices('asc');
  assert.deepEqual(
    ascending,
    [...ascending].sort((a, b) => a - b),
  );
  assert.deepEqual(await prices('DESC'), [...ascending].reverse());
  for (const orderBy of ['name', 'description', 'duration', 'dataAmount', 'countries'])
    assert.equal((await list({ orderBy, countries: 'FR' })).bundles.length, ascending.length);
  const most = await list({ orderBy: 'dataAmount', direction: 'desc', countries: 'FR' });
  assert.ok(most.bundles[0].unlimited);
});

test('an account sees its own prices, with their tiers in the list of prices', async () => {
  const bundle = 'esim_1GB_7D_NL_V2';
  const at = (fromQuantity: number, amountMinor: bigint) => ({
    product: bundle,
    currency: 'USD',
    fromQuantity,
    amountMinor,
  });
  await write(ctx, {}, async (tx) => {
    await putPriceList(tx, { name: 'foreign', prices: [at(1, 150n), at(100, 99n)] });
    await assignPriceList(tx, { accountId: foreign.account.id, priceList: 'foreign' });
  });
  const priceFor = async (key: string) =>
    (await call('GET', `/catalogue/bundle/${bundle}`, { key })).body.price;
  assert.deepEqual([await priceFor(account.secret), await priceFor(foreign.secret)], [2, 1.5]);
  const query = { description: '1 GB in the Netherlands' };
  const { body } = await call('GET', '/catalogue/prices', { query, key: foreign.secret });
  assert.deepEqual(body, {
    prices: [
      {
        name: bundle,
        description: '1 GB in the Netherlands',
        groups: ['Standard'],
        price: 1.5,
        currency: 'USD',
        tiers: [
          { quantity: 1, price: 1.5 },
          { quantity: 100, price: 0.99 },
        ],
      },
    ],
    pageCount: 1,
    rows: 1,
    pageSize: 1_000,
  });
});
