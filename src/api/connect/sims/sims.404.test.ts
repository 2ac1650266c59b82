import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completeEid } from '../../../base/digits.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { type Method, openConnect } from '../test_connect.ts';
import { newSim } from '../test_lines.ts';

const door = await openConnect(await testDatabase(), { fulfils: false });
const { sim } = await newSim(door);
const { sim: theirs } = await newSim(door, { of: door.subaccount });
const eid = completeEid('890490320000010000000000000500');
const webhook_url = 'https://receiver.example/connect';
const requests: [Method, string, object?][] = [
  ['GET', ''],
  ['PUT', '', { eid }],
  ['GET', '/subscriptions'],
  ['GET', '/preferences'],
  ['POST', '/preferences/notifications/USAGE_THRESHOLD', { webhook_url }],
  ['DELETE', '/preferences/notifications/USAGE_THRESHOLD'],
];

for (const [method, path, body] of requests)
  test(`${method} /v1/sim/{iccid}${path} answers the SIM of another client like one that there is not`, async () => {
    const refused = { type: 'NOT_FOUND', messages: ['There is no SIM with this ICCID.'] };
    const of = (iccid: string, token = door.token) =>
      door.call(method, `/v1/sim/${iccid}${path}`, { ...(body && { body }), token });
    for (const answer of [
      await of('8900000000000000006'),
      await of(theirs.iccid),
      await of('abc'),
      await of('%00'),
      await of(sim.iccid, await door.tokenOf(door.foreign)),
    ])
      assert.deepEqual([answer.status, answer.body], [404, refused]);
  });

test('deprecated paths and version 2 do so too', async () => {
  for (const path of ['/v1/status/sim?iccid=', '/v1/status/subscriptions?iccid=', '/v2/sims/'])
    for (const iccid of ['8900000000000000006', theirs.iccid])
      assert.equal((await door.call('GET', `${path}${iccid}`)).status, 404);
});

test('pre-production does not know the SIMs of production', async () => {
  const { status } = await door.call('GET', `/v1/sim/${sim.iccid}`, { prefix: '/connect-api-preprod' });
  assert.equal(status, 404);
});

test('a client that may only read changes nothing', async () => {
  const token = await door.tokenOf(await door.newKey(['read']));
  for (const [method, path, body] of requests) {
    const { status } = await door.call(method, `/v1/sim/${sim.iccid}${path}`, {
      ...(body && { body }),
      token,
    });
    assert.equal(status, method === 'GET' ? 200 : 403);
  }
});
