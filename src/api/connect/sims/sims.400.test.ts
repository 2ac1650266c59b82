import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completeEid } from '../../../base/digits.ts';
import { query } from '../../../pg/query.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { openConnect } from '../test_connect.ts';
import { moveSim, newSim } from '../test_lines.ts';

const door = await openConnect(await testDatabase(), { fulfils: false });
const { call, ctx } = door;
const { sim } = await newSim(door);
const eid = completeEid('890490320000010000000000000400');

for (const [what, body, message] of [
  ['no EID', {}, 'eid: required'],
  ['31 digits', { eid: eid.slice(1) }, 'eid: give the 32 digits of an EID'],
  ['33 digits', { eid: `${eid}0` }, 'eid: give the 32 digits of an EID'],
  ['letters', { eid: `${eid.slice(0, 26)}aaaaaa` }, 'eid: give the 32 digits of an EID'],
  ['blanks around it', { eid: ` ${eid} ` }, 'eid: give the 32 digits of an EID'],
  [
    'check digits of another one',
    { eid: `${eid.slice(0, 30)}00` },
    'eid: the check digits of this EID are not right',
  ],
  [
    'a digit changed',
    { eid: eid.replace('89049', '89048') },
    'eid: the check digits of this EID are not right',
  ],
] as const)
  test(`an EID with ${what} is refused, saying so, and binds nothing`, async () => {
    const { status, body: answered } = await call('PUT', `/v1/sim/${sim.iccid}`, { body });
    assert.deepEqual([status, answered], [400, { type: 'INVALID_REQUEST_PARAMS', messages: [message] }]);
    assert.equal((await call('GET', `/v1/sim/${sim.iccid}`)).body.eid, undefined);
  });

for (const [to, words] of [
  ['downloaded', /It is Downloaded: a device holds it/],
  ['installed', /It is Installed: a device holds it/],
  ['error', /It is Unavailable: its download has failed: order another/],
] as const)
  test(`a SIM whose profile is ${to} takes no EID, and says why`, async () => {
    const { sim: other } = await newSim(door);
    await moveSim(ctx, other, { to });
    const { status, body } = await call('PUT', `/v1/sim/${other.iccid}`, { body: { eid } });
    assert.deepEqual([status, body.type], [400, 'INVALID_REQUEST_PARAMS']);
    assert.match(body.messages[0], words);
  });

test('a SIM whose profile is at another SM-DP+ takes no EID, and says why', async () => {
  const { sim: other } = await newSim(door);
  await query(ctx.db, 'delete from smdp.profiles where iccid = $1', [other.iccid]);
  const { status, body } = await call('PUT', `/v1/sim/${other.iccid}`, { body: { eid } });
  assert.equal(status, 400);
  assert.match(body.messages[0], /another SM-DP\+/);
});

for (const query of ['', '?iccid=', '?iccid=123', `?iccid=${sim.iccid}&iccid=${sim.iccid}`, '?iccid=abc'])
  test(`/v1/status/sim${query.replace(/\d{19}/g, '…')} is refused by name`, async () => {
    for (const path of ['/v1/status/sim', '/v1/status/subscriptions']) {
      const { status, body } = await call('GET', `${path}${query}`);
      assert.deepEqual([status, body.type], [400, 'INVALID_REQUEST_PARAMS']);
      assert.match(body.messages[0], /^iccid: /);
    }
  });
