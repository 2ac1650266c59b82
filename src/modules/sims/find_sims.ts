// Lines are found by any of their names, or listed newest first; always within one account.
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { type ListPage, listTexts, queryList } from '../../pg/list.ts';
import { query } from '../../pg/query.ts';
import { keyArrays, simIdsSql } from './lock_lines.ts';
import type { Sim, SimStatus } from './sim.ts';
import { keysOf, sortKeys } from './sim_keys.ts';
import { readSim, type SimRow, selectSims } from './sim_row.ts';

/** The account's line with this id, eSIM id, ICCID, IMSI or unique name. Throws `not_found`. */
export async function getSim(ctx: Ctx, of: { accountId: string; key: string }): Promise<Sim> {
  const found = (await findSims(ctx, { accountId: of.accountId, keys: [of.key] })).get(of.key);
  if (!found) throw new AppError('not_found', 'There is no such SIM.');
  return found;
}

/** The account's lines with these keys (see `getSim`), each under the key that it was asked for by. */
export async function findSims(
  ctx: Ctx,
  { accountId, keys }: { accountId: string; keys: readonly string[] },
): Promise<Map<string, Sim>> {
  if (keys.length === 0) return new Map();
  const rows = await query<SimRow>(ctx.db, selectByKeys, [accountId, ...keyArrays(sortKeys(keys))]);
  const wanted = new Set(keys);
  return new Map(
    rows.map(readSim).flatMap((sim) =>
      keysOf(sim)
        .filter((key) => wanted.has(key))
        .map((key) => [key, sim] as const),
    ),
  );
}

/** The ids of the account's lines, each under the id of its eSIM: less to read than all of them. */
export async function findSimIds(
  ctx: Ctx,
  { accountId, esimIds }: { accountId: string; esimIds: readonly string[] },
): Promise<Map<string, string>> {
  if (esimIds.length === 0) return new Map();
  const rows = await query<{ id: string; esim_id: string }>(ctx.db, selectIds, [accountId, [...esimIds]]);
  return new Map(rows.map((row) => [row.esim_id, row.id]));
}

/** A page of the account's lines, newest first. `fleetId` is the id of a fleet. */
export async function listSims(ctx: Ctx, filter: SimFilter): Promise<Sim[]> {
  const { accountId, iccid, fleetId, status } = filter;
  const { statuses = status === undefined ? null : [status] } = filter;
  const list =
    iccid !== undefined
      ? queryList<SimRow>(ctx.db, listByIccid, [accountId, statuses, iccid, fleetId ?? null], filter)
      : fleetId !== undefined
        ? queryList<SimRow>(ctx.db, listByFleet, [accountId, statuses, fleetId], filter)
        : queryList<SimRow>(ctx.db, listByAccount, [accountId, statuses], filter);
  return (await list).map(readSim);
}

export type SimFilter = ListPage & {
  accountId: string;
  status?: ListedStatus;
  /** Any of these, in place of `status`. */
  statuses?: readonly ListedStatus[];
  fleetId?: string;
  iccid?: string;
};

/** `scheduled`: on its way to another status. */
type ListedStatus = SimStatus | 'scheduled';

/** Ids of the networks that the line of this eSIM may attach to; null when it may attach to any, or there is no line. */
export async function networksOfLine(
  ctx: Ctx,
  of: { accountId: string; esimId: string },
): Promise<readonly string[] | null> {
  const sim = (await findSims(ctx, { accountId: of.accountId, keys: [of.esimId] })).get(of.esimId);
  return sim?.fleet?.networks ?? null;
}

const selectByKeys = `${selectSims} where s.account_id = $1 and s.id = any(array(${simIdsSql}))`;

// Offset: found by the eSIM and not by the account, which may have any number of lines.
const selectIds = `
  select s.id, s.esim_id
  from unnest($2::text[]) as e(id)
  cross join lateral (
    select id, esim_id, account_id from sims.sims where esim_id = e.id offset 0
  ) as s
  where s.account_id = $1`;

const filtered = `${selectSims} where s.account_id = $1
  and ($2::text[] is null or case when s.scheduled_status is null then s.status else 'scheduled' end = any($2))`;
const listByAccount = listTexts(filtered, 's.id', 2);
const listByFleet = listTexts(`${filtered} and s.fleet_id = $3`, 's.id', 3);
const listByIccid = listTexts(
  `${filtered} and s.iccid = $3 and ($4::text is null or s.fleet_id = $4)`,
  's.id',
  4,
);
