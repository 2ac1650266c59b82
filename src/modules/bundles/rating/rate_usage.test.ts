import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from '../../../pg/query.ts';
import { testCtx } from '../../../pg/test_ctx.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { setThresholds } from '../../accounts/index.ts';
import { listEvents } from '../../events/index.ts';
import { remainingOf } from '../allowance.ts';
import { getBundle, rateUsage } from '../index.ts';
import { type Assigned, assignTest, rateTest } from '../test_assignment.ts';
import { at, testRecord } from '../test_bundle.ts';

const ctx = testCtx(await testDatabase(), at(0));
const nowAt = (now: Date) => ({ ...ctx, now });
const bundle = (of: Assigned, index = 0) =>
  getBundle(ctx, { accountId: of.accountId, bundleId: of.ids[index] as string });
const left = async (of: Assigned, index = 0) => {
  const { data } = (await bundle(of, index)).allowances;
  return data && remainingOf(data);
};
const events = async ({ accountId }: Assigned) => (await listEvents(ctx, { accountId, limit: 100 })).events;
const types = async (of: Assigned) => (await events(of)).map(({ type }) => type);

test('what was rated is on disk: what is left, when it started and when it ends', async () => {
  const of = await assignTest(ctx, [{ smsCount: 10, voiceSeconds: 60 }]);
  await rateTest(nowAt(at(1)), of, [
    testRecord(at(0, 1), 300),
    testRecord(at(0, 2), 3, { kind: 'sms' }),
    testRecord(at(0, 3), 25, { kind: 'voice' }),
  ]);
  const { allowances, state, startsAt, endsAt, dueAt } = await bundle(of);
  assert.deepEqual(allowances, {
    data: { initial: 1_000n, used: 300n, told: 1 },
    sms: { initial: 10n, used: 3n, told: 1 },
    voice: { initial: 60n, used: 25n, told: 1 },
  });
  assert.deepEqual([state, startsAt, endsAt, dueAt], ['active', at(0, 1), at(7, 1), at(7, 1)]);
});

test('events tell in the order of time what happened, with the bundle and the eSIM', async () => {
  const of = await assignTest(ctx, [{ thresholds: [80] }]);
  await rateTest(nowAt(at(1)), of, [testRecord(at(0, 2), 300), testRecord(at(0, 1), 800)]);
  const told = await events(of);
  assert.deepEqual(
    told.map(({ type }) => type),
    ['bundle.assigned', 'bundle.started', 'bundle.threshold_reached', 'bundle.depleted'],
  );
  const { resourceId, data } = told[2] as (typeof told)[number];
  assert.equal(resourceId, of.ids[0]);
  assert.deepEqual(data, {
    esimId: of.esimId,
    orderId: 'ord_1',
    product: 'test_1000',
    state: 'active',
    at: at(0, 1).toISOString(),
    allowance: 'data',
    threshold: 80,
    initial: 1000,
    remaining: 200,
  });
});

test("an account's own thresholds are told for products without any", async () => {
  const of = await assignTest(ctx);
  await write(ctx, {}, (tx) => setThresholds(tx, { accountId: of.accountId, thresholds: [33] }));
  await rateTest(nowAt(at(1)), of, [testRecord(at(0, 1), 330)]);
  const told = (await events(of)).filter(({ type }) => type === 'bundle.threshold_reached');
  assert.deepEqual(
    told.map(({ data }) => data['threshold']),
    [33],
  );
});

test('two who rate the same eSIM at once lose nothing', async () => {
  const of = await assignTest(ctx, [{ dataBytes: 100_000n }, {}]);
  const batches = Array.from({ length: 20 }, () => [testRecord(at(0, 1), 7), testRecord(at(0, 1), 4)]);
  const charges = await Promise.all(batches.map((records) => rateTest(nowAt(at(1)), of, records)));
  assert.equal(await left(of), 100_000n - 220n);
  assert.ok(charges.every((each) => [...each.values()].every(([charge]) => charge?.bundleId === of.ids[0])));
});

test('a late record gives back what later ones were charged, and they are charged anew', async () => {
  const of = await assignTest(ctx, [{}, {}]);
  const [r1, r3] = [testRecord(at(1), 600), testRecord(at(3), 600)];
  const first = await rateTest(nowAt(at(4)), of, [r1, r3]);
  const earlier = [{ ...r3, charges: first.get(r3.id) ?? [] }];
  const late = testRecord(at(2), 500);
  const second = await rateTest(nowAt(at(4)), of, [late], earlier);
  assert.deepEqual(second.get(r3.id), [{ bundleId: of.ids[1], amount: 600n }]);
  assert.deepEqual([await left(of), await left(of, 1)], [0n, 300n]);
  assert.deepEqual((await bundle(of, 1)).startsAt, at(2));
});

test('lines of a batch are rated each by its own bundles; one without any is charged nothing', async () => {
  const lines = [await assignTest(ctx), await assignTest(ctx), await assignTest(ctx, [])];
  const records = lines.map(() => testRecord(at(0, 1), 10));
  const charges = await write(nowAt(at(1)), {}, (tx) =>
    rateUsage(
      tx,
      lines.map(({ accountId, esimId }, index) => ({
        accountId,
        esimId,
        records: [records[index] as (typeof records)[number]],
        earlier: [],
      })),
    ),
  );
  assert.deepEqual(
    records.map(({ id }) => charges.get(id)?.map(({ bundleId }) => bundleId)),
    [lines[0]?.ids, lines[1]?.ids, []],
  );
});

test("another account's records are not charged to this account's bundles", async () => {
  const of = await assignTest(ctx);
  const other = await assignTest(ctx, []);
  await rateTest(nowAt(at(1)), { accountId: other.accountId, esimId: of.esimId }, [testRecord(at(0, 1), 10)]);
  assert.equal(await left(of), 1_000n);
});

for (const amount of [-1, 2 ** 49]) {
  test(`an amount of ${amount} is refused, and nothing is charged`, async () => {
    const of = await assignTest(ctx);
    const records = [testRecord(at(0, 1), 10), testRecord(at(0, 2), amount)];
    await assert.rejects(rateTest(nowAt(at(1)), of, records), { code: 'invalid_request' });
    assert.equal(await left(of), 1_000n);
  });
}

test('charges that were never made cannot be given back', async () => {
  const of = await assignTest(ctx);
  const earlier = [{ ...testRecord(at(2), 5), charges: [{ bundleId: of.ids[0] as string, amount: 5n }] }];
  await assert.rejects(rateTest(nowAt(at(3)), of, [testRecord(at(1), 1)], earlier), /no more is given back/);
});

test('the database refuses a bundle with more left than it had, or less than nothing', async () => {
  const of = await assignTest(ctx);
  for (const remaining of [-1n, 1_001n])
    await assert.rejects(
      query(ctx.db, 'update bundles.bundles set remaining_bytes = $2 where id = $1', [of.ids[0], remaining]),
      /bundles_check/,
    );
});

test('what happened by the clock since the last rating is told before what was used later', async () => {
  const of = await assignTest(ctx, [{}, {}]);
  await rateTest(nowAt(at(0, 1)), of, [testRecord(at(0, 1), 1)]);
  await rateTest(nowAt(at(9)), of, [testRecord(at(8), 1)]);
  assert.deepEqual((await types(of)).slice(-2), ['bundle.expired', 'bundle.started']);
});
