import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../base/ids.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { openConnect } from '../test_connect.ts';
import { newSim } from '../test_lines.ts';

const door = await openConnect(await testDatabase(), { fulfils: false });
const { bundles } = await newSim(door);
const own = String(bundles[0]?.id);
const { bundles: theirs } = await newSim(door, { of: door.subaccount });

for (const [method, path] of [
  ['GET', '/v1/subscription/{id}'],
  ['POST', '/v1/subscription/{id}/activate'],
  ['POST', '/v1/status/subscription/{id}/activate'],
  ['GET', '/v2/subscriptions/{id}'],
  ['POST', '/v2/subscriptions/{id}/activate'],
] as const)
  test(`${method} ${path} answers the subscription of another client like one that there is not`, async () => {
    const of = (id: string, options = {}) => door.call(method, path.replace('{id}', id), options);
    const foreign = await door.tokenOf(door.foreign);
    const answers = await Promise.all([
      of(newId('bundle')),
      of(String(theirs[0]?.id)),
      of('nothing'),
      of('%00'),
      of(own, { token: foreign }),
      of(own, { prefix: '/connect-api-preprod' }),
    ]);
    for (const { status, body } of answers) assert.deepEqual([status, body.type], [404, 'NOT_FOUND']);
  });

test('a client that may only read activates nothing', async () => {
  const token = await door.tokenOf(await door.newKey(['read']));
  assert.equal((await door.call('POST', `/v1/subscription/${own}/activate`, { token })).status, 403);
  assert.equal((await door.call('GET', `/v1/subscription/${own}`, { token })).body.status, 'PENDING');
});
