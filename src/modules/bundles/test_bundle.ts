// For tests: a bundle with everything in its place, and records to rate.
import { newId } from '../../base/ids.ts';
import type { Bundle } from './bundle.ts';
import type { Charge, UsageRecord } from './rating/charge_record.ts';
import { dayMs, dueAtOf } from './rating/line.ts';
import { type RatedLine, rateLine } from './rating/rate_line.ts';
import type { RatedRecord } from './rating/rewind_line.ts';

/** A time in the first days of the tests: `at(1, 2)` is two hours after the first day. */
export function at(days: number, hours = 0, minutes = 0): Date {
  return new Date(Date.parse('2026-11-01T00:00:00Z') + days * dayMs + hours * 3_600_000 + minutes * 60_000);
}

/** A queued bundle of 1,000 bytes in the Netherlands for seven days, assigned at the beginning. */
export function testBundle(more: Partial<Bundle> = {}): Bundle {
  const bundle: Bundle = {
    id: newId('bundle', at(0).getTime()),
    accountId: 'acc_1',
    esimId: 'esm_1',
    orderId: 'ord_1',
    productName: 'test',
    state: 'queued',
    allowances: { data: { initial: 1_000n, used: 0n, told: 0 } },
    validityDays: 7,
    countries: ['NL'],
    autostart: true,
    activatesAt: null,
    assignedAt: at(0),
    startsAt: null,
    endsAt: null,
    endedAt: null,
    lapsesAt: at(365),
    refundableUntil: null,
    price: null,
    fairUse: null,
    dayStartsAt: null,
    dayBytes: 0n,
    speedKbps: null,
    thresholds: null,
    dueAt: null,
    ...more,
  };
  return { ...bundle, dueAt: dueAtOf(bundle, []) };
}

let records = 0;

/** A record of data in the Netherlands. */
export function testRecord(time: Date, amount: number, more: Partial<UsageRecord> = {}): UsageRecord {
  const id = `r${String(++records).padStart(6, '0')}`;
  return { id, kind: 'data', at: time, amount: BigInt(amount), country: 'NL', network: null, ...more };
}

/** A line that remembers what was rated, as the database does between batches. */
export function testLine(bundles: Bundle[], thresholds: number[] = []) {
  let current = bundles;
  const rated: RatedRecord[] = [];
  return {
    bundle: (index: number) => current[index] as Bundle,
    charges: () => new Map(rated.map(({ id, charges }) => [id, charges])),
    rate(now: Date, ...records: UsageRecord[]): RatedLine {
      const since = Math.min(...records.map((each) => each.at.getTime()));
      const earlier = rated.filter((each) => each.at.getTime() >= since);
      const known = current.filter(
        ({ state, endedAt }) =>
          state === 'queued' ||
          state === 'active' ||
          ((state === 'depleted' || state === 'expired') && endedAt && endedAt.getTime() >= since),
      );
      const outcome = rateLine({ bundles: known, thresholds, records, earlier, now });
      const changed = new Map(outcome.bundles.map((each) => [each.id, each]));
      current = current.map((each) => changed.get(each.id) ?? each);
      const kept = rated.filter((each) => each.at.getTime() < since);
      const charged = (each: UsageRecord): RatedRecord => ({
        ...each,
        charges: outcome.charges.get(each.id) as Charge[],
      });
      rated.splice(0, rated.length, ...kept, ...[...earlier, ...records].map(charged));
      return outcome;
    },
  };
}
