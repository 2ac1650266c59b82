// An import ends once: its batch gets its size, what it was told is recorded, and its transport key is forgotten.
import type { ErrorCode } from '../../../base/error_codes.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { emit, type NewEvent } from '../../events/index.ts';
import type { ImportStatus, StockImport } from './import.ts';

/** Call it in a `write` that holds the row of the import. What it leaves behind is deleted later by `cleanUp`. */
export async function endImport(tx: Ctx, ended: StockImport, end: ImportEnd): Promise<void> {
  const { status, failure } = end;
  // What was held is taken back by `cleanUp`.
  const added = ended.allOrNothing && status !== 'completed' ? 0n : ended.added;
  await query(tx.db, update, [
    ended.id,
    status,
    failure?.code ?? null,
    failure?.detail ?? null,
    added,
    tx.now,
  ]);
  if (added > 0n)
    await query(tx.db, 'update inventory.batches set size = $2 where id = $1', [
      ended.batchId,
      Number(added),
    ]);
  await emit(tx, ...eventsOf({ ...ended, added }, end));
}

export type ImportEnd = {
  status: Extract<ImportStatus, 'completed' | 'failed' | 'cancelled'>;
  failure?: { code: ErrorCode; detail: string };
};

function eventsOf(ended: StockImport, { status, failure }: ImportEnd): NewEvent[] {
  const { id, accountId, profileType, dryRun, lines, added, rejected, batchId } = ended;
  const numbers = { lines: Number(lines), added: Number(added), rejected: Number(rejected) };
  const data = { profileType, dryRun, ...numbers };
  const events: NewEvent[] = [];
  if (added > 0n && batchId !== null)
    events.push({
      accountId,
      type: 'batch.created',
      resourceId: batchId,
      data: { profileType, size: Number(added), importId: id },
    });
  if (status === 'completed') events.push({ accountId, type: 'import.completed', resourceId: id, data });
  else
    events.push({
      accountId,
      type: 'import.failed',
      resourceId: id,
      data: { ...data, reason: failure?.code ?? status },
    });
  return events;
}

const update = `
  update inventory.imports set status = $2, failure_code = $3, failure_detail = $4, added = $5, ended_at = $6,
    decipherer = null, is_open = true
  where id = $1`;
