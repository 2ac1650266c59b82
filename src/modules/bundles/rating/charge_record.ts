// One record is charged: to the oldest active bundle that can pay, then to the next one, until it is paid or nobody can.
import { present } from '../../../base/assert.ts';
import { type AllowanceKind, areUsedUp, takeFrom } from '../allowance.ts';
import { countFairUse } from './fair_use.ts';
import { hasLeft, type Line, type LineBundle, tell } from './line.ts';
import { endBundle, runClock, startBundle } from './run_clock.ts';

export type UsageRecord = {
  /** Unique within the account. */
  id: string;
  kind: AllowanceKind;
  /** The end of what it tells about. */
  at: Date;
  /** Bytes, messages or seconds. */
  amount: bigint;
  /** ISO 3166-1 alpha-2; null when it is not known: then it fits any bundle. */
  country: string | null;
  /** MCC and MNC as digits. */
  network: string | null;
};

/** What a bundle paid of a record, in the unit of the record. */
export type Charge = { bundleId: string; amount: bigint };

/** Charges the record, the clock of the line having come to its time. What nobody pays for is in no charge. */
export function chargeRecord(line: Line, record: UsageRecord): Charge[] {
  const charges: Charge[] = [];
  let open = record.amount;
  while (open > 0n) {
    const payer = findPayer(line, record);
    if (!payer) break;
    const amount = chargeBundle(line, payer, record, open);
    charges.push({ bundleId: payer.now.id, amount });
    open -= amount;
    // Where it used something up, one that waited for that may start now.
    runClock(line, record.at.getTime());
  }
  return charges;
}

/** The oldest active bundle that can pay; else the oldest queued one that can, which starts with this use. */
function findPayer(line: Line, record: UsageRecord): LineBundle | undefined {
  const able = line.bundles.filter((of) => canPay(of, record));
  const active = able.find(({ now }) => now.state === 'active');
  if (active) return active;
  const queued = able.find(({ now }) => now.state === 'queued');
  if (queued) startBundle(line, queued, record.at);
  return queued;
}

function canPay({ now, hasFixedDates }: LineBundle, { kind, country, at }: UsageRecord): boolean {
  if (!hasLeft(now, kind) || now.assignedAt > at) return false;
  if (country !== null && !now.countries.includes(country)) return false;
  if (now.state === 'active') return now.startsAt !== null && now.startsAt <= at;
  return now.state === 'queued' && !hasFixedDates && (now.activatesAt === null || now.activatesAt <= at);
}

function chargeBundle(line: Line, of: LineBundle, { kind, at }: UsageRecord, open: bigint): bigint {
  const taken = takeFrom(present(of.now.allowances[kind], 'an allowance of the payer'), open);
  if (kind === 'data') countFairUse(of.now, at, taken);
  tellThresholds(line, of, kind, at);
  if (areUsedUp(of.now.allowances) && !of.hasFixedDates) endBundle(line, of, 'depleted', at);
  return taken;
}

/** Tells each percentage that was reached and not told yet. */
function tellThresholds(line: Line, of: LineBundle, kind: AllowanceKind, at: Date): void {
  const allowance = present(of.now.allowances[kind], 'an allowance of the payer');
  const { initial, used } = allowance;
  if (initial === null) return;
  const remaining = Number(initial - used);
  for (const threshold of of.now.thresholds ?? line.thresholds) {
    if (threshold <= allowance.told || used * 100n < BigInt(threshold) * initial) continue;
    allowance.told = threshold;
    const data = { allowance: kind, threshold, initial: Number(initial), remaining };
    tell(line, 'bundle.threshold_reached', of, at, data);
  }
}
