import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scopes } from '../../../modules/accounts/index.ts';
import { listStockLevels } from '../../../modules/inventory/index.ts';
import { cancelOrder, placeOrder } from '../../../modules/orders/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { readUuid, writeUuid } from '../../http/uuid_of_id.ts';
import { data1Gb, openConnect } from '../test_connect.ts';
import { newEsim, place } from './test_orders.ts';

const door = await openConnect(await testDatabase(), { fulfils: false, stock: 6 });
const { account } = door.account;
const look = (id: string, options = {}) => door.call('GET', `/v1/order/${id}`, options);
const placeByCore = (line: object, more: object = {}) =>
  placeOrder(door.ctx, {
    accountId: account.id,
    currency: 'USD',
    lines: [{ product: data1Gb.name, ...line }],
    ...more,
  });

test('an order has no output before it is completed, and is found by either spelling of its path', async () => {
  const { body } = await place(door, newEsim());
  for (const path of ['/v1/order', '/v1/orders']) {
    const waiting = await door.call('GET', `${path}/${body.id}`);
    assert.deepEqual([waiting.status, waiting.body], [200, body]);
  }
  await door.fulfil();
  const done = await look(body.id.toUpperCase());
  assert.equal(done.body.status, 'COMPLETED');
  assert.ok(done.body.output.iccid);
});

test('an order that came to nothing is FAILED, with the reason as a message and without output', async () => {
  const { id } = await placeByCore({ quantity: 10 }, { whenStockIsEmpty: 'fail' });
  await door.fulfil();
  const { status, body } = await look(writeUuid(id));
  assert.equal(status, 200);
  const { messages, ...rest } = body;
  assert.deepEqual(rest, { status: 'FAILED', externalId: body.id, id: writeUuid(id) });
  assert.ok(messages.length === 1 && messages[0].length > 0);

  const { body: waiting } = await place(door, newEsim());
  await cancelOrder(door.ctx, { accountId: account.id, id: readUuid('order', waiting.id)! });
  const cancelled = await look(waiting.id);
  assert.deepEqual([cancelled.body.status, cancelled.body.output], ['FAILED', undefined]);
  assert.match(cancelled.body.messages[0], /cancelled/);
});

test('an order of several eSIMs, placed at another door, shows its first; one for the inventory none', async () => {
  const several = await placeByCore({ quantity: 3 });
  const stored = await placeByCore({ quantity: 3, assign: false });
  await door.fulfil();
  const { output } = (await look(writeUuid(several.id))).body;
  assert.ok(output.iccid && output.subscription_id);
  const { body } = await look(writeUuid(stored.id));
  assert.deepEqual([body.status, body.output], ['COMPLETED', undefined]);
});

test('what is no order of the caller is 404 NOT_FOUND, that of another client in the same words', async () => {
  const { body } = await place(door, newEsim());
  const token = await door.tokenOf(door.foreign);
  const foreign = await look(body.id, { token });
  const unknown = await look('3a6acf89-1ccf-4611-9424-453930f57ef1');
  assert.deepEqual([foreign.status, foreign.body.type], [404, 'NOT_FOUND']);
  assert.deepEqual(foreign.body, unknown.body);
  for (const id of ['x', '%00', body.id.slice(1), `${body.id}0`, 'ord_0', '%E2%82%AC'])
    assert.equal((await look(id)).status, 404, id);
});

test('without a token 401, without the role 403', async () => {
  const { body } = await place(door, newEsim());
  assert.equal((await look(body.id, { token: null })).status, 401);
  assert.equal((await place(door, newEsim(), { token: null })).status, 401);
  const reader = await door.tokenOf(await door.newKey(['read']));
  const refused = await place(door, newEsim(), { token: reader });
  assert.deepEqual([refused.status, refused.body.type], [403, 'ACCESS_DENIED']);
  assert.equal((await look(body.id, { token: reader })).status, 200);
  const writer = await door.tokenOf(await door.newKey(scopes.filter((scope) => scope !== 'read')));
  assert.equal((await look(body.id, { token: writer })).status, 403);
});

test('pre-production has its own money, orders and test SIMs, and takes nothing of production', async () => {
  const prefix = '/connect-api-preprod';
  const poor = await door.tokenOf(door.foreign);
  const live = async () =>
    (await listStockLevels(door.ctx)).find(({ profileType }) => profileType === data1Gb.profileType)
      ?.available;
  // Those of other tests.
  await door.fulfil();
  const before = await live();
  const { status, body } = await place(door, newEsim(), { prefix, token: poor });
  assert.equal(status, 200, JSON.stringify(body));
  await door.fulfil();
  const done = await look(body.id, { prefix, token: poor });
  assert.equal(done.body.status, 'COMPLETED');
  assert.equal(await live(), before);
  assert.equal((await look(body.id, { token: poor })).status, 404);
  const { body: real } = await place(door, newEsim());
  assert.equal((await look(real.id, { prefix })).status, 404);
});
