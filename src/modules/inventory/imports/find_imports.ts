// Imports as their account may see them, and what was wrong with the lines of one.
import { AppError } from '../../../base/app_error.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { type ListPage, listTexts, queryList } from '../../../pg/list.ts';
import { query } from '../../../pg/query.ts';
import { type ImportRow, readImport, type StockImport, selectImports } from './import.ts';
import { importLimits } from './import_limits.ts';

/** Throws `not_found`. */
export async function getImport(ctx: Ctx, { accountId, id }: ImportKey): Promise<StockImport> {
  const [row] = await query<ImportRow>(ctx.db, selectOne, [accountId, id]);
  if (!row) throw noImport();
  return readImport(row);
}

export type ImportKey = { accountId: string; id: string };

export function noImport(): AppError {
  return new AppError('not_found', 'There is no such import.');
}

/** The imports of the account, newest first; those that are still coming in are not among them. */
export async function listImports(
  ctx: Ctx,
  { accountId, ...page }: ListPage & { accountId: string },
): Promise<StockImport[]> {
  return (await queryList<ImportRow>(ctx.db, list, [accountId], page)).map(readImport);
}

/** The faults of an import by line, up to 10,000, and how many lines were rejected in all. Throws `not_found`. */
export async function listImportFaults(
  ctx: Ctx,
  key: ImportKey,
): Promise<{ faults: ImportFault[]; of: StockImport; isAll: boolean }> {
  const of = await getImport(ctx, key);
  const rows = await query<{ line: bigint; field: string; detail: string }>(ctx.db, selectFaults, [
    key.id,
    importLimits.faultsMax,
  ]);
  const faults = rows.map(({ line, ...same }) => ({ line: Number(line), ...same }));
  return { faults, of, isAll: of.faults <= BigInt(rows.length) };
}

export type ImportFault = { line: number; field: string; detail: string };

const known = `${selectImports} and i.account_id = $1 and i.status <> 'receiving'`;
const selectOne = `${known} and i.id = $2`;
const list = listTexts(known, 'i.id', 1);

const selectFaults = `
  select line, field, detail from inventory.import_faults where import_id = $1 order by line, field limit $2`;
