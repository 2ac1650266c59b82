// Usage is summed by one statement for each direction of a page, over the hours that the page can be about.
import { limits } from '../../base/limits.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { dayMs, hourMs } from './usage_limits.ts';
import type { UsageQuestion, UsageSum } from './usage_question.ts';

/** The sums that `getUsage` answers with; `from` and `to` of the question are whole hours or days. */
export async function loadSums(ctx: Ctx, question: UsageQuestion, found: FoundFilter): Promise<UsageSum[]> {
  const { accountId, from, to, group, granularity, newestFirst = false, after, before } = question;
  const { simId, fleetId, network, country } = found;
  const isDescending = before !== undefined || (newestFirst && after === undefined);
  const place = after ?? before;
  const texts = simId === null ? sumsOfAccount : sumsOfSim;
  const rows = await query<SumRow>(ctx.db, isDescending ? texts.descending : texts.ascending, [
    accountId,
    from,
    group,
    granularity,
    fleetId,
    network,
    country,
    // The hours that the page can be about.
    after && after.startsAt > from ? after.startsAt : from,
    before && endOf(before.startsAt, question) < to ? endOf(before.startsAt, question) : to,
    place?.startsAt ?? from,
    place ? (place.key ?? '') : null,
    Math.min(question.limit ?? limits.pageSizeDefault, limits.listRowsMax),
    ...(simId === null ? [] : [simId]),
  ]);
  const sums = rows.map((row) => readSum(row, question));
  return isDescending === newestFirst ? sums : sums.reverse();
}

/** Ids, MCC and MNC as digits, or a country; null for any. */
export type FoundFilter = Record<'simId' | 'fleetId' | 'network' | 'country', string | null>;

type SumRow = {
  starts_at: Date;
  key: string;
  bytes_up: bigint;
  bytes_down: bigint;
  sms_count: bigint;
  voice_seconds: bigint;
};

function readSum(row: SumRow, question: UsageQuestion): UsageSum {
  return {
    startsAt: row.starts_at,
    endsAt: endOf(row.starts_at, question),
    key: question.group === null ? null : row.key,
    bytesUp: row.bytes_up,
    bytesDown: row.bytes_down,
    smsCount: row.sms_count,
    voiceSeconds: row.voice_seconds,
  };
}

function endOf(startsAt: Date, { granularity, to }: Pick<UsageQuestion, 'granularity' | 'to'>): Date {
  const unitMs = { hour: hourMs, day: dayMs, all: null }[granularity];
  return unitMs === null ? to : new Date(startsAt.getTime() + unitMs);
}

/** `where` finds the hours by an index. */
function selectSums(where: string, order: 'asc' | 'desc'): string {
  return `
  select starts_at, key, sum(bytes_up)::bigint as bytes_up, sum(bytes_down)::bigint as bytes_down,
    sum(sms_count)::bigint as sms_count, sum(voice_seconds)::bigint as voice_seconds
  from (
    select h.bytes_up, h.bytes_down, h.sms_count, h.voice_seconds,
      case $4 when 'hour' then hour when 'day' then date_trunc('day', hour, 'UTC') else $2 end as starts_at,
      case $3 when 'sim' then sim_id when 'fleet' then fleet_id when 'network' then network
        when 'country' then country else '' end as key
    from usage.hours h
    where ${where} and hour >= $8 and hour < $9
      and ($5::text is null or fleet_id = $5) and ($6::text is null or network = $6)
      and ($7::text is null or country = $7)
  ) as fitting
  where $11::text is null or (starts_at, key) ${order === 'asc' ? '>' : '<'} ($10, $11)
  group by starts_at, key
  order by starts_at ${order}, key ${order}
  limit $12`;
}

const textsOf = (where: string) => ({
  ascending: selectSums(where, 'asc'),
  descending: selectSums(where, 'desc'),
});
const sumsOfAccount = textsOf('account_id = $1');
// `is not distinct from` leaves only the index that begins with the line.
const sumsOfSim = textsOf('account_id is not distinct from $1 and sim_id = $13');
