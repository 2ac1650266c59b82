import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countries, networkByCode, networks } from '../../../modules/catalogue/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { openEsimGo } from '../test_esimgo.ts';

const { call } = await openEsimGo(await testDatabase(), { stock: 0 });
const get = async (query: Record<string, string> | string) =>
  (await call('GET', '/networks', { query })).body.countryNetworks;
const names = async (query: Record<string, string> | string) =>
  (await get(query)).map(({ name }: { name: string }) => name);

test('a country has its networks, with their names, codes and generations', async () => {
  const [netherlands, ...others] = await get({ isos: 'nl' });
  const kpn = networkByCode('204', '08') ?? assert.fail();
  assert.deepEqual(others, []);
  assert.equal(netherlands.networks.length, networks().filter(({ country }) => country === 'NL').length);
  assert.deepEqual(
    netherlands.networks.find(({ mnc }: { mnc: string }) => mnc === '08'),
    { name: kpn.name, brandName: kpn.brand, mcc: '204', mnc: '08', tagid: '', speed: kpn.technologies },
  );
});

test('countries are asked for by name, by code, by both, and come once each in the order of asking', async () => {
  assert.deepEqual(await names({ countries: 'United Kingdom, united states' }), [
    'United Kingdom',
    'United States',
  ]);
  assert.deepEqual(await names({ isos: 'US,GB, US,' }), ['United States', 'United Kingdom']);
  assert.deepEqual(await names({ isos: 'FR', countries: 'Germany,France' }), ['Germany', 'France']);
  assert.deepEqual(await names('countries=Spain&countries=Italy'), ['Spain', 'Italy']);
});

test('accents may be missing, older names are known, and a name may have a comma in it', async () => {
  assert.deepEqual(await names({ countries: 'Turkiye' }), ['Türkiye']);
  assert.deepEqual(await names({ countries: 'Turkey, Curacao' }), ['Türkiye', 'Curaçao']);
  assert.deepEqual(await names({ countries: 'Aruba, Bonaire, Sint Eustatius and Saba, Peru' }), [
    'Aruba',
    'Bonaire, Sint Eustatius and Saba',
    'Peru',
  ]);
});

test('all countries come when asked for, whatever else is', async () => {
  for (const returnAll of ['true', '1', 'TRUE'])
    assert.equal((await get({ returnAll, countries: 'Atlantis' })).length, countries.length);
  assert.deepEqual(await names({ returnAll: 'false', isos: 'FR' }), ['France']);
});
