// An import under way is stopped between two pieces of its work; what is in stock of it by then stays there.
import { AppError } from '../../../base/app_error.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { endImport } from './end_import.ts';
import { type ImportKey, noImport } from './find_imports.ts';
import { type ImportRow, readImport, type StockImport, selectImports } from './import.ts';

/**
 * Gives the import as it ended. Throws `not_found`, and `conflict` when it has ended, or is past the point where all of
 * it can be taken back. Call it in a `write`.
 */
export async function cancelImport(tx: Ctx, { accountId, id }: ImportKey): Promise<StockImport> {
  const [row] = await query<ImportRow>(tx.db, lock, [accountId, id]);
  if (!row) throw noImport();
  if (row.status !== 'waiting' && row.status !== 'running')
    throw new AppError('conflict', `The import is ${row.status}: there is nothing to cancel.`);
  if (row.phase === 'release')
    throw new AppError('conflict', 'The file is being put into stock: that cannot be taken back any more.');
  await endImport(tx, readImport(row), { status: 'cancelled' });
  const [ended] = await query<ImportRow>(tx.db, lock, [accountId, id]);
  return readImport(ended ?? row);
}

const lock = `${selectImports} and i.account_id = $1 and i.id = $2 and i.status <> 'receiving' for update of i`;
