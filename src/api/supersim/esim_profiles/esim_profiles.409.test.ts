import assert from 'node:assert/strict';
import { test } from 'node:test';
import { putDoor } from '../../../modules/accounts/index.ts';
import { listOrders } from '../../../modules/orders/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { openSuperSim } from '../test_supersim.ts';

const door = await openSuperSim(await testDatabase());
const accountId = door.account.account.id;
const form = { GenerateMatchingId: true };

test('an Idempotency-Key that came with another form is refused', async () => {
  const headers = { 'idempotency-key': 'one' };
  await door.call('POST', '/ESimProfiles', { form, headers });
  const masked = { Eid: '89049032005008882600033489aaaaaa' };
  const { status } = await door.call('POST', '/ESimProfiles', { form: masked, headers });
  assert.equal(status, 409);
  assert.equal((await listOrders(door.ctx, { accountId })).length, 1);
});

test('another callback is another form, whether it comes first or with the repetition', async () => {
  const hook = { ...form, CallbackUrl: 'https://receiver.example/a' };
  const forms = [
    form,
    hook,
    { ...hook, CallbackUrl: 'https://receiver.example/b' },
    { ...hook, CallbackMethod: 'GET' },
  ];
  for (const [at, first] of forms.entries()) {
    const headers = { 'idempotency-key': `callback ${at}` };
    const { body } = await door.call('POST', '/ESimProfiles', { form: first, headers });
    for (const second of forms) {
      const { status, body: again } = await door.call('POST', '/ESimProfiles', { form: second, headers });
      assert.deepEqual([status, again.sid ?? again.code], second === first ? [201, body.sid] : [409, 83004]);
    }
  }
});

test('an account whose product is not in the catalogue is told that there are no profiles', async () => {
  const settings = { product: 'not there' };
  await write(door.ctx, {}, (tx) => putDoor(tx, { accountId, door: 'supersim', settings }));
  const { status, body } = await door.call('POST', '/ESimProfiles', { form });
  assert.deepEqual([status, body.code], [409, 83500]);
});
