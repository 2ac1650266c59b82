// The span that a question about usage is about, within what the vendor lets one ask for.
import { addMonths } from '../../../modules/sims/index.ts';
import type { UsageGranularity, UsageGroup } from '../../../modules/usage/index.ts';
import { SuperSimRefusal } from '../wire/errors.ts';

export type AskedSpan = {
  StartTime?: Date;
  EndTime?: Date;
  granularity: UsageGranularity;
  group: UsageGroup | null;
};

export type Span = { from: Date; to: Date };

/** Up to now, and of one month, unless asked for otherwise. Throws `SuperSimRefusal` with codes 83600 to 83605. */
export function readSpan(asked: AskedSpan, now: Date): Span {
  const { StartTime, EndTime, granularity } = asked;
  for (const time of [StartTime, EndTime]) if (time) checkAligned(time, granularity);
  const to = EndTime ?? roundUp(now, granularity);
  const span = { from: StartTime ?? roundUp(addMonths(to, -1), granularity), to };
  checkSpan(span, asked, now);
  return span;
}

const units: Record<UsageGranularity, { unitMs: number; code: number; detail: string } | null> = {
  day: { unitMs: 86_400_000, code: 83601, detail: 'a UTC day, like 2026-01-31T00:00:00Z' },
  hour: { unitMs: 3_600_000, code: 83602, detail: 'a UTC hour, like 2026-01-31T05:00:00Z' },
  all: null,
};

function checkAligned(time: Date, granularity: UsageGranularity): void {
  const unit = units[granularity];
  if (unit && time.getTime() % unit.unitMs !== 0)
    throw new SuperSimRefusal(
      400,
      unit.code,
      `StartTime and EndTime must be the beginning of ${unit.detail}.`,
    );
}

/** So that what is under way is in it, and a month of days or hours is not longer than a month. */
function roundUp(time: Date, granularity: UsageGranularity): Date {
  const unitMs = units[granularity]?.unitMs ?? 1;
  return new Date(Math.ceil(time.getTime() / unitMs) * unitMs);
}

function checkSpan({ from, to }: Span, { granularity, group }: AskedSpan, now: Date): void {
  const today = new Date(now);
  today.setUTCHours(0, 0, 0, 0);
  const days = (count: number) => new Date(to.getTime() - count * 86_400_000);
  const begins: Record<UsageGranularity, Date> = {
    hour: days(31),
    day: addMonths(to, -3),
    all: addMonths(to, -18),
  };
  const rules: [isRefused: boolean, code: number, message: string][] = [
    [from >= to, 83600, 'EndTime must be later than StartTime.'],
    [from < addMonths(today, -18), 83605, 'StartTime must be within the last 18 months.'],
    [group === 'sim' && from < days(31), 83603, 'Grouped by sim, at most 31 days can be asked for.'],
    [
      from < begins[granularity],
      83604,
      'At most 31 days by hour, 3 months by day, or 18 months altogether can be asked for.',
    ],
  ];
  const broken = rules.find(([isRefused]) => isRefused);
  if (broken) throw new SuperSimRefusal(400, broken[1], broken[2]);
}
