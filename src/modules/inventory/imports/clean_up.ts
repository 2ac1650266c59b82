// What an import that has ended leaves behind is deleted in pieces: held stock, lines not read, the numbers of its lines.
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import type { WorkingImport } from './import.ts';
import { importLimits } from './import_limits.ts';

/** Call it in a `write` that has claimed the import; it is closed when nothing is left. */
export async function cleanUp(tx: Ctx, { id, added, batchId }: WorkingImport): Promise<void> {
  for (const { text, rows } of leftovers) if ((await query(tx.db, text, [id, rows])).length === rows) return;
  await query(tx.db, 'update inventory.imports set is_open = false where id = $1', [id]);
  if (added === 0n && batchId !== null) await query(tx.db, deleteBatch, [id, batchId]);
}

const chunksAtOnce = 100;

const leftovers = [
  {
    rows: importLimits.rowsAtOnce,
    text: `
      delete from inventory.sim_profiles where iccid = any(array(
        select iccid from inventory.sim_profiles where order_id = $1 and state = 'reserved' order by iccid limit $2))
      returning 1`,
  },
  {
    rows: chunksAtOnce,
    text: `
      delete from inventory.import_chunks where import_id = $1 and number = any(array(
        select number from inventory.import_chunks where import_id = $1 order by number limit $2))
      returning 1`,
  },
  {
    rows: importLimits.rowsAtOnce,
    text: `
      delete from inventory.import_numbers where import_id = $1 and iccid = any(array(
        select iccid from inventory.import_numbers where import_id = $1 order by iccid limit $2))
      returning 1`,
  },
];

/** Nothing came of it. */
const deleteBatch = `
  with noted as (update inventory.imports set batch_id = null where id = $1)
  delete from inventory.batches where id = $2`;
