// A batch too large for one transaction becomes pieces in the order of lines and time, so that none makes another late.
import type { Ctx } from '../../pg/ctx.ts';
import { write } from '../../pg/write.ts';
import { findSims, type Line, lockLines } from '../sims/index.ts';
import type { IndexedRecord, UsageFault } from './check_records.ts';
import { usageLimits } from './usage_limits.ts';

const { recordsPerWriteMax } = usageLimits;

/** `records` in pieces that each fit one transaction; of more than one, unknown SIMs are sorted out beforehand. */
export async function cutPieces(
  ctx: Ctx,
  accountId: string | null,
  records: IndexedRecord[],
): Promise<Pieces> {
  if (records.length <= recordsPerWriteMax)
    return { pieces: records.length > 0 ? [records] : [], faults: [] };
  const { known, faults } = splitByLine(records, await findLines(ctx, accountId, records));
  known.sort(inOrder);
  return { pieces: chunksOf(known, recordsPerWriteMax), faults };
}

export type Pieces = { pieces: IndexedRecord[][]; faults: UsageFault[] };

/** The records whose line is known, with it, and a fault for each other one. */
export function splitByLine(
  records: readonly IndexedRecord[],
  lines: ReadonlyMap<string, Line>,
): { known: RecordOfLine[]; faults: UsageFault[] } {
  const known: RecordOfLine[] = [];
  const faults: UsageFault[] = [];
  for (const { index, record } of records) {
    const line = lines.get(record.sim);
    if (line) known.push({ index, record, line });
    else
      faults.push({ index, id: record.id, code: 'not_found', field: 'sim', detail: 'there is no such SIM' });
  }
  return { known, faults };
}

export type RecordOfLine = IndexedRecord & { line: Line };

/** By line, time and id: the order of rating. */
export function inOrder(a: RecordOfLine, b: RecordOfLine): number {
  return (
    compare(a.line.id, b.line.id) ||
    a.record.at.getTime() - b.record.at.getTime() ||
    compare(a.record.id, b.record.id)
  );
}

/** By code units, as `collate "C"` compares what is ASCII. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

async function findLines(
  ctx: Ctx,
  accountId: string | null,
  records: readonly IndexedRecord[],
): Promise<Map<string, Line>> {
  const keys = [...new Set(records.map(({ record }) => record.sim))];
  if (accountId === null) return await write(ctx, {}, (tx) => lockLines(tx, { accountId, keys }));
  return await findSims(ctx, { accountId, keys });
}

function chunksOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
