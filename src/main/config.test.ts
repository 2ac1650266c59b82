import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from './config.ts';

test('the Super SIM API has no host of its own and is open to pages of any origin unless settings say otherwise', () => {
  const config = readConfig({});
  assert.deepEqual([config.superSimHosts, config.corsOrigins], [[], ['*']]);
});

test('hosts are kept in lower case, origins as browsers send them', () => {
  const config = readConfig({
    OVERAIR_SUPERSIM_HOSTS: 'SuperSim.example, supersim.kore.example',
    OVERAIR_CORS_ORIGINS: 'https://app.example, http://localhost:5173',
  });
  assert.deepEqual(config.superSimHosts, ['supersim.example', 'supersim.kore.example']);
  assert.deepEqual(config.corsOrigins, ['https://app.example', 'http://localhost:5173']);
});

for (const [name, value] of [
  ['OVERAIR_SUPERSIM_HOSTS', 'supersim.example:443'],
  ['OVERAIR_SUPERSIM_HOSTS', 'https://supersim.example'],
  ['OVERAIR_SUPERSIM_HOSTS', 'a,,b'],
  ['OVERAIR_CORS_ORIGINS', 'app.example'],
  ['OVERAIR_CORS_ORIGINS', 'https://app.example/'],
  ['OVERAIR_CORS_ORIGINS', 'https://APP.example'],
  ['OVERAIR_CORS_ORIGINS', 'https://*.example'],
] as const) {
  test(`${name} cannot be ${value}`, () => {
    assert.throws(() => readConfig({ [name]: value }), {
      code: 'invalid_request',
      message: new RegExp(name),
    });
  });
}
