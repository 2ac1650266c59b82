import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { routes } from '../routes.ts';
import { examplePath, type Method, openSuperSim } from '../test_supersim.ts';

const door = await openSuperSim(await testDatabase());

for (const [path, same] of Map.groupBy(routes, (route) => route.path)) {
  const has = same.map(({ method }) => method);
  const others = (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).filter(
    (method: Method) => !has.some((each) => each === method),
  );
  test(`${path} has no ${others.join(', ')}, and says what it has`, async () => {
    for (const method of others) {
      const { status, body, headers } = await door.call(method, examplePath(path));
      assert.deepEqual([status, body.code], [405, 20004]);
      assert.deepEqual(
        headers['allow']?.split(', ').sort(),
        [...has, ...(has.includes('GET') ? ['HEAD'] : [])].sort(),
      );
    }
  });
}
