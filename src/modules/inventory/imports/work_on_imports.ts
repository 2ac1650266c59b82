// The work on imports, a piece per transaction: a node that is killed in one leaves nothing of it, and another node goes on there.
import { AppError } from '../../../base/app_error.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { write } from '../../../pg/write.ts';
import { cleanUp } from './clean_up.ts';
import { endImport } from './end_import.ts';
import { type ImportRow, readWorkingImport, selectImports, type WorkingImport } from './import.ts';
import { importLimits } from './import_limits.ts';
import { releaseHeld } from './release_held.ts';
import { workOnChunk } from './work_on_chunk.ts';

/**
 * Does one piece of the import that has waited longest. Gives 1, or 0 when there is nothing to do. Any number of nodes
 * may call it: each works on another import.
 */
export async function workOnImports(ctx: Ctx): Promise<number> {
  let claimed: WorkingImport | undefined;
  try {
    return await write(ctx, {}, async (tx) => {
      claimed = await claimImport(tx);
      if (!claimed) return 0;
      await doPiece(inTimeOf(tx, claimed), claimed);
      return 1;
    });
  } catch (error) {
    if (!claimed || isTransient(error)) throw error;
    ctx.log.error({ err: error, importId: claimed.id }, 'an import cannot be worked on');
    await giveUp(inTimeOf(ctx, claimed), claimed.id);
    return 1;
  }
}

/** Forgets files whose sender or node went away before they were whole. Gives how many. */
export async function dropAbandonedImports(ctx: Ctx): Promise<number> {
  return (await query(ctx.db, deleteAbandoned, [importLimits.receivingMsMax])).length;
}

async function claimImport(tx: Ctx): Promise<WorkingImport | undefined> {
  const [row] = await query<ImportRow>(tx.db, claimNext, [tx.now]);
  return row && readWorkingImport(row);
}

/** What there is to do next, by how far the import is. */
async function doPiece(tx: Ctx, work: WorkingImport): Promise<void> {
  if (work.status !== 'running') return await cleanUp(tx, work);
  if (work.phase === 'release') return await releaseHeld(tx, work);
  if (work.nextChunk < work.chunks) return await workOnChunk(tx, work);
  await endPhase(tx, work);
}

async function endPhase(tx: Ctx, work: WorkingImport): Promise<void> {
  if (work.dryRun) return await endImport(tx, work, { status: 'completed' });
  if (work.phase === 'check' && work.rejected > 0n) return await endImport(tx, work, faultsFound(work));
  if (work.phase === 'check') return void (await query(tx.db, beginPhase, [work.id, 'add']));
  if (work.allOrNothing) return void (await query(tx.db, beginPhase, [work.id, 'release']));
  await endImport(tx, work, { status: 'completed' });
}

function faultsFound({ rejected }: WorkingImport) {
  const detail = `${rejected} lines have faults; nothing was added.`;
  return { status: 'failed', failure: { code: 'invalid_request', detail } } as const;
}

/** One that fails for a reason of ours fails alone, and does not keep the others from being done. */
async function giveUp(ctx: Ctx, id: string): Promise<void> {
  await write(ctx, {}, async (tx) => {
    const [row] = await query<ImportRow>(tx.db, `${selectImports} and i.id = $1 for update of i`, [id]);
    if (row?.status === 'waiting' || row?.status === 'running')
      await endImport(tx, readWorkingImport(row), {
        status: 'failed',
        failure: { code: 'internal', detail: 'Something went wrong on our side.' },
      });
    else await query(tx.db, 'update inventory.imports set is_open = false where id = $1', [id]);
  });
}

/** Events and times of an import are in the time of its account's clock. */
function inTimeOf(ctx: Ctx, { clockOffsetMs, requestId }: WorkingImport): Ctx {
  return { ...ctx, requestId, now: new Date(ctx.now.getTime() + clockOffsetMs) };
}

function isTransient(error: unknown): boolean {
  return error instanceof AppError && error.code === 'unavailable';
}

const claimNext = `
  with next as materialized (
    select id from inventory.imports where is_open order by touched_at limit 1 for update skip locked
  ), claimed as (
    update inventory.imports i set touched_at = clock_timestamp(),
      status = case when i.status = 'waiting' then 'running' else i.status end,
      started_at = case when i.status = 'waiting'
        then $1::timestamptz + i.clock_offset_ms * interval '1 millisecond' else i.started_at end
    where i.id = any(array(select id from next))
    returning i.*
  )
  ${selectImports.replace('inventory.imports', 'claimed')}`;

const beginPhase = 'update inventory.imports set phase = $2, next_chunk = 0 where id = $1';

const deleteAbandoned = `
  delete from inventory.imports where id = any(array(
    select id from inventory.imports
    where status = 'receiving' and touched_at < clock_timestamp() - $1 * interval '1 millisecond' limit 100))
  returning 1`;
