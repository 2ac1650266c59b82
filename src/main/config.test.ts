import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from './config.ts';

test('the Super SIM API has no host of its own and is open to pages of any origin unless settings say otherwise', () => {
  const config = readConfig({});
  assert.deepEqual([config.superSimHosts, config.corsOrigins], [[], ['*']]);
});

test('the eSIM Go API has no host of its own and lets a key make ten requests a second unless settings say otherwise', () => {
  const { esimGoHosts, esimGoRequestsPerSecond } = readConfig({});
  assert.deepEqual([esimGoHosts, esimGoRequestsPerSecond], [[], 10]);
  const config = readConfig({ OVERAIR_ESIMGO_HOSTS: 'API.example', OVERAIR_ESIMGO_REQUESTS_PER_SECOND: '0' });
  assert.deepEqual([config.esimGoHosts, config.esimGoRequestsPerSecond], [['api.example'], 0]);
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
  ['OVERAIR_ESIMGO_HOSTS', 'https://api.example'],
  ['OVERAIR_ESIMGO_REQUESTS_PER_SECOND', '-1'],
  ['OVERAIR_ESIMGO_REQUESTS_PER_SECOND', '1.5'],
  ['OVERAIR_ESIMGO_REQUESTS_PER_SECOND', '10001'],
  ['OVERAIR_SMDP_ADDRESS', 'https://smdp.example'],
  ['OVERAIR_SMDP_ADDRESS', 'smdp.example,,b.example'],
  ['OVERAIR_CRL_URLS', 'ftp://ci.example/crl'],
  ['OVERAIR_CRL_FETCH', 'yes'],
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

test('the SM-DS can be switched off, and other SM-DSs can be called elsewhere than at their address', () => {
  assert.equal(readConfig({}).smdsAddress, undefined);
  assert.equal(readConfig({ OVERAIR_SMDS_ADDRESS: 'off' }).smdsAddress, null);
  const { es12Urls } = readConfig({
    OVERAIR_SMDS_ES12_URLS: 'DS.example.com=https://10.0.0.5:8444, x=https://y',
  });
  assert.deepEqual(
    [...es12Urls],
    [
      ['ds.example.com', 'https://10.0.0.5:8444'],
      ['x', 'https://y'],
    ],
  );
  for (const bad of ['x', 'x=http://y', '=https://y', 'https://y'])
    assert.throws(() => readConfig({ OVERAIR_SMDS_ES12_URLS: bad }), /OVERAIR_SMDS_ES12_URLS/);
  assert.throws(() => readConfig({ OVERAIR_SMDS_ROOT: 'https://root.example.com' }), /OVERAIR_SMDS_ROOT/);
});

test('the first of several SM-DP+ addresses is the one for new orders', () => {
  const config = readConfig({ OVERAIR_SMDP_ADDRESS: 'a.example.com, b.example.com:8443' });
  assert.deepEqual(
    [config.smdpAddress, config.otherSmdpAddresses],
    ['a.example.com', ['b.example.com:8443']],
  );
  assert.deepEqual(readConfig({}).otherSmdpAddresses, []);
});

test('revocation lists are fetched from where the settings say, and from nowhere else unless they say so', () => {
  const { crlUrls, crlFetch } = readConfig({});
  assert.deepEqual([crlUrls, crlFetch], [[], false]);
  const config = readConfig({ OVERAIR_CRL_URLS: 'http://ci.example/a.crl,https://ci.example/b.crl' });
  assert.deepEqual(config.crlUrls, ['http://ci.example/a.crl', 'https://ci.example/b.crl']);
});
