// Lists that are merged into one, each read from its own place in an index: a page reads no more than itself of each.
import type { ListTexts } from './list.ts';

/** The list of all rows of `lists`, which have the same columns and `given` parameters, by the id column `key`. */
export function mergedTexts(lists: readonly ListTexts[], key: string, given: number): ListTexts {
  const merge = (direction: keyof ListTexts) =>
    lists.map((list) => `(${list[direction]})`).join(' union all ');
  const limit = `$${given + 2}`;
  return {
    older: `select * from (${merge('older')}) as merged order by ${key} desc limit ${limit}`,
    newer: `select * from (${merge('newer')}) as merged order by ${key} limit ${limit}`,
  };
}
