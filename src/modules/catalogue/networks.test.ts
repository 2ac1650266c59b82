import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countryOfMcc, networkByCode, networkById, networks } from './index.ts';

test('every network has one id, a country, and a code of 5 or 6 digits, and is found by each', () => {
  assert.ok(networks().length > 500);
  for (const network of networks()) {
    assert.match(network.mcc + network.mnc, /^\d{5,6}$/);
    assert.match(network.country, /^[A-Z]{2}$/);
    assert.equal(networkById(network.id), networkByCode(network.mcc, network.mnc));
  }
  assert.equal(
    new Set(networks().map(({ id }) => id)).size,
    new Set(networks().map(({ mcc, mnc }) => mcc + mnc)).size,
  );
});

test('an MCC stands for the country that most of its networks are in', () => {
  assert.deepEqual(['262', '208', '310', '999'].map(countryOfMcc), ['DE', 'FR', 'US', undefined]);
});
