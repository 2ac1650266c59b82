import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { openTestDesk } from '../../http/test_callbacks.ts';
import { connectDialects } from '../callbacks/index.ts';
import { type Method, openConnect } from '../test_connect.ts';
import { newSim } from '../test_lines.ts';

const door = await openConnect(await testDatabase(), { fulfils: false });
openTestDesk(door.ctx, connectDialects(), ['receiver.example']);
const webhook_url = 'https://receiver.example/connect';
const preferencesOf = async () => {
  const { sim } = await newSim(door);
  const at = `/v1/sim/${sim.iccid}/preferences`;
  const call = (method: Method, path: string, body?: object, version = '/v1/sim') =>
    door.call(method, `${at.replace('/v1/sim', version)}${path}`, { ...(body && { body }) });
  return { call, see: async () => (await call('GET', '')).body, iccid: sim.iccid };
};

test('a notification is registered per type, moved to another URL, and taken away', async () => {
  const { call, see } = await preferencesOf();
  assert.deepEqual(await see(), { notifications: [] });
  const { status, body } = await call('POST', '/notifications/USAGE_THRESHOLD', { webhook_url });
  assert.deepEqual([status, body], [200, { notifications: [{ type: 'USAGE_THRESHOLD', webhook_url }] }]);
  const moved = { webhook_url: `${webhook_url}/2` };
  await call('POST', '/notifications/USAGE_THRESHOLD/', moved, '/v1/sims');
  assert.deepEqual(await see(), { notifications: [{ type: 'USAGE_THRESHOLD', ...moved }] });
  await call('POST', '/notifications/SUBSCRIPTION_END', { webhook_url });
  assert.equal((await see()).notifications.length, 2);
  const left = await call('DELETE', '/notifications/USAGE_THRESHOLD');
  assert.deepEqual(left.body, { notifications: [{ type: 'SUBSCRIPTION_END', webhook_url }] });
  assert.equal((await call('DELETE', '/notifications/USAGE_THRESHOLD')).status, 200);
});

test('both spellings are one type, shown as it was set, and the documented path of the removal works too', async () => {
  const { call, see, iccid } = await preferencesOf();
  await call('POST', '/notifications/SUBSCRIPTION_END', { webhook_url });
  await call('POST', '/notifications/SUBSCRITPION_END', { webhook_url });
  assert.deepEqual(await see(), { notifications: [{ type: 'SUBSCRITPION_END', webhook_url }] });
  const removed = await door.call('DELETE', `/v1/sim/${iccid}/notification_preferences/SUBSCRIPTION_END`);
  assert.deepEqual([removed.status, removed.body], [200, { notifications: [] }]);
});

test('version 2 takes the place of version 1, has one type more, and shows no credentials', async () => {
  const { call, see } = await preferencesOf();
  await call('POST', '/notifications/USAGE_THRESHOLD', { webhook_url });
  const url = `${webhook_url}/v2`;
  const basic = { username: 'connect', password: 'a long secret' };
  for (const type of ['USAGE_THRESHOLD', 'DOWNLOAD_PROGRESS', 'SUBSCRITPION_END'])
    assert.equal(
      (await call('PUT', `/notifications/${type}`, { webhook_url: url, ...basic }, '/v2/sims')).status,
      200,
    );
  const { body } = await call('GET', '', undefined, '/v2/sims');
  assert.deepEqual(
    body.notifications.map(({ type, webhook_url: at }: Record<string, string>) => [type, at]),
    [
      ['USAGE_THRESHOLD', url],
      ['DOWNLOAD_PROGRESS', url],
      ['SUBSCRITPION_END', url],
    ],
  );
  assert.ok(!JSON.stringify(body).includes('secret'));
  assert.deepEqual(await see(), body);
  await call('DELETE', '/notifications/DOWNLOAD_PROGRESS', undefined, '/v2/sims');
  assert.equal((await see()).notifications.length, 2);
});

for (const [what, method, path, body, message] of [
  ['an unknown type', 'POST', '/v1/sim', { webhook_url }, /^type: give USAGE_THRESHOLD or SUBSCRIPTION_END$/],
  [
    'an unknown type of version 2',
    'PUT',
    '/v2/sims',
    { webhook_url },
    /^type: give USAGE_THRESHOLD, DOWNLOAD_PROGRESS/,
  ],
  ['an unknown type to remove', 'DELETE', '/v1/sim', undefined, /^type: /],
] as const)
  test(`${what} is refused, naming those that there are`, async () => {
    const { iccid } = await preferencesOf();
    for (const type of method === 'PUT'
      ? ['ORDER', '%00']
      : ['DOWNLOAD_PROGRESS', 'usage_threshold', 'USAGE_THRESHOLD%20v2']) {
      const at = `${path}/${iccid}/preferences/notifications/${type}`;
      const answer = await door.call(method, at, { ...(body && { body }) });
      assert.deepEqual([answer.status, answer.body.type], [400, 'INVALID_REQUEST_PARAMS'], type);
      assert.match(answer.body.messages[0], message);
    }
  });

for (const [what, url] of [
  ['no URL', undefined],
  ['an empty URL', ''],
  ['a path', '/hook'],
  ['another scheme', 'ftp://receiver.example/'],
  ['a user name in it', 'https://user:password@receiver.example/'],
  ['a private address', 'http://10.0.0.1/hook'],
  ['the address of the cloud', 'http://169.254.169.254/latest'],
  ['a number', 5],
] as const)
  test(`a webhook with ${what} is refused by name, and none is kept`, async () => {
    const { call, see } = await preferencesOf();
    const { status, body } = await call('POST', '/notifications/USAGE_THRESHOLD', { webhook_url: url });
    assert.deepEqual([status, body.type], [400, 'INVALID_REQUEST_PARAMS']);
    assert.match(body.messages[0], /^webhook_url: /);
    assert.deepEqual(await see(), { notifications: [] });
  });

test('a name with a colon, which no receiver could read, is refused', async () => {
  const { call } = await preferencesOf();
  const body = { webhook_url, username: 'a:b', password: 'c' };
  const answer = await call('PUT', '/notifications/USAGE_THRESHOLD', body, '/v2/sims');
  assert.deepEqual([answer.status, answer.body.messages], [400, ['username: give a name without a colon']]);
});
