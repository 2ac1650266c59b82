// The raw records of one SIM, newest first, each with the bundles that paid for it.
import { limits } from '../../base/limits.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { getSim } from '../sims/index.ts';
import { type Freshness, findFreshness } from './freshness.ts';
import type { CountedRecord, UsageKind, UsageSource } from './usage_record.ts';

/**
 * Up to `limit` records of the account's SIM (its id, ICCID or unique name) before the record `before`. Records are
 * kept for 90 days. Throws `not_found`.
 */
export async function listUsageRecords(ctx: Ctx, filter: RecordsFilter): Promise<RecordsPage> {
  const { accountId, before } = filter;
  const { id: simId } = await getSim(ctx, { accountId, key: filter.sim });
  const rows = await query<RecordRow>(ctx.db, selectRecords, [
    accountId,
    simId,
    before?.at ?? 'infinity',
    before?.id ?? '',
    Math.min(filter.limit ?? limits.pageSizeDefault, limits.pageSizeMax),
  ]);
  return { records: rows.map(readRecord), freshness: await findFreshness(ctx, { accountId, simId }) };
}

export type RecordsFilter = {
  accountId: string;
  sim: string;
  before?: Pick<CountedRecord, 'at' | 'id'>;
  limit?: number;
};

export type RecordsPage = { records: CountedRecord[]; freshness: Freshness };

type RecordRow = {
  id: string;
  sim_id: string;
  kind: UsageKind;
  at: Date;
  bytes_up: bigint;
  bytes_down: bigint;
  units: number;
  country: string | null;
  network: string | null;
  source: UsageSource;
  received_at: Date;
  bundle_ids: string[];
  amounts: bigint[];
};

function readRecord(row: RecordRow): CountedRecord {
  return {
    id: row.id,
    simId: row.sim_id,
    kind: row.kind,
    at: row.at,
    bytesUp: row.bytes_up,
    bytesDown: row.bytes_down,
    units: BigInt(row.units),
    country: row.country,
    network: row.network,
    source: row.source,
    receivedAt: row.received_at,
    charges: row.bundle_ids.map((bundleId, index) => ({ bundleId, amount: row.amounts[index] ?? 0n })),
  };
}

// `is not distinct from` leaves only the index that begins with the line.
const selectRecords = `
  select id, sim_id, kind, at, bytes_up, bytes_down, units, country, network, source, received_at, bundle_ids, amounts
  from usage.records
  where sim_id = $2 and account_id is not distinct from $1 and (at, id) < ($3::timestamptz, $4::text collate "C")
  order by at desc, id desc limit $5`;
