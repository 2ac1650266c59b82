import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { routes } from '../routes.ts';
import { examplePath, type Method, openEsimGo } from '../test_esimgo.ts';
import { openThings } from './test_things.ts';

const door = await openEsimGo(await testDatabase(), { stock: 0 });
const things = openThings(door);

test('a path says which methods it has', async () => {
  const { status, body, headers } = await things.call('PUT', '/things');
  assert.deepEqual([status, Object.keys(body)], [405, ['message']]);
  assert.equal(headers['allow'], 'GET, POST, DELETE, HEAD');
});

for (const [path, same] of Map.groupBy(routes, (route) => route.path)) {
  const has = same.map(({ method }) => method);
  const others = (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).filter(
    (method: Method) => !has.some((each) => each === method),
  );
  test(`${path} has no ${others.join(', ')}`, async () => {
    for (const method of others) {
      const { status, headers } = await door.call(method, examplePath(path));
      assert.equal(status, 405);
      assert.deepEqual(
        headers['allow']?.split(', ').sort(),
        [...has, ...(has.includes('GET') ? ['HEAD'] : [])].sort(),
      );
    }
  });
}
