import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import twilio from 'twilio';
import { cancelOrder } from '../../../modules/orders/index.ts';
import { openReceiver } from '../../../modules/webhooks/test_receiver.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { openSuperSim } from '../test_supersim.ts';
import { readSid } from '../wire/sid.ts';
import { openCallbacks } from './test_callbacks.ts';

const door = await openSuperSim(await testDatabase(), { stock: 2 });
const callbacks = openCallbacks(door.ctx);
const receiver = await openReceiver();
after(() => receiver.close());
beforeEach(() => {
  receiver.received.length = 0;
});

const kore = { auth: `Bearer ${door.account.secret}`, headers: { host: 'supersim.kore.example' } };
const order = (options = {}) =>
  door.call('POST', '/ESimProfiles', {
    form: { GenerateMatchingId: true, CallbackUrl: receiver.url },
    ...options,
  });
const told = async () => {
  await callbacks.tellAll(new Date());
  return receiver.received.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
};

test('who orders a profile is told when it is available, as the resource then says, signed with his password', async () => {
  const { body: ordered } = await order();
  assert.deepEqual(await told(), []);
  await door.fulfil();
  const [params, ...more] = await told();
  const { body } = await door.call('GET', `/ESimProfiles/${ordered.sid}`);
  assert.deepEqual(params, {
    ESimProfileSid: body.sid,
    SimSid: body.sim_sid,
    SimIccid: body.iccid,
    ESimProfileStatus: 'available',
    Eid: '',
    SmdpPlusAddress: body.smdp_plus_address,
    ErrorCode: '',
    ErrorMessage: '',
  });
  assert.deepEqual(more, []);
  const signature = receiver.received[0]?.headers['x-twilio-signature'] ?? '';
  assert.ok(twilio.validateRequest(door.account.secret, signature, receiver.url, params ?? {}));
});

test('who orders as at KORE is told that there was no profile left, and why', async () => {
  await order(kore);
  await door.fulfil();
  assert.equal((await told())[0]?.['ESimProfileStatus'], 'available');
  receiver.received.length = 0;
  const { body: ordered } = await order(kore);
  await door.fulfil();
  const [params, ...more] = await told();
  const { body } = await door.call('GET', `/ESimProfiles/${ordered.sid}`);
  assert.deepEqual(
    [
      params?.['ESimProfileSid'],
      params?.['ESimProfileStatus'],
      params?.['ErrorCode'],
      params?.['ErrorMessage'],
    ],
    [body.sid, 'failed', '83500', body.error_message],
  );
  assert.deepEqual([body.status, body.error_code, more], ['failed', '83500', []]);
  assert.equal(receiver.received[0]?.headers['kore-signature'], '');
});

test('an order that is cancelled is told as failed', async () => {
  const { body: ordered } = await order(kore);
  const id = String(readSid('esimProfile', ordered.sid)).replace('esm_', 'ord_');
  await cancelOrder(door.ctx, { accountId: door.account.account.id, id });
  const [params] = await told();
  assert.deepEqual(
    [params?.['ESimProfileSid'], params?.['ESimProfileStatus'], params?.['ErrorCode']],
    [ordered.sid, 'failed', '20500'],
  );
});
