// Questions about usage: sums by SIM, fleet, network or country, per hour, day or altogether, with their freshness.
import { AppError, type FieldError } from '../../base/app_error.ts';
import { limits } from '../../base/limits.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { networkById } from '../catalogue/index.ts';
import { getFleet, getSim } from '../sims/index.ts';
import { type Freshness, findFreshness } from './freshness.ts';
import { dayMs, hourMs, usageLimits } from './usage_limits.ts';

/**
 * Up to `limit` sums of the account behind `after`, in the order of time and group. `from` is moved back and `to`
 * forward to a whole hour, or to a whole day (UTC) when asked per day. A record belongs to the hour its `at` lies in.
 * Throws `invalid_request` when the span is empty, begins more than 18 months ago, or is longer than 31 days when asked
 * per hour and SIM; `not_found` for an unknown SIM, fleet or network.
 */
export async function getUsage(ctx: Ctx, question: UsageQuestion): Promise<UsageAnswer> {
  const { accountId, group, granularity, after } = question;
  const { from, to } = wholeSpan(question);
  checkSpan(ctx.now, { from, to, group, granularity });
  const { simId, fleetId, network, country } = await findFilter(ctx, accountId, question.filter);
  const rows = await query<SumRow>(ctx.db, simId === null ? selectByAccount : selectBySim, [
    accountId,
    from,
    to,
    group,
    granularity,
    fleetId,
    network,
    country,
    after?.startsAt ?? from,
    after ? (after.key ?? '') : null,
    Math.min(question.limit ?? limits.pageSizeDefault, limits.pageSizeMax),
    ...(simId === null ? [] : [simId]),
  ]);
  const freshness = await findFreshness(ctx, { accountId, simId });
  return { from, to, sums: rows.map((row) => readSum(row, question, to)), freshness };
}

export type UsageGroup = 'sim' | 'fleet' | 'network' | 'country';
export type UsageGranularity = 'hour' | 'day' | 'all';

export type UsageQuestion = {
  accountId: string;
  from: Date;
  to: Date;
  /** Null sums over all that fits the filter. */
  group: UsageGroup | null;
  granularity: UsageGranularity;
  filter: UsageFilter;
  /** The last sum of the page before. */
  after?: Pick<UsageSum, 'startsAt' | 'key'>;
  limit?: number;
};

export type UsageFilter = {
  /** Id, ICCID or unique name. */
  sim?: string;
  /** Id or unique name. */
  fleet?: string;
  /** Id, or MCC and MNC as digits. */
  network?: string;
  country?: string;
};

export type UsageAnswer = { from: Date; to: Date; sums: UsageSum[]; freshness: Freshness };

export type UsageSum = {
  startsAt: Date;
  endsAt: Date;
  /** Of the group: a SIM's or fleet's id, MCC and MNC, or a country; '' when records did not say; null without group. */
  key: string | null;
  bytesUp: bigint;
  bytesDown: bigint;
  smsCount: bigint;
  voiceSeconds: bigint;
};

type FoundFilter = Record<'simId' | 'fleetId' | 'network' | 'country', string | null>;

async function findFilter(ctx: Ctx, accountId: string, filter: UsageFilter): Promise<FoundFilter> {
  const { sim, fleet, network, country } = filter;
  const [foundSim, foundFleet] = await Promise.all([
    sim === undefined ? null : getSim(ctx, { accountId, key: sim }),
    fleet === undefined ? null : getFleet(ctx, { accountId, key: fleet }),
  ]);
  return {
    simId: foundSim?.id ?? null,
    fleetId: foundFleet?.id ?? null,
    network: network === undefined ? null : findNetwork(network),
    country: country ?? null,
  };
}

function findNetwork(key: string): string {
  const network = networkById(key);
  if (network) return network.mcc + network.mnc;
  if (/^\d{5,6}$/.test(key)) return key;
  throw new AppError('not_found', 'There is no such network.');
}

function wholeSpan({ from, to, granularity }: UsageQuestion): { from: Date; to: Date } {
  const unitMs = granularity === 'day' ? dayMs : hourMs;
  return {
    from: new Date(Math.floor(from.getTime() / unitMs) * unitMs),
    to: new Date(Math.ceil(to.getTime() / unitMs) * unitMs),
  };
}

type Span = Pick<UsageQuestion, 'from' | 'to' | 'group' | 'granularity'>;

function checkSpan(now: Date, { from, to, group, granularity }: Span): void {
  const { askedAgoMonthsMax, hoursBySimDaysMax } = usageLimits;
  const oldest = new Date(now);
  oldest.setUTCMonth(oldest.getUTCMonth() - askedAgoMonthsMax);
  const days = (to.getTime() - from.getTime()) / dayMs;
  // A whole day more: `from` was moved back to the beginning of its hour or day.
  if (from.getTime() < oldest.getTime() - dayMs)
    throw refusal({ field: 'from', detail: `give a time of the last ${askedAgoMonthsMax} months` });
  if (!(days > 0)) throw refusal({ field: 'to', detail: 'give a time after from' });
  if (group === 'sim' && granularity === 'hour' && days > hoursBySimDaysMax)
    throw refusal({ field: 'to', detail: `ask for at most ${hoursBySimDaysMax} days by SIM and hour` });
}

function refusal(field: FieldError): AppError {
  return new AppError('invalid_request', 'Usage cannot be asked for like this.', { fields: [field] });
}

type SumRow = {
  starts_at: Date;
  key: string;
  bytes_up: bigint;
  bytes_down: bigint;
  sms_count: bigint;
  voice_seconds: bigint;
};

function readSum(row: SumRow, { group, granularity }: UsageQuestion, to: Date): UsageSum {
  const lengthMs = { hour: hourMs, day: dayMs, all: to.getTime() - row.starts_at.getTime() }[granularity];
  return {
    startsAt: row.starts_at,
    endsAt: new Date(row.starts_at.getTime() + lengthMs),
    key: group === null ? null : row.key,
    bytesUp: row.bytes_up,
    bytesDown: row.bytes_down,
    smsCount: row.sms_count,
    voiceSeconds: row.voice_seconds,
  };
}

/** `where` finds the hours by an index; the page begins behind a sum, so hours before that are not read. */
function selectSums(where: string): string {
  return `
  select starts_at, key, sum(bytes_up)::bigint as bytes_up, sum(bytes_down)::bigint as bytes_down,
    sum(sms_count)::bigint as sms_count, sum(voice_seconds)::bigint as voice_seconds
  from (
    select h.bytes_up, h.bytes_down, h.sms_count, h.voice_seconds,
      case $5 when 'hour' then hour when 'day' then date_trunc('day', hour, 'UTC') else $2 end as starts_at,
      case $4 when 'sim' then sim_id when 'fleet' then fleet_id when 'network' then network
        when 'country' then country else '' end as key
    from usage.hours h
    where ${where} and hour >= greatest($2::timestamptz, $9::timestamptz) and hour < $3
      and ($6::text is null or fleet_id = $6) and ($7::text is null or network = $7)
      and ($8::text is null or country = $8)
  ) as fitting
  where $10::text is null or (starts_at, key) > ($9, $10)
  group by starts_at, key
  order by starts_at, key
  limit $11`;
}

const selectByAccount = selectSums('account_id = $1');
// `is not distinct from` leaves only the index that begins with the line.
const selectBySim = selectSums('account_id is not distinct from $1 and sim_id = $12');
