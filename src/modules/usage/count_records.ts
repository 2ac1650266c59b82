// One piece of a batch, counted in the caller's transaction: all of it or nothing.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { Charge } from '../bundles/index.ts';
import { type LineUsed, lockLines, noteUsage } from '../sims/index.ts';
import type { IndexedRecord, UsageFault } from './check_records.ts';
import { inOrder, type RecordOfLine, splitByLine } from './cut_pieces.ts';
import { rateRecords } from './rate_records.ts';
import { storeRecords } from './store_records.ts';
import { amountOf, type UsageSource } from './usage_record.ts';

/**
 * Counts what is new of `records`; unknown SIMs become faults, the rest is counted. The lines stay locked until the
 * transaction ends, in the order of their ids, so that two who rate the same line do it one after the other. Call it
 * in a `write`.
 */
export async function countRecords(tx: Ctx, piece: Piece): Promise<CountedPiece> {
  const { accountId, records } = piece;
  const keys = [...new Set(records.map(({ record }) => record.sim))];
  const { known, faults } = splitByLine(records, await lockLines(tx, { accountId, keys }));
  const fresh = await dropRepeats(tx, known);
  if (fresh.length > 0) await countFresh(tx, piece.source, fresh.sort(inOrder));
  return {
    counted: fresh.length,
    repeated: known.length - fresh.length,
    faults,
    lastRecordAt: latestOf(known),
  };
}

export type Piece = { accountId: string | null; source: UsageSource; records: readonly IndexedRecord[] };

export type CountedPiece = {
  counted: number;
  repeated: number;
  faults: UsageFault[];
  lastRecordAt: Date | null;
};

async function dropRepeats(tx: Ctx, records: readonly RecordOfLine[]): Promise<RecordOfLine[]> {
  const rows = await query<{ account_id: string; id: string }>(tx.db, selectStored, [
    records.map(({ line }) => line.accountId),
    records.map(({ record }) => record.id),
  ]);
  if (rows.length === 0) return [...records];
  const stored = new Set(rows.map((row) => `${row.account_id} ${row.id}`));
  return records.filter(({ line, record }) => !stored.has(`${line.accountId} ${record.id}`));
}

const selectStored = `
  select k.account_id, k.id
  from unnest($1::text[], $2::text[]) as k(account_id, id)
  cross join lateral (select from usage.records r where r.account_id = k.account_id and r.id = k.id limit 1) as stored`;

/** `records` are in the order of rating. */
async function countFresh(tx: Ctx, source: UsageSource, records: readonly RecordOfLine[]): Promise<void> {
  const charges = await rateRecords(tx, records);
  const counted = records.map((each) => ({ ...each, charges: chargesOf(charges, each) }));
  await storeRecords(tx, source, counted);
  const lines = new Map(records.map(({ line }) => [line.id, line]));
  await noteUsage(tx, usageOfLines(records), [...lines.values()]);
}

function chargesOf(charges: ReadonlyMap<string, Charge[]>, { record }: RecordOfLine): Charge[] {
  return charges.get(record.id) ?? [];
}

/** What each line used in this piece, and where it was last. */
function usageOfLines(records: readonly RecordOfLine[]): LineUsed[] {
  const lines = new Map<string, LineUsed>();
  for (const { line, record } of records) {
    const { at, country, mcc, mnc } = record;
    const use = lines.get(line.id) ?? {
      simId: line.id,
      from: at,
      at,
      bytes: 0n,
      country: null,
      mcc: null,
      mnc: null,
    };
    use.at = at;
    if (record.kind === 'data') use.bytes += amountOf(record);
    if (country !== null || mcc !== null) Object.assign(use, { country, mcc, mnc });
    lines.set(line.id, use);
  }
  return [...lines.values()];
}

function latestOf(records: readonly RecordOfLine[]): Date | null {
  return records.reduce<Date | null>(
    (latest, { record }) => (latest && latest > record.at ? latest : record.at),
    null,
  );
}
