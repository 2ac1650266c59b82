// The rating of one line: pure, and with the same outcome in whatever order and batches its records come.
import type { Bundle } from '../bundle.ts';
import { type Charge, chargeRecord, type UsageRecord } from './charge_record.ts';
import { settleFairUse } from './fair_use.ts';
import { dueAtOf, type Line, type LineBundle, openLine, type Told, tell } from './line.ts';
import { type RatedRecord, rewindLine } from './rewind_line.ts';
import { runClock } from './run_clock.ts';

/** Charges the records in the order of time, lets everything else happen that is due until `now`, and says what changed. */
export function rateLine({ bundles, thresholds, records, earlier, now }: LineToRate): RatedLine {
  const line = openLine(bundles, thresholds);
  const ordered = [...records, ...earlier].sort(inTimeOrder);
  const [first] = ordered;
  if (first) rewindLine(line, earlier, first.at.getTime());
  const charges = new Map<string, Charge[]>();
  for (const record of ordered) {
    runClock(line, record.at.getTime());
    charges.set(record.id, chargeRecord(line, record));
  }
  runClock(line, now.getTime());
  settle(line);
  return {
    bundles: line.bundles.map((of) => of.now),
    changed: line.bundles.filter(isChanged).map((of) => of.now),
    charges,
    told: line.told,
    speedKbps: speedOf(line, 'now'),
    speedChanged: speedOf(line, 'now') !== speedOf(line, 'was'),
  };
}

export type LineToRate = {
  /** Those that are queued or active, and those that ended at or after the first record. */
  bundles: readonly Bundle[];
  /** Of the account. */
  thresholds: readonly number[];
  records: readonly UsageRecord[];
  /** All records at or after the first new one that were rated before. */
  earlier: readonly RatedRecord[];
  now: Date;
};

export type RatedLine = {
  bundles: Bundle[];
  changed: Bundle[];
  /** By the id of the record, earlier ones included. */
  charges: Map<string, Charge[]>;
  told: Told[];
  /** What fair use leaves the line; null for full speed. */
  speedKbps: number | null;
  speedChanged: boolean;
};

function inTimeOrder(a: UsageRecord, b: UsageRecord): number {
  return a.at.getTime() - b.at.getTime() || (a.id < b.id ? -1 : 1);
}

/** What depends on where the line has come to: speeds, and the next moment of each bundle. */
function settle(line: Line): void {
  const at = new Date(line.at);
  for (const of of line.bundles) {
    settleFairUse(of.now, at);
    tellSpeed(line, of, at);
  }
  for (const { now } of line.bundles) now.dueAt = dueAtOf(now, line.bundles);
}

function tellSpeed(line: Line, of: LineBundle, at: Date): void {
  const { speedKbps, dayBytes, state } = of.now;
  if (speedKbps === of.was.speedKbps || state !== 'active') return;
  if (speedKbps === null) tell(line, 'bundle.speed_restored', of, at, {});
  else tell(line, 'bundle.throttled', of, at, { speedKbps, dayBytes: Number(dayBytes) });
}

/** The highest speed that an active bundle with data allows: the line is slow only where nothing faster could pay. */
function speedOf(line: Line, when: 'now' | 'was'): number | null {
  const speeds = line.bundles
    .map((of) => of[when])
    .filter(({ state, allowances }) => state === 'active' && allowances.data)
    .map(({ speedKbps }) => speedKbps);
  if (speeds.length === 0 || speeds.includes(null)) return null;
  return Math.max(...(speeds as number[]));
}

function isChanged({ now, was }: LineBundle): boolean {
  return (
    now.state !== was.state ||
    now.dayBytes !== was.dayBytes ||
    now.speedKbps !== was.speedKbps ||
    timesOf(now).some((time, index) => time?.getTime() !== timesOf(was)[index]?.getTime()) ||
    Object.entries(now.allowances).some(([kind, { used, told }]) => {
      const before = was.allowances[kind as 'data'];
      return used !== before?.used || told !== before.told;
    })
  );
}

function timesOf({ startsAt, endsAt, endedAt, dayStartsAt, dueAt }: Bundle): (Date | null)[] {
  return [startsAt, endsAt, endedAt, dayStartsAt, dueAt];
}
