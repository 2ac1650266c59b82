import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countryOfMcc, listNetworks, networkByCode, networkById, networks } from './index.ts';

test('every network has one id, a country, and a code of 5 or 6 digits, and is found by each', () => {
  assert.ok(networks().length > 500);
  for (const network of networks()) {
    assert.match(network.mcc + network.mnc, /^\d{5,6}$/);
    assert.match(network.country, /^[A-Z]{2}$/);
    assert.equal(networkById(network.id), network);
    assert.equal(networkByCode(network.mcc, network.mnc), network);
  }
});

for (const [code, country, what] of [
  ['310260', 'US', 'reaches Puerto Rico and the Virgin Islands too'],
  ['310410', 'US', 'has another company in the Virgin Islands'],
  ['310140', 'GU', "is Guam's, under the MCC of the United States"],
  ['23450', 'JE', 'reaches Guernsey too'],
  ['23436', 'IM', "is the Isle of Man's, under the MCC of the United Kingdom"],
  ['42505', 'PS', 'is Palestinian, under the MCC of Israel'],
  ['33805', 'JM', 'is on other islands too'],
] as const) {
  test(`${code} is in ${country}: it ${what}`, () => {
    assert.equal(networkByCode(code.slice(0, 3), code.slice(3))?.country, country);
  });
}

test('an MCC stands for the country that most of its networks are in', () => {
  assert.deepEqual(['262', '208', '310', '999'].map(countryOfMcc), ['DE', 'FR', 'US', undefined]);
});

test('networks are listed by country, MCC and MNC', () => {
  const dutch = listNetworks({ country: 'NL' });
  assert.deepEqual(
    dutch,
    networks().filter(({ country }) => country === 'NL'),
  );
  assert.deepEqual(listNetworks({ mcc: '204', mnc: '08' }), [networkByCode('204', '08')]);
  assert.ok(listNetworks({ mnc: '01', limit: 1_000 }).every(({ mnc }) => mnc === '01'));
  assert.deepEqual(listNetworks({ country: 'NL', mcc: '262' }), []);
  assert.deepEqual(listNetworks({ mnc: '1' }), []);
});

test('pages of networks are the whole list, forwards and backwards', () => {
  const whole = listNetworks({ mnc: '01', limit: 1_000 });
  const forwards = [];
  for (let page = listNetworks({ mnc: '01', limit: 7 }); page.length > 0; ) {
    forwards.push(...page);
    page = listNetworks({ mnc: '01', limit: 7, after: page.at(-1)!.id });
  }
  assert.deepEqual(forwards, whole);
  const backwards = listNetworks({ mnc: '01', limit: 7, before: whole[20]!.id });
  assert.deepEqual(backwards, whole.slice(13, 20));
  assert.deepEqual(listNetworks({ before: networks()[0]!.id }), []);
  assert.deepEqual(listNetworks({ before: 'net_0' }), []);
});
