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

test('an account whose product is not in the catalogue is told that there are no profiles', async () => {
  const settings = { product: 'not there' };
  await write(door.ctx, {}, (tx) => putDoor(tx, { accountId, door: 'supersim', settings }));
  const { status, body } = await door.call('POST', '/ESimProfiles', { form });
  assert.deepEqual([status, body.code], [409, 83500]);
});
