import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { routes } from '../routes.ts';
import { examplePath, openEsimGo } from '../test_esimgo.ts';
import { openThings } from './test_things.ts';

const door = await openEsimGo(await testDatabase(), { stock: 0 });
const things = openThings(door);

for (const type of [
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain',
  'application/xml',
  'nonsense',
]) {
  test(`a body is not taken as ${type}`, async () => {
    const { status, body } = await things.call('POST', '/things', {
      body: '{"quantity":1}',
      headers: { 'content-type': type },
    });
    assert.deepEqual([status, body], [415, { message: 'Send the body as application/json.' }]);
  });
}

for (const { method, path } of routes.filter(({ body }) => body !== undefined)) {
  test(`${method} ${path} takes no form`, async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const { status } = await door.call(method, examplePath(path), { body: 'a=b', headers });
    assert.equal(status, 415);
  });
}
