// Pages of rows by keyset, newest first: behind a row, or in front of one; page one million costs what page one costs.
import { limits } from '../base/limits.ts';
import type { Db } from './ctx.ts';
import { query } from './query.ts';

/** Which rows of a list: those older than `before`, or the ones next newer than `after`; neither for the newest. */
export type ListPage = { before?: string; after?: string; limit?: number };

/** The texts of one list, in both directions. */
export type ListTexts = { older: string; newer: string };

/** The list that `select` (with a `where`, and `given` parameters of its own) makes, by the id column `key`. */
export function listTexts(select: string, key: string, given: number): ListTexts {
  const [place, limit] = [`$${given + 1}`, `$${given + 2}`];
  return {
    older: `${select} and ${key} < ${place} order by ${key} desc limit ${limit}`,
    newer: `${select} and ${key} > ${place} order by ${key} limit ${limit}`,
  };
}

/** The rows of a page, always newest first; `values` are the `given` parameters of the list. */
export async function queryList<Row>(
  db: Db,
  texts: ListTexts,
  values: readonly unknown[],
  { before = '~', after, limit = limits.pageSizeDefault }: ListPage,
): Promise<Row[]> {
  const rowsMax = Math.min(limit, limits.listRowsMax);
  if (after === undefined) return await query<Row>(db, texts.older, [...values, before, rowsMax]);
  return (await query<Row>(db, texts.newer, [...values, after, rowsMax])).reverse();
}
