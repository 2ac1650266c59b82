// A line is put back to just before a moment, so that records which come late are rated in their place.
import { present } from '../../../base/assert.ts';
import { areUnused, areUsedUp, giveBackTo } from '../allowance.ts';
import type { Charge, UsageRecord } from './charge_record.ts';
import { closeDay, uncountFairUse } from './fair_use.ts';
import type { Line, LineBundle } from './line.ts';

/** A record that was rated before, with what was charged for it then. */
export type RatedRecord = UsageRecord & { charges: readonly Charge[] };

/**
 * Takes back the charges of `earlier` and every start and end since `since` (milliseconds). What the clock ended keeps
 * its dates: it will start and end again when it did. What lapsed or was revoked stays so.
 */
export function rewindLine(line: Line, earlier: readonly RatedRecord[], since: number): void {
  const byId = new Map<string, LineBundle>(line.bundles.map((of) => [of.now.id, of]));
  for (const record of earlier)
    for (const charge of record.charges)
      takeBack(present(byId.get(charge.bundleId), 'the bundle of a charge'), record, charge.amount);
  for (const of of line.bundles) rewindState(of, since);
}

function takeBack({ now }: LineBundle, { kind, at }: UsageRecord, amount: bigint): void {
  giveBackTo(present(now.allowances[kind], 'the allowance of a charge'), amount);
  if (kind === 'data') uncountFairUse(now, at, amount);
}

function rewindState(of: LineBundle, since: number): void {
  const { now, hasFixedDates } = of;
  if (now.state === 'lapsed' || now.state === 'revoked') return;
  const startedSince = now.startsAt !== null && now.startsAt.getTime() >= since;
  const endedSince = now.endedAt !== null && now.endedAt.getTime() >= since;
  if (startedSince && hasFixedDates) now.state = 'queued';
  // Where something is still charged, a record before `since` was charged to it, or one that is not rated again.
  else if (startedSince && areUnused(now.allowances)) unstart(of);
  else if (endedSince && !areUsedUp(now.allowances)) now.state = 'active';
  if (now.state === 'queued' || now.state === 'active') now.endedAt = null;
}

function unstart({ now }: LineBundle): void {
  now.state = 'queued';
  now.startsAt = null;
  now.endsAt = null;
  closeDay(now);
}
