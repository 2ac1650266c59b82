import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { openSuperSim } from '../test_supersim.ts';

const door = await openSuperSim(await testDatabase());
const sid = `HP${'0'.repeat(32)}`;

const notFound = (path: string) => ({
  code: 20404,
  message: `The requested resource ${path} was not found`,
  more_info: 'https://www.twilio.com/docs/errors/20404',
  status: 404,
});

for (const path of [
  `/ESimProfiles/${sid}`,
  `/ESimProfiles/HS${sid.slice(2)}`,
  '/ESimProfiles/HP123',
  `/ESimProfiles/${sid}0`,
  '/ESimProfiles/',
  `/ESimProfiles/${sid}/`,
  '/ESimProfiles/%00',
  '/ESimProfiles/..%2F..',
  '/Nothing',
  '/esimprofiles',
  '',
]) {
  test(`nothing is found at /v1${path}`, async () => {
    const { status, body } = await door.call('GET', path);
    assert.deepEqual([status, body], [404, notFound(path || '/v1')]);
  });
}

test('what is asked of a resource is not part of its name', async () => {
  const { body } = await door.call('GET', `/ESimProfiles/${sid}?PageSize=1`);
  assert.deepEqual(body, notFound(`/ESimProfiles/${sid}`));
});

test('nothing is found whatever method and body come', async () => {
  const answers = [
    await door.call('POST', '/Nothing', { form: { a: 1 } }),
    await door.call('POST', '/Nothing', { form: '{}', headers: { 'content-type': 'application/json' } }),
    await door.call('POST', '/Nothing', { form: 'x'.repeat(100_000) }),
    await door.call('DELETE', '/Nothing'),
    await door.call('PATCH', '/Nothing', { auth: null }),
  ];
  for (const { status, body } of answers) assert.deepEqual([status, body], [404, notFound('/Nothing')]);
});

test('a path that cannot be decoded, or is too long, is told in the form of the door', async () => {
  for (const path of ['/Sims/%zz', `/Sims/${'a'.repeat(200)}`]) {
    const { status, body, headers } = await door.call('GET', path);
    assert.deepEqual([status, body.code], [404, 20404]);
    assert.equal(headers['access-control-allow-origin'], '*');
  }
});

test('outside of v1 there is nothing either', async () => {
  const { statusCode, headers, payload } = await door.app.inject('/supersim/v2/ESimProfiles');
  assert.equal(statusCode, 404);
  assert.ok(headers['x-request-id']);
  assert.deepEqual(JSON.parse(payload), notFound('/v2/ESimProfiles'));
});
