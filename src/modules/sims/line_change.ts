// A change of a line while it is locked: what it was, what it becomes, and what is told about it, saved together.
import { type Id, newId } from '../../base/ids.ts';
import type { EventType } from '../events/index.ts';
import type { PeriodKind } from './billing/billing_period.ts';
import type { Line, Sim } from './sim.ts';

export type LineChange = {
  before: Line;
  /** Changed in place until it is saved. */
  sim: Sim;
  told: LineEvent[];
  periods: NewPeriod[];
  /** When the billing period of a ready line ended. */
  readyEndedAt: Date | null;
};

export type LineEvent = { type: EventType; at: Date; data: Record<string, unknown> };

export type NewPeriod = { id: Id<'billingPeriod'>; kind: PeriodKind; startsAt: Date; endsAt: Date | null };

export function beginChange(sim: Line): LineChange {
  return { before: sim, sim: { ...sim }, told: [], periods: [], readyEndedAt: null };
}

/** Says that something happened to the line at `at`. */
export function tell(
  change: LineChange,
  type: EventType,
  at: Date,
  data: Record<string, unknown> = {},
): void {
  const { iccid, esimId, uniqueName } = change.sim;
  change.told.push({ type, at, data: { iccid, esimId, uniqueName, ...data } });
}

/** The next billing period begins: its bytes are counted from nothing, and a data limit blocks no longer. */
export function startPeriod(change: LineChange, period: Omit<NewPeriod, 'id'>): void {
  const { sim } = change;
  const { kind, startsAt, endsAt } = period;
  closeReadyPeriod(change, startsAt);
  change.periods.push({ id: newId('billingPeriod', startsAt.getTime()), ...period });
  sim.periodStartsAt = startsAt;
  sim.periodEndsAt = endsAt;
  sim.periodBytes = 0n;
  tell(change, 'sim.billing_period_started', startsAt, { kind, startsAt, endsAt });
  if (!sim.dataBlocked) return;
  sim.dataBlocked = false;
  tell(change, 'sim.data_restored', startsAt, { reason: 'billing_period_started' });
}

/** Ends the billing period that a ready line is in. */
export function closeReadyPeriod(change: LineChange, at: Date): void {
  const { sim } = change;
  if (sim.periodStartsAt === null || sim.periodEndsAt !== null) return;
  sim.periodEndsAt = at;
  change.readyEndedAt = at;
}
