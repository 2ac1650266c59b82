import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scopes } from '../../../modules/accounts/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { routes } from '../routes.ts';
import { examplePath, openSuperSim } from '../test_supersim.ts';

const door = await openSuperSim(await testDatabase());

for (const { method, path, scope } of routes) {
  test(`${method} ${path} is refused to a key without the scope ${scope}`, async () => {
    const { auth } = await door.newKey(scopes.filter((each) => each !== scope));
    const { status, body } = await door.call(method, examplePath(path), { auth });
    assert.equal(status, 403);
    assert.deepEqual(body, {
      code: 20006,
      message: `These credentials do not have the scope ${scope}.`,
      more_info: 'https://www.twilio.com/docs/errors/20006',
      status: 403,
    });
  });
}

test('whoever may only read can read', async () => {
  const { auth } = await door.newKey(['read']);
  assert.equal((await door.call('GET', '/ESimProfiles', { auth })).status, 200);
});
