import assert from 'node:assert/strict';
import { test } from 'node:test';
import { revokeApiKey, scopes } from '../../../modules/accounts/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { routes } from '../routes.ts';
import { examplePath, openEsimGo } from '../test_esimgo.ts';
import { openThings } from '../wire/test_things.ts';

const door = await openEsimGo(await testDatabase(), { stock: 0 });
const things = openThings(door);
const { account, subaccount } = door;

for (const { method, path, scope } of routes) {
  test(`${method} ${path} is refused without a key, and to one without the scope ${scope}`, async () => {
    const keyless = await door.call(method, examplePath(path), { key: null });
    assert.deepEqual(
      [keyless.status, keyless.body],
      [403, { message: 'access denied', reason: 'missing_key' }],
    );
    const { secret } = await door.newKey(scopes.filter((each) => each !== scope));
    const limited = await door.call(method, examplePath(path), { key: secret });
    assert.deepEqual(
      [limited.status, limited.body],
      [403, { message: 'access denied', reason: 'missing_scope', scope }],
    );
  });
}

const read = async (headers: Record<string, string>) => {
  const { status, body } = await things.call('GET', '/things', { headers: { 'x-api-key': '', ...headers } });
  return [status, body.reason];
};

for (const [name, headers, reason] of [
  ['no key', {}, 'missing_key'],
  ['an empty key', { 'x-api-key': ' ' }, 'missing_key'],
  ['Basic', { authorization: `Basic ${btoa(`a:${account.secret}`)}` }, 'missing_key'],
  ['Bearer alone', { authorization: 'Bearer' }, 'missing_key'],
  ['a wrong key', { 'x-api-key': `${account.secret}x` }, 'unknown_key'],
  ['nonsense', { 'x-api-key': 'nonsense' }, 'unknown_key'],
  ['an endless key', { 'x-api-key': 'x'.repeat(5_000) }, 'unknown_key'],
  ['a key and more', { 'x-api-key': `${account.secret}, ${account.secret}` }, 'unknown_key'],
  ['a wrong Bearer', { authorization: 'Bearer nonsense' }, 'unknown_key'],
  [
    'a wrong key beside a right Bearer',
    { 'x-api-key': 'x', authorization: `Bearer ${account.secret}` },
    'unknown_key',
  ],
] as const) {
  test(`${name} is refused as ${reason}`, async () => {
    assert.deepEqual(await read(headers), [403, reason]);
  });
}

for (const [name, headers] of [
  ['X-API-Key', { 'X-API-Key': account.secret }],
  ['X-API-KEY', { 'X-API-KEY': account.secret }],
  ['Authorization: Bearer', { authorization: `bearer ${account.secret}` }],
  ['the key of a subaccount', { 'x-api-key': subaccount.secret }],
] as const) {
  test(`${name} opens the door`, async () => {
    assert.deepEqual(await read(headers), [200, undefined]);
  });
}

test('who may only read can read and cannot order', async () => {
  const { secret } = await door.newKey(['read']);
  const headers = { 'x-api-key': secret };
  assert.equal((await things.call('GET', '/things', { headers })).status, 200);
  const { status, body } = await things.call('POST', '/things', { headers, body: '{' });
  assert.deepEqual(
    [status, body],
    [403, { message: 'access denied', reason: 'missing_scope', scope: 'orders:write' }],
  );
});

test('a revoked key opens nothing any more', async () => {
  const gone = await door.newKey(['read']);
  assert.deepEqual(await read({ 'x-api-key': gone.secret }), [200, undefined]);
  await write(door.ctx, {}, (tx) => revokeApiKey(tx, { accountId: account.account.id, id: gone.key.id }));
  assert.deepEqual(await read({ 'x-api-key': gone.secret }), [403, 'unknown_key']);
});
