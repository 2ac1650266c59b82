// The whole file is in stock, held: it is given free, some thousand SIM profiles at a time, and nothing can fail any more.
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { endImport } from './end_import.ts';
import type { WorkingImport } from './import.ts';
import { importLimits } from './import_limits.ts';

/** Call it in a `write` that has claimed the import. */
export async function releaseHeld(tx: Ctx, work: WorkingImport): Promise<void> {
  const released = await query(tx.db, release, [work.id, importLimits.rowsAtOnce]);
  if (released.length < importLimits.rowsAtOnce) await endImport(tx, work, { status: 'completed' });
}

const release = `
  update inventory.sim_profiles set state = 'available', order_id = null
  where iccid = any(array(
    select iccid from inventory.sim_profiles where order_id = $1 and state = 'reserved' order by iccid limit $2))
  returning 1`;
