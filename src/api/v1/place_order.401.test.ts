import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../pg/test_database.ts';
import { openShop, product } from './test_shop.ts';

const shop = await openShop(await testDatabase());

const body = { lines: [{ product: product.name }] };

const cases: [name: string, authorization: string | undefined, challenge: RegExp][] = [
  ['no key', undefined, /^Bearer realm="overair"$/],
  ['another scheme', 'Basic b3ZyOg==', /^Bearer realm="overair"$/],
  ['an empty key', 'Bearer ', /^Bearer realm="overair"$/],
  ['an unknown key', `Bearer ovr_${'a'.repeat(43)}`, /error="invalid_token"/],
  ['a key that is far too long', `Bearer ${'a'.repeat(5000)}`, /^Bearer/],
];

for (const [name, authorization, challenge] of cases) {
  test(`${name} is refused with a challenge`, async () => {
    const headers = authorization === undefined ? {} : { authorization };
    const answer = await shop.call('POST', '/v1/orders', { body, secret: null, headers });
    assert.deepEqual([answer.status, answer.json.code], [401, 'unauthenticated']);
    assert.match(String(answer.headers['www-authenticate']), challenge);
  });
}

test('without a key even a malformed body is not looked at', async () => {
  assert.equal((await shop.call('POST', '/v1/orders', { body: '{', secret: null })).status, 401);
});

test('a revoked key opens nothing any more', async () => {
  const secret = await shop.newKey(['read', 'keys:write']);
  const keys = await shop.call('GET', '/v1/api-keys', { secret });
  const { id } = keys.json.data.find((key: { scopes: string[] }) => key.scopes.length === 2);
  await shop.call('DELETE', `/v1/api-keys/${id}`);
  assert.equal((await shop.call('GET', '/v1/account', { secret })).status, 401);
});
