// Counted records are stored one by one and added to the sums of their hours, in the same transaction.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { Charge } from '../bundles/index.ts';
import { compare, type RecordOfLine } from './cut_pieces.ts';
import { amountsLiteral, bundlesLiteral } from './rate_records.ts';
import { hourMs } from './usage_limits.ts';
import { networkOf, type UsageSource } from './usage_record.ts';

/** Stores `records` and adds them up. Call it in a `write`, with their lines locked. */
export async function storeRecords(
  tx: Ctx,
  source: UsageSource,
  records: readonly ChargedRecord[],
): Promise<void> {
  // By the key, so that two who store the same ids wait for each other in one order.
  const byKey = records.toSorted(
    (a, b) => compare(a.line.accountId, b.line.accountId) || compare(a.record.id, b.record.id),
  );
  await query(tx.db, insertRecords, [...columnsOf(byKey, recordColumns), source, tx.now]);
  await query(tx.db, addToHours, columnsOf(sumByHour(records), hourColumns));
}

export type ChargedRecord = RecordOfLine & { charges: Charge[] };

/** The rows turned into one array per column. */
function columnsOf<T>(rows: readonly T[], columns: readonly ((row: T) => unknown)[]): unknown[][] {
  return columns.map((read) => rows.map(read));
}

const recordColumns: readonly ((row: ChargedRecord) => unknown)[] = [
  ({ line }) => line.accountId,
  ({ record }) => record.id,
  ({ line }) => line.id,
  ({ record }) => record.kind,
  ({ record }) => record.at,
  ({ record }) => record.bytesUp,
  ({ record }) => record.bytesDown,
  ({ record }) => record.units,
  ({ record }) => record.country,
  ({ record }) => networkOf(record),
  ({ charges }) => bundlesLiteral(charges),
  ({ charges }) => amountsLiteral(charges),
];

// No `on conflict`: an id that somebody else stored since we looked must undo what was rated.
const insertRecords = `
  insert into usage.records (account_id, id, sim_id, kind, at, bytes_up, bytes_down, units, country, network,
    bundle_ids, amounts, source, received_at)
  select account_id, id, sim_id, kind, at, bytes_up, bytes_down, units, country, network,
    bundle_ids::text[], amounts::bigint[], $13, $14
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::bigint[], $7::bigint[],
    $8::integer[], $9::text[], $10::text[], $11::text[], $12::text[]) as x(account_id, id, sim_id, kind, at, bytes_up,
    bytes_down, units, country, network, bundle_ids, amounts)`;

type HourSum = {
  key: string;
  accountId: string;
  hour: Date;
  simId: string;
  network: string;
  country: string;
  fleetId: string;
  bytesUp: bigint;
  bytesDown: bigint;
  smsCount: bigint;
  voiceSeconds: bigint;
};

function sumByHour(records: readonly ChargedRecord[]): HourSum[] {
  const sums = new Map<string, HourSum>();
  for (const { line, record } of records) {
    const empty = emptySum(line, record);
    const sum = sums.get(empty.key) ?? empty;
    sum.bytesUp += record.bytesUp;
    sum.bytesDown += record.bytesDown;
    if (record.kind === 'sms') sum.smsCount += record.units;
    if (record.kind === 'voice') sum.voiceSeconds += record.units;
    sums.set(sum.key, sum);
  }
  return [...sums.values()].sort((a, b) => compare(a.key, b.key));
}

function emptySum(line: ChargedRecord['line'], record: ChargedRecord['record']): HourSum {
  const hour = Math.floor(record.at.getTime() / hourMs) * hourMs;
  const network = networkOf(record) ?? '';
  const country = record.country ?? '';
  const fleetId = line.fleetId ?? '';
  const key = [line.accountId, hour, line.id, network, country, fleetId].join(' ');
  const nothing = { bytesUp: 0n, bytesDown: 0n, smsCount: 0n, voiceSeconds: 0n };
  const { accountId, id: simId } = line;
  return { key, accountId, hour: new Date(hour), simId, network, country, fleetId, ...nothing };
}

const hourColumns: readonly ((sum: HourSum) => unknown)[] = [
  (sum) => sum.accountId,
  (sum) => sum.hour,
  (sum) => sum.simId,
  (sum) => sum.network,
  (sum) => sum.country,
  (sum) => sum.fleetId,
  (sum) => sum.bytesUp,
  (sum) => sum.bytesDown,
  (sum) => sum.smsCount,
  (sum) => sum.voiceSeconds,
];

const addToHours = `
  insert into usage.hours as h (account_id, hour, sim_id, network, country, fleet_id, bytes_up, bytes_down, sms_count,
    voice_seconds)
  select * from unnest($1::text[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[],
    $8::bigint[], $9::bigint[], $10::bigint[])
  on conflict (account_id, hour, sim_id, network, country, fleet_id) do update set
    bytes_up = h.bytes_up + excluded.bytes_up, bytes_down = h.bytes_down + excluded.bytes_down,
    sms_count = h.sms_count + excluded.sms_count, voice_seconds = h.voice_seconds + excluded.voice_seconds`;
