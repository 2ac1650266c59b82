// Lines are locked by their ids in order, whatever names they were asked for by, so that no two writers wait in a circle.
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { rollForward } from './billing/roll_forward.ts';
import { beginChange, type LineChange } from './line_change.ts';
import { saveLines } from './save_lines.ts';
import type { Line, Sim } from './sim.ts';
import { keysOf, type SimKeys, sortKeys } from './sim_keys.ts';
import { readSim, type SimRow, selectSims } from './sim_row.ts';

/**
 * Locks the lines with these ids, eSIM ids, ICCIDs, IMSIs or unique names (of any account without `accountId`, but then
 * no unique names), and gives each under the key that it was asked for by; unknown keys are absent. Call it in a `write`.
 */
export async function lockLines(tx: Ctx, of: LinesOf): Promise<Map<string, Line>> {
  return await lockSims(tx, of);
}

export type LinesOf = { accountId: string | null; keys: readonly string[] };

/** As `lockLines`, with all there is to know of the lines. */
export async function lockSims(tx: Ctx, { accountId, keys }: LinesOf): Promise<Map<string, Sim>> {
  if (keys.length === 0) return new Map();
  const sorted = sortKeys(keys);
  const rows = await query<SimRow>(tx.db, lockSimsSql, [accountId, ...keyArrays(sorted)]);
  const wanted = new Set(keys);
  return new Map(
    rows.map(readSim).flatMap((sim) =>
      keysOf(sim)
        .filter((key) => wanted.has(key))
        .map((key) => [key, sim] as const),
    ),
  );
}

/**
 * Locks one line, lets happen what was due for it, changes it by `run` and saves it. Gives what `run` gave. Throws
 * `not_found`, and what `run` and `saveLines` throw. Call it in a `write`.
 */
export async function changeLine<T>(
  tx: Ctx,
  { accountId, key }: { accountId: string | null; key: string },
  run: (change: LineChange) => T | Promise<T>,
): Promise<T> {
  const sim = (await lockSims(tx, { accountId, keys: [key] })).get(key);
  if (!sim) throw new AppError('not_found', 'There is no such SIM.');
  const change = beginChange(sim);
  await rollForward(tx, [change], tx.now);
  const answer = await run(change);
  await saveLines(tx, [change]);
  return answer;
}

/** The values of `$2` to `$6` in `simIdsSql`. */
export function keyArrays(keys: SimKeys): string[][] {
  return [keys.ids, keys.esimIds, keys.iccids, keys.imsis, keys.names];
}

/** The ids of the lines with keys `$2` to `$6`; names count only within the account `$1`. */
export const simIdsSql = `
  select id from unnest($2::text[]) as given(id)
  union select id from sims.sims where esim_id = any($3)
  union select id from sims.sims where iccid = any($4)
  union select id from sims.sims where imsi = any($5)
  union select id from sims.sims where account_id = $1 and unique_name = any($6)`;

const lockSimsSql = `
  ${selectSims}
  where s.id = any(array(${simIdsSql})) and ($1::text is null or s.account_id = $1)
  order by s.id for update of s`;
