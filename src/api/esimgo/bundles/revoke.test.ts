import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from '../../../pg/query.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { openEsimGo } from '../test_esimgo.ts';
import { bundleName, shopper } from './test_shopper.ts';

const door = await openEsimGo(await testDatabase());
const { call, ctx, foreign, newKey } = door;
const { buyOne, order, use } = shopper(door);
type Query = Record<string, string | boolean>;
const revoke = (
  iccid: string,
  query: Query = {},
  { key = door.account.secret, name = bundleName, headers = {} } = {},
) => call('DELETE', `/esims/${iccid}/bundles/${name}`, { query, key, headers });
const revokeOne = (iccid: string, id: string, query: Query = {}) =>
  call('DELETE', `/esims/${iccid}/bundles/${bundleName}/assignments/${id}`, { query });
const assignments = async (iccid: string): Promise<{ id: string; bundleState: string }[]> =>
  (await call('GET', `/esims/${iccid}/bundles`, { query: { includeUsed: true } })).body.bundles[0]
    .assignments;
const states = async (iccid: string) => (await assignments(iccid)).map(({ bundleState }) => bundleState);
const balance = async () => (await call('GET', '/organisation')).body.balance;
const inInventory = async () => {
  const [row] = await query<{ sum: bigint }>(
    ctx.db,
    'select coalesce(sum(remaining), 0)::int8 as sum from orders.bundle_lots where account_id = $1',
    [door.account.account.id],
  );
  return Number(row?.sum);
};

/** An eSIM with three bundles, the oldest last. */
async function buyThree() {
  const esim = await buyOne();
  for (let n = 0; n < 2; n++) await order({ esims: [esim.iccid] });
  return esim;
}

test('the oldest unused bundle of the name is revoked, and comes back to the inventory', async () => {
  const { iccid } = await buyThree();
  const before = await inInventory();
  const { status, body } = await revoke(iccid);
  assert.equal(status, 200);
  assert.deepEqual(body, { status: 'Successfully Revoked Bundle, bundle has been refunded to inventory' });
  assert.deepEqual(await states(iccid), ['queued', 'queued', 'revoked']);
  assert.equal(await inInventory(), before + 1);
});

test('it is asked for by validate first, which changes nothing and says what may be had', async () => {
  const { iccid } = await buyThree();
  const before = await balance();
  const { status, body } = await revoke(iccid, { type: 'validate' });
  assert.equal(status, 200);
  assert.match(body.status, /to balance \(2 USD\) or to inventory until 20/);
  assert.deepEqual([await states(iccid), await balance()], [['queued', 'queued', 'queued'], before]);
});

test('its price comes back to the balance when that is asked for, once', async () => {
  const { iccid } = await buyOne();
  const before = await balance();
  const { body } = await revoke(iccid, { refundToBalance: true, type: 'transaction' });
  assert.equal(body.status, 'Successfully Revoked Bundle, bundle has been refunded to balance');
  assert.equal(await balance(), before + 2);
  assert.equal((await revoke(iccid, { refundToBalance: true })).status, 400);
  assert.equal(await balance(), before + 2);
});

test('a specific assignment is revoked, by its path or as offerId', async () => {
  const { iccid } = await buyThree();
  const [newest, middle] = await assignments(iccid);
  assert.equal((await revokeOne(iccid, middle?.id ?? '')).status, 200);
  assert.equal((await revoke(iccid, { offerId: newest?.id ?? '' })).status, 200);
  assert.deepEqual(await states(iccid), ['revoked', 'revoked', 'queued']);
});

test('all that come at the same time get one each', async () => {
  const { iccid } = await buyThree();
  const answers = await Promise.all(Array.from({ length: 4 }, () => revoke(iccid)));
  assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 200, 200, 400]);
});

test('the same Idempotency-Key revokes one', async () => {
  const { iccid } = await buyThree();
  const headers = { 'Idempotency-Key': 'revoke-1' };
  const answers = [await revoke(iccid, {}, { headers }), await revoke(iccid, {}, { headers })];
  assert.deepEqual(answers[0]?.body, answers[1]?.body);
  assert.deepEqual(await states(iccid), ['queued', 'queued', 'revoked']);
});

test('a used bundle is not revoked, and the answer says why; a newer unused one is', async () => {
  const esim = await buyOne();
  await use(esim, 1n);
  const { status, body } = await revoke(esim.iccid);
  assert.deepEqual([status, body.reason], [400, 'bundle_used']);
  assert.match(body.message, /active: only one that was never used/);
  const [{ id } = { id: '' }] = await assignments(esim.iccid);
  for (const query of [{}, { type: 'validate' }] as Query[]) {
    const answer = await revokeOne(esim.iccid, id, query);
    assert.deepEqual([answer.status, answer.body.reason], [400, 'bundle_used']);
  }
  await order({ esims: [esim.iccid] });
  assert.equal((await revoke(esim.iccid)).status, 200);
  assert.deepEqual(await states(esim.iccid), ['revoked', 'active']);
});

test('after the time for a refund it is revoked without one, and not for one that is asked for', async () => {
  const { iccid, id } = await buyOne();
  await query(ctx.db, 'update bundles.bundles set refundable_until = now() where esim_id = $1', [id]);
  assert.match((await revoke(iccid, { type: 'validate' })).body.status, /without a refund/);
  const refused = await revoke(iccid, { refundToBalance: true });
  assert.equal(refused.status, 400);
  assert.match(refused.body.message, /refundToBalance/);
  assert.deepEqual((await revoke(iccid)).body, { status: 'Successfully Revoked Bundle' });
});

test('names are exact, and there must be something to revoke', async () => {
  const { iccid } = await buyOne();
  for (const name of ['esim_1gb_7d_nl_v2', 'nothing']) {
    const { status, body } = await revoke(iccid, {}, { name });
    assert.deepEqual([status, body.reason], [400, 'unknown_assignment']);
    assert.match(body.message, /case-sensitive/);
  }
});

test("an assignment of another eSIM, name or organisation is none of this eSIM's", async () => {
  const [one, two] = [await buyOne(), await buyOne()];
  const [{ id } = { id: '' }] = await assignments(two.iccid);
  for (const other of [id, 'bun_00', '123231231', `bun_${'0'.repeat(32)}`]) {
    const { status, body } = await revokeOne(one.iccid, other);
    assert.deepEqual([status, body.reason], [400, 'unknown_assignment']);
  }
  const theirs = await revoke(two.iccid, {}, { key: foreign.secret });
  assert.deepEqual([theirs.status, theirs.body.reason], [400, 'unknown_iccid']);
  assert.deepEqual(await states(two.iccid), ['queued']);
});

const refused: [query: Query, message: RegExp][] = [
  [{ type: 'maybe' }, /type: give validate, transaction/],
  [{ refundToBalance: 'please' }, /refundToBalance: give true or false/],
];
for (const [query, message] of refused)
  test(`revoking with ${JSON.stringify(query)} is refused`, async () => {
    const { iccid } = await buyOne();
    const { status, body } = await revoke(iccid, query);
    assert.equal(status, 400);
    assert.match(body.message, message);
    assert.deepEqual(await states(iccid), ['queued']);
  });

test('a key that may only read revokes nothing', async () => {
  const { iccid } = await buyOne();
  const { secret } = await newKey(['read']);
  assert.equal((await revoke(iccid, {}, { key: secret })).status, 403);
});
