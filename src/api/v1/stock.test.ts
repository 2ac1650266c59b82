import assert from 'node:assert/strict';
import { test } from 'node:test';
import { luhnDigit } from '../../base/digits.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { openShop, product } from './test_shop.ts';

const shop = await openShop(await testDatabase());
const add = (body: object, headers = {}) => shop.call('POST', '/v1/stock/batches', { body, headers });
const available = async () => (await shop.call('GET', '/v1/stock')).json.data[0].available;
const { profileType } = product;

function simProfile(serial: number) {
  const digits = `8949200000000000${String(serial).padStart(2, '0')}`;
  return {
    iccid: digits + luhnDigit(digits),
    imsi: `2620100000000${String(serial).padStart(2, '0')}`,
    ki: '00112233445566778899aabbccddeeff',
    opc: 'FFEEDDCCBBAA99887766554433221100',
    pin1: '1234',
  };
}

test('generated SIM profiles can be ordered', async () => {
  const before = await available();
  const { status, json } = await add({ profileType, generate: 5 });
  assert.deepEqual([status, json.size, json.profileType], [201, 5, profileType]);
  assert.equal(await available(), before + 5);
});

test('imported SIM profiles can be ordered, and the same key imports them once', async () => {
  const before = await available();
  const body = { profileType, profiles: [simProfile(1), simProfile(2)] };
  const first = await add(body, { 'idempotency-key': 'b1' });
  assert.equal(first.status, 201);
  assert.deepEqual((await add(body, { 'idempotency-key': 'b1' })).json, first.json);
  assert.equal(await available(), before + 2);
});

test('a batch with an ICCID in stock is refused whole', async () => {
  const before = await available();
  const { status, json } = await add({ profileType, profiles: [simProfile(3), simProfile(2)] });
  assert.deepEqual([status, json.code, json.fields[0].field], [409, 'duplicate_iccid', 'profiles[1]']);
  assert.equal(await available(), before);
});

test('secrets are never answered', async () => {
  const { json } = await add({ profileType, profiles: [simProfile(4)] });
  assert.deepEqual(Object.keys(json), ['id', 'profileType', 'size']);
});

const refused: [name: string, body: object, field: string][] = [
  ['neither form', { profileType }, 'profiles'],
  ['both forms', { profileType, generate: 1, profiles: [simProfile(5)] }, 'profiles'],
  ['too many', { profileType, generate: 10_001 }, 'generate'],
  ['a short key', { profileType, profiles: [{ ...simProfile(5), ki: '00' }] }, 'profiles[0].ki'],
  [
    'a wrong check digit',
    { profileType, profiles: [{ ...simProfile(5), iccid: '8949200000000000050' }] },
    'profiles[0].iccid',
  ],
  ['an unknown member', { profileType, profiles: [{ ...simProfile(5), op: '00' }] }, 'profiles[0].op'],
];
for (const [name, body, field] of refused) {
  test(`${name} is refused by name`, async () => {
    const { json } = await add(body);
    assert.deepEqual([json.code, json.fields[0].field], ['invalid_request', field]);
  });
}

test('an unknown profile type is not found', async () => {
  assert.equal((await add({ profileType: 'none', generate: 1 })).json.code, 'unknown_profile_type');
});

test('a live account cannot make up SIM profiles', async () => {
  const secret = await shop.newKey(['operator'], await shop.newAccount('live'));
  const body = { profileType, generate: 1 };
  assert.equal((await shop.call('POST', '/v1/stock/batches', { body, secret })).json.code, 'forbidden');
});
