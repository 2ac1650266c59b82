import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { openEsimGo } from '../test_esimgo.ts';

const door = await openEsimGo(await testDatabase(), { stock: 0 });
const words = (method: string, path: string) => ({
  message: `There is no ${method} /v2.4${path}. Paths are like /v2.4/catalogue.`,
});

for (const path of ['/nothing', '/Esims', '/organisation/', '/orders/a/b', '/%00', '/..%2F..', '/', '']) {
  test(`nothing is found at /v2.4${path}`, async () => {
    const { status, body } = await door.call('GET', path);
    assert.deepEqual([status, body], [404, words('GET', path)]);
  });
}

test('nothing is found whatever method, body and key come', async () => {
  const answers = [
    await door.call('POST', '/nothing', { body: { a: 1 } }),
    await door.call('POST', '/nothing', { body: 'a=b', headers: { 'content-type': 'text/plain' } }),
    await door.call('POST', '/nothing', { body: 'x'.repeat(2_000_000) }),
    await door.call('POST', '/nothing', { key: null }),
  ];
  for (const { status, body } of answers) assert.deepEqual([status, body], [404, words('POST', '/nothing')]);
});

test('the query is not repeated, and a long path not to its end', async () => {
  assert.deepEqual((await door.call('GET', '/nothing?secret=1')).body, words('GET', '/nothing'));
  const { body } = await door.call('GET', `/nothing/${'x'.repeat(5_000)}`);
  assert.ok(body.message.length < 300);
});

test('a path that cannot be decoded is told in the form of the door', async () => {
  const { status, body } = await door.call('GET', '/esims/%zz');
  assert.equal(status, 400);
  assert.deepEqual(Object.keys(body), ['message']);
});
