import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { openEsimGo } from '../test_esimgo.ts';

const { call } = await openEsimGo(await testDatabase(), { stock: 0 });

const refused: [query: string, message: RegExp][] = [
  ['', /Give countries by name, isos by code, or returnAll=true/],
  ['returnAll=false', /Give countries/],
  ['countries=&isos=', /Give countries/],
  ['isos=,,', /Give countries/],
  ['countries=France,Atlantis', /no country named "Atlantis"/],
  ['countries=constructor', /no country named "constructor"/],
  ['isos=FR,XX', /no country with the ISO code "XX"/],
  ['isos=FRA', /"FRA"/],
  ['returnAll=maybe', /returnAll.*true or false/],
  [`countries=${'x'.repeat(5_001)}`, /countries: give/],
];
for (const [query, message] of refused) {
  test(`networks are refused for ${query.slice(0, 40) || 'nothing'}`, async () => {
    const { status, body } = await call('GET', '/networks', { query });
    assert.equal(status, 400);
    assert.match(body.message, message);
  });
}
