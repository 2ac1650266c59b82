import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completeEid } from '../../../base/digits.ts';
import { listOrders } from '../../../modules/orders/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { newSim } from '../sims/test_sims.ts';
import { openSuperSim } from '../test_supersim.ts';

const door = await openSuperSim(await testDatabase(), { kind: 'live' });
const accountId = door.account.account.id;
const eid = completeEid('890490321234512345123456789012');
const wrongEid = eid.slice(0, 31) + ((Number(eid[31]) + 1) % 10);

/** What is sent, and what of it the answer names. */
const refused: Record<string, [form: string, named: RegExp]> = {
  'neither method': ['', /Eid: give either Eid or GenerateMatchingId=true/],
  'both methods': [`Eid=${eid}&GenerateMatchingId=true`, /Eid: give either Eid or GenerateMatchingId=true/],
  'only GenerateMatchingId=false': [
    'GenerateMatchingId=false',
    /Eid: give either Eid or GenerateMatchingId=true/,
  ],
  'GenerateMatchingId=maybe': ['GenerateMatchingId=maybe', /GenerateMatchingId: give true or false/],
  'an empty EID': ['Eid=', /Eid: give a value/],
  'an EID with wrong check digits': [`Eid=${wrongEid}`, /Eid: give 32 digits/],
  'a short EID': ['Eid=8904', /Eid: give 32 digits/],
  'an EID of many characters': [`Eid=${'8'.repeat(65)}`, /Eid: /],
  "the documentation's masked EID in a live account": [
    'Eid=89049032005008882600033489aaaaaa',
    /Eid: give 32 digits/,
  ],
  'an EID twice': [`Eid=${eid}&Eid=${eid}`, /Eid: give it once/],
  'GenerateMatchingId twice': [
    'GenerateMatchingId=true&GenerateMatchingId=true',
    /GenerateMatchingId: give it once/,
  ],
  'a callback that is no URL': ['GenerateMatchingId=true&CallbackUrl=nowhere', /CallbackUrl: /],
  'a callback into our network': [
    'GenerateMatchingId=true&CallbackUrl=http%3A%2F%2F127.0.0.1%2F',
    /CallbackUrl: .*may not be called/,
  ],
  'a callback by PUT': ['GenerateMatchingId=true&CallbackMethod=PUT', /CallbackMethod: give GET or POST/],
};

for (const [name, [form, named]] of Object.entries(refused))
  test(`${name} is refused, naming it, and nothing is ordered`, async () => {
    const { status, body } = await door.call('POST', '/ESimProfiles', { form });
    assert.deepEqual([status, body.code], [400, 20001]);
    assert.match(body.message, named);
    assert.deepEqual(await listOrders(door.ctx, { accountId }), []);
  });

test('an Idempotency-Key that cannot be one is refused', async () => {
  const { status, body } = await door.call('POST', '/ESimProfiles', {
    form: { GenerateMatchingId: true },
    headers: { 'idempotency-key': 'x'.repeat(256) },
  });
  assert.deepEqual([status, body.code], [400, 20001]);
  assert.deepEqual(await listOrders(door.ctx, { accountId }), []);
});

test('lists refuse an unknown status, a SID of another kind, and places that are none of theirs', async () => {
  const { sid } = await newSim(door);
  const simPlace = `PA${Buffer.from(`sim_${sid.slice(2)}`).toString('base64url')}`;
  for (const [query, named] of [
    ['Status=deleted', /Status: give new, /],
    ['Status=installed&Status=failed', /Status: /],
    [`SimSid=HP${sid.slice(2)}`, /SimSid: /],
    ['SimSid=anything', /SimSid: /],
    ['Eid=', /Eid: /],
    ['PageSize=0', /PageSize: /],
    ['PageSize=1001', /PageSize: /],
    [`PageToken=${simPlace}`, /PageToken: /],
  ] as const) {
    const { status, body } = await door.call('GET', '/ESimProfiles', { query });
    assert.deepEqual([status, body.code], [400, 20001], query);
    assert.match(body.message, named);
  }
});
