// Billing periods: one while a line is ready, then calendar months from its activation on.
import type { Id } from '../../../base/ids.ts';

export type BillingPeriod = {
  id: Id<'billingPeriod'>;
  accountId: string;
  simId: string;
  kind: PeriodKind;
  startsAt: Date;
  /** Null while the line is ready. */
  endsAt: Date | null;
};

export type PeriodKind = 'ready' | 'active';

/** A ready line becomes active after this much, whichever comes first. */
export const readyBytesMax = 250_000n;
export const readySmsMax = 5;
export const readyMonthsMax = 3;

/** `months` calendar months (UTC) after `time`; the last day of a shorter month: 31 January, 28 February, 31 March. */
export function addMonths(time: Date, months: number): Date {
  const moved = new Date(time);
  moved.setUTCDate(1);
  moved.setUTCMonth(moved.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0)).getUTCDate();
  moved.setUTCDate(Math.min(time.getUTCDate(), lastDay));
  return moved;
}

/** When the month that starts at `startsAt` ends, counted from the first one, which started at `anchor`. */
export function endOfMonth(startsAt: Date, anchor: Date): Date {
  const months =
    (startsAt.getUTCFullYear() - anchor.getUTCFullYear()) * 12 +
    startsAt.getUTCMonth() -
    anchor.getUTCMonth();
  const next = addMonths(anchor, months);
  return next > startsAt ? next : addMonths(anchor, months + 1);
}
