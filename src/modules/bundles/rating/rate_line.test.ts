import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import type { Bundle } from '../bundle.ts';
import { at, testBundle, testLine, testRecord } from '../test_bundle.ts';
import type { UsageRecord } from './charge_record.ts';

const told = (outcome: { told: { type: string }[] }) => outcome.told.map(({ type }) => type);
const used = (bundle: Bundle) => bundle.allowances.data?.used;
const sms = (count: number) => ({ sms: { initial: BigInt(count), used: 0n, told: 0 } });

test('the first use starts the oldest bundle for as many days of 24 h as it has', () => {
  const line = testLine([testBundle(), testBundle()]);
  const outcome = line.rate(at(1), testRecord(at(0, 5), 100));
  assert.deepEqual(told(outcome), ['bundle.started']);
  const [first, second] = [line.bundle(0), line.bundle(1)];
  assert.deepEqual([first.state, first.startsAt, first.endsAt], ['active', at(0, 5), at(7, 5)]);
  assert.deepEqual([used(first), second.state, second.startsAt], [100n, 'queued', null]);
});

test('a record larger than what is left goes over into the next bundle, and what nobody pays stays uncharged', () => {
  const line = testLine([testBundle(), testBundle()]);
  const record = testRecord(at(1), 2_500);
  const outcome = line.rate(at(2), record);
  assert.deepEqual(
    outcome.charges.get(record.id)?.map(({ amount }) => amount),
    [1_000n, 1_000n],
  );
  assert.deepEqual(told(outcome), ['bundle.started', 'bundle.depleted', 'bundle.started', 'bundle.depleted']);
});

test('usage in a country goes to a bundle that covers it, beside the active one of another country', () => {
  const line = testLine([testBundle(), testBundle({ countries: ['DE'] })]);
  line.rate(
    at(2),
    testRecord(at(0, 1), 10),
    testRecord(at(0, 2), 20, { country: 'DE' }),
    testRecord(at(0, 3), 40, { country: null }),
    testRecord(at(0, 4), 80, { country: 'FR' }),
  );
  assert.deepEqual([used(line.bundle(0)), used(line.bundle(1))], [50n, 20n]);
});

test('a bundle with messages and data is depleted only when both are used up', () => {
  const line = testLine([testBundle({ allowances: { ...testBundle().allowances, ...sms(2) } })]);
  line.rate(at(1), testRecord(at(0, 1), 1_000));
  assert.equal(line.bundle(0).state, 'active');
  const outcome = line.rate(at(1), testRecord(at(0, 2), 2, { kind: 'sms' }));
  assert.deepEqual([line.bundle(0).state, line.bundle(0).endedAt], ['depleted', at(0, 2)]);
  assert.ok(told(outcome).includes('bundle.depleted'));
});

test('usage of a kind that no bundle has is charged to none and starts none', () => {
  const line = testLine([testBundle()]);
  const record = testRecord(at(0, 1), 1, { kind: 'voice' });
  assert.deepEqual([...line.rate(at(1), record).charges], [[record.id, []]]);
  assert.equal(line.bundle(0).state, 'queued');
});

test('a bundle is expired at its end: what is used later goes to the next', () => {
  const line = testLine([testBundle(), testBundle()]);
  line.rate(at(0, 1), testRecord(at(0, 1), 100));
  const outcome = line.rate(at(7, 3), testRecord(at(7, 1), 100));
  assert.deepEqual([line.bundle(0).state, line.bundle(0).endedAt], ['expired', at(7, 1)]);
  assert.deepEqual(told(outcome), ['bundle.expired', 'bundle.started']);
  assert.deepEqual([used(line.bundle(0)), used(line.bundle(1))], [100n, 100n]);
});

test('a bundle with an activation date does not start before it, and starts then without use', () => {
  const line = testLine([testBundle({ activatesAt: at(3) })]);
  line.rate(at(1), testRecord(at(1), 100));
  assert.deepEqual([line.bundle(0).state, used(line.bundle(0)), line.bundle(0).dueAt], ['queued', 0n, at(3)]);
  line.rate(at(4));
  assert.deepEqual([line.bundle(0).state, line.bundle(0).startsAt], ['active', at(3)]);
});

test('one that starts by time waits while another has what it has in one of its countries, and starts when that ends', () => {
  const waiting = { autostart: false };
  const elsewhere = { ...waiting, countries: ['DE'] };
  const line = testLine([testBundle(waiting), testBundle(elsewhere), testBundle(waiting)]);
  line.rate(at(0, 1));
  assert.deepEqual(
    [0, 1, 2].map((index) => line.bundle(index).state),
    ['active', 'active', 'queued'],
  );
  const other = testLine([
    testBundle({ state: 'active', startsAt: at(0), endsAt: at(7) }),
    testBundle(waiting),
  ]);
  other.rate(at(1));
  assert.deepEqual([other.bundle(1).state, other.bundle(1).dueAt], ['queued', at(365)]);
  other.rate(at(2), testRecord(at(2), 1_000));
  assert.deepEqual([other.bundle(1).state, other.bundle(1).startsAt], ['active', at(2)]);
});

test('an unused bundle lapses at its time, and is told once', () => {
  const line = testLine([testBundle({ lapsesAt: at(30) })]);
  assert.deepEqual(told(line.rate(at(31))), ['bundle.lapsed']);
  assert.deepEqual([line.bundle(0).state, line.bundle(0).endedAt], ['lapsed', at(30)]);
  assert.deepEqual(told(line.rate(at(32), testRecord(at(31), 5))), []);
});

test('a bundle pays for nothing that was used before it was assigned', () => {
  const line = testLine([testBundle({ assignedAt: at(1) })]);
  line.rate(at(2), testRecord(at(0, 23), 5), testRecord(at(1), 7));
  assert.equal(used(line.bundle(0)), 7n);
});

test('each threshold is told once, in order, with what was left', () => {
  const line = testLine([testBundle()], [1, 50, 80, 100]);
  const thresholds = (outcome: ReturnType<typeof line.rate>) =>
    outcome.told
      .filter(({ type }) => type === 'bundle.threshold_reached')
      .map(({ data }) => [data['threshold'], data['remaining']]);
  assert.deepEqual(thresholds(line.rate(at(1), testRecord(at(0, 1), 9))), []);
  assert.deepEqual(thresholds(line.rate(at(1), testRecord(at(0, 2), 491))), [
    [1, 500],
    [50, 500],
  ]);
  assert.deepEqual(thresholds(line.rate(at(1), testRecord(at(0, 3), 1))), []);
  assert.deepEqual(thresholds(line.rate(at(1), testRecord(at(0, 4), 600))), [
    [80, 0],
    [100, 0],
  ]);
});

test("a bundle's own thresholds are told instead of those of the account", () => {
  const line = testLine([testBundle({ thresholds: [30] })], [1, 50]);
  const outcome = line.rate(at(1), testRecord(at(0, 1), 900));
  assert.deepEqual(told(outcome), ['bundle.started', 'bundle.threshold_reached']);
});

const unlimited = (more: Partial<Bundle> = {}) =>
  testBundle({
    allowances: { data: { initial: null, used: 0n, told: 0 } },
    fairUse: [
      { afterBytes: 1_000n, speedKbps: 512 },
      { afterBytes: 2_000n, speedKbps: 64 },
    ],
    ...more,
  });

test('unlimited data is slowed down by what was used in a day of the bundle, and fast again with the next', () => {
  const line = testLine([unlimited()]);
  line.rate(at(0, 6), testRecord(at(0, 6), 999));
  assert.equal(line.bundle(0).speedKbps, null);
  const slowed = line.rate(at(0, 7), testRecord(at(0, 7), 1));
  assert.deepEqual([told(slowed), slowed.speedKbps, slowed.speedChanged], [['bundle.throttled'], 512, true]);
  assert.deepEqual(line.bundle(0).dueAt, at(1, 6));
  assert.equal(line.rate(at(0, 8), testRecord(at(0, 8), 1_000)).speedKbps, 64);
  const restored = line.rate(at(1, 6));
  assert.deepEqual([told(restored), restored.speedKbps], [['bundle.speed_restored'], null]);
  assert.equal(line.bundle(0).dueAt?.getTime(), at(7, 6).getTime());
});

test('what was used on a day that is over slows nothing down', () => {
  const line = testLine([unlimited()]);
  const outcome = line.rate(at(2), testRecord(at(0, 1), 5_000), testRecord(at(1, 2), 10));
  assert.deepEqual([told(outcome), line.bundle(0).dayBytes], [['bundle.started'], 10n]);
});

test('a line is slow only where no active bundle with data is faster', () => {
  const line = testLine([unlimited(), testBundle({ countries: ['DE'] })]);
  assert.equal(line.rate(at(0, 1), testRecord(at(0, 1), 1_500)).speedKbps, 512);
  assert.equal(line.rate(at(0, 2), testRecord(at(0, 2), 1, { country: 'DE' })).speedKbps, null);
});

test('a late record is rated in its place: it starts what it would have started, and later ones move', () => {
  const line = testLine([testBundle(), testBundle()]);
  const [r1, r3] = [testRecord(at(1), 600), testRecord(at(3), 600)];
  line.rate(at(4), r1, r3);
  assert.deepEqual([line.bundle(0).endedAt, line.bundle(1).startsAt], [at(3), at(3)]);
  const outcome = line.rate(at(4), testRecord(at(2), 500));
  assert.deepEqual([line.bundle(0).endedAt, line.bundle(1).startsAt], [at(2), at(2)]);
  assert.deepEqual(outcome.charges.get(r3.id), [{ bundleId: line.bundle(1).id, amount: 600n }]);
  assert.deepEqual(told(outcome), [], 'what was told is not told again');
});

test('a late record of before the end of an expired bundle is charged to it, which stays expired', () => {
  const line = testLine([testBundle(), testBundle()]);
  line.rate(at(1), testRecord(at(1), 100));
  line.rate(at(9));
  const outcome = line.rate(at(9), testRecord(at(7), 2_000));
  const [first, second] = [line.bundle(0), line.bundle(1)];
  assert.deepEqual([first.state, first.endedAt, used(first)], ['expired', at(8), 1_000n]);
  assert.deepEqual([second.state, second.startsAt, used(second)], ['depleted', at(7), 1_000n]);
  assert.deepEqual(told(outcome), ['bundle.started', 'bundle.depleted']);
});

test('unlimited data is counted no further than can be told exactly', () => {
  const most = 2n ** 53n - 1n;
  const line = testLine([unlimited({ allowances: { data: { initial: null, used: most - 5n, told: 0 } } })]);
  line.rate(at(1), testRecord(at(0, 1), 100));
  assert.deepEqual([used(line.bundle(0)), line.bundle(0).state], [most, 'active']);
});

/** Records and bundles by chance; seeds are printed by a failure. */
function chance(seed: number) {
  let state = seed;
  const next = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const pick = <T>(items: readonly T[]): T => items[next(items.length)] as T;
  return { next, pick };
}

function anyBundles({ next, pick }: ReturnType<typeof chance>): Bundle[] {
  return Array.from({ length: 1 + next(5) }, () => {
    const data = pick([null, 300n, 1_000n, 5_000n]);
    const timed = next(4);
    return unlimited({
      allowances: {
        ...(next(5) > 0 && { data: { initial: data, used: 0n, told: 0 } }),
        ...(next(2) > 0 && sms(1 + next(5))),
      },
      fairUse: data === null ? unlimited().fairUse : null,
      countries: pick([['NL'], ['DE'], ['NL', 'DE'], ['NL', 'DE', 'FR']]),
      validityDays: 400,
      assignedAt: at(0, next(10)),
      autostart: timed > 0,
      activatesAt: timed === 1 ? at(next(5)) : null,
      lapsesAt: at(1_000),
    });
  });
}

function anyRecords({ next, pick }: ReturnType<typeof chance>): UsageRecord[] {
  return Array.from({ length: 1 + next(25) }, () =>
    testRecord(at(next(6), next(4)), next(700), {
      country: pick(['NL', 'DE', 'FR', null]),
      ...(next(4) === 0 && { kind: 'sms' as const, amount: BigInt(next(4)) }),
    }),
  );
}

/** Everything but what was told, which cannot be taken back. */
function stateOf(line: ReturnType<typeof testLine>, bundles: readonly Bundle[]) {
  const states = bundles.map((_, index) => {
    const { allowances, ...bundle } = line.bundle(index);
    return { ...bundle, used: Object.entries(allowances).map(([kind, each]) => [kind, each.used]) };
  });
  return { states, charges: [...line.charges()].sort(([a], [b]) => (a < b ? -1 : 1)) };
}

const firstSeed = Number(process.env['SEED'] ?? randomInt(2 ** 31));

test(`whatever the order and the batches in which records come, bundles and charges end up the same (SEED=${firstSeed})`, () => {
  const now = at(7);
  for (let seed = firstSeed; seed < firstSeed + 400; seed++) {
    const random = chance(seed);
    const bundles = anyBundles(random);
    const records = anyRecords(random);
    const inOrder = testLine(bundles);
    inOrder.rate(now, ...records);
    const shuffled = testLine(bundles);
    const waiting = records.map((record) => ({ record, place: random.next(1_000) }));
    waiting.sort((a, b) => a.place - b.place);
    while (waiting.length > 0) {
      const batch = waiting.splice(0, 1 + random.next(4)).map(({ record }) => record);
      // The clock of the line may already have come to any time behind the batch.
      const latest = Math.max(...batch.map((each) => each.at.getTime()));
      shuffled.rate(random.next(2) > 0 ? now : new Date(latest), ...batch);
    }
    shuffled.rate(now);
    inOrder.rate(now);
    assert.deepEqual(stateOf(shuffled, bundles), stateOf(inOrder, bundles), `seed ${seed}`);
  }
});

test(`charges never exceed the record, bundles never exceed what they had (SEED=${firstSeed})`, () => {
  for (let seed = firstSeed; seed < firstSeed + 200; seed++) {
    const random = chance(seed);
    const bundles = anyBundles(random);
    const line = testLine(bundles);
    const records = anyRecords(random);
    for (const record of records) line.rate(at(7), record);
    const charges = line.charges();
    const paid = new Map<string, bigint>();
    for (const record of records) {
      const of = charges.get(record.id) ?? [];
      assert.ok(of.reduce((sum, { amount }) => sum + amount, 0n) <= record.amount, `seed ${seed}`);
      for (const { bundleId, amount } of of) {
        assert.ok(amount > 0n);
        paid.set(bundleId + record.kind, (paid.get(bundleId + record.kind) ?? 0n) + amount);
      }
    }
    for (const [index] of bundles.entries())
      for (const [kind, { initial, used: sum }] of Object.entries(line.bundle(index).allowances)) {
        assert.equal(paid.get(line.bundle(index).id + kind) ?? 0n, sum, `seed ${seed}`);
        assert.ok(initial === null || sum <= initial, `seed ${seed}`);
      }
  }
});
