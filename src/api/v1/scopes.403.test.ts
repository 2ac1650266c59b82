import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scopes } from '../../modules/accounts/index.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { routes } from './routes.ts';
import { openShop } from './test_shop.ts';

const shop = await openShop(await testDatabase());

for (const { method, path, scope } of routes) {
  test(`${method} ${path} is refused to a key without ${scope}`, async () => {
    const secret = await shop.newKey(scopes.filter((each) => each !== scope));
    const body = method === 'GET' || method === 'DELETE' ? undefined : {};
    const { status, json } = await shop.call(method, `/v1${path.replace(/\{\w+\}/g, 'x')}`, { secret, body });
    assert.deepEqual([status, json.code], [403, 'forbidden']);
    assert.match(json.detail, new RegExp(scope));
  });
}
