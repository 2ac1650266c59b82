import assert from 'node:assert/strict';
import { test } from 'node:test';
import { putProducts } from '../../../modules/catalogue/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { bundle1Gb, openEsimGo } from '../test_esimgo.ts';

const { ctx, call } = await openEsimGo(await testDatabase());
await putProducts(ctx, [
  { ...bundle1Gb, name: 'only_kronor', prices: { SEK: 100n } },
  { ...bundle1Gb, name: 'gone', state: 'retired' },
]);

const refused: [query: Record<string, string> | string, message: RegExp][] = [
  [{ page: '0' }, /page.*whole number from 1/],
  [{ page: '-1' }, /page.*whole number from 1/],
  [{ page: '1.5' }, /page.*whole number/],
  [{ page: 'two' }, /page.*whole number/],
  [{ page: '99999999999999999999' }, /page.*whole number/],
  [{ perPage: '0' }, /perPage.*from 1 to 1000/],
  [{ perPage: '1001' }, /perPage.*from 1 to 1000/],
  ['page=1&page=2', /page/],
  [{ orderBy: 'colour' }, /orderBy.*name, description, price, duration, dataAmount, countries/],
  [{ orderBy: 'Price' }, /orderBy/],
  [{ direction: 'up' }, /direction.*asc, desc/],
  [{ group: 'g'.repeat(101) }, /group.*100 characters/],
  ['group=a&group=b', /group.*once/],
  [{ description: 'd'.repeat(201) }, /description.*200 characters/],
  [{ countries: Array(301).fill('FR').join(',') }, /countries.*300/],
];
for (const [query, message] of refused) {
  const shown = (typeof query === 'string' ? query : JSON.stringify(query)).slice(0, 60);
  test(`${shown} is refused by its name`, async () => {
    const { status, body } = await call('GET', '/catalogue', { query });
    assert.equal(status, 400);
    assert.match(body.message, message);
  });
}

test('prices are paged like the catalogue', async () => {
  assert.equal((await call('GET', '/catalogue/prices', { query: { perPage: 1_001 } })).status, 400);
  assert.equal((await call('GET', '/catalogue/prices', { query: { page: 0 } })).status, 400);
});

test('a bundle whose name is in another case is refused with the right name', async () => {
  const { status, body } = await call('GET', '/catalogue/bundle/ESIM_1GB_7D_NL_V2');
  assert.equal(status, 400);
  assert.match(body.message, /case-sensitive, and there is esim_1GB_7D_NL_V2\.$/);
});

for (const name of ['nothing', 'only_kronor', 'gone', '%20', 'n'.repeat(80)]) {
  test(`a bundle ${name.slice(0, 20)} is not in the catalogue`, async () => {
    const { status, body } = await call('GET', `/catalogue/bundle/${name}`);
    assert.equal(status, 400);
    assert.match(body.message, /^There is no bundle named .*case-sensitive\.$/);
  });
}
