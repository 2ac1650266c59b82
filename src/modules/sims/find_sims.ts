// Lines are found by any of their names, or listed newest first; always within one account.
import { AppError } from '../../base/app_error.ts';
import { limits } from '../../base/limits.ts';
import type { Ctx } from '../../pg/ctx.ts';
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

/** Up to `limit` lines of the account older than the id `before`, newest first. `fleetId` is the id of a fleet. */
export async function listSims(ctx: Ctx, filter: SimFilter): Promise<Sim[]> {
  const { accountId, before = '~', status = null, iccid, fleetId } = filter;
  const limit = Math.min(filter.limit ?? limits.pageSizeDefault, limits.pageSizeMax);
  const page = [accountId, before, status, limit];
  const rows =
    iccid !== undefined
      ? await query<SimRow>(ctx.db, selectByIccid, [...page, iccid, fleetId ?? null])
      : fleetId !== undefined
        ? await query<SimRow>(ctx.db, selectByFleet, [...page, fleetId])
        : await query<SimRow>(ctx.db, selectByAccount, page);
  return rows.map(readSim);
}

export type SimFilter = {
  accountId: string;
  before?: string;
  /** `scheduled`: on its way to another status. */
  status?: SimStatus | 'scheduled';
  fleetId?: string;
  iccid?: string;
  limit?: number;
};

/** Ids of the networks that the line of this eSIM may attach to; null when it may attach to any, or there is no line. */
export async function networksOfLine(
  ctx: Ctx,
  of: { accountId: string; esimId: string },
): Promise<readonly string[] | null> {
  const sim = (await findSims(ctx, { accountId: of.accountId, keys: [of.esimId] })).get(of.esimId);
  return sim?.fleet?.networks ?? null;
}

const selectByKeys = `${selectSims} where s.account_id = $1 and s.id = any(array(${simIdsSql}))`;

const page = `s.account_id = $1 and s.id < $2
  and ($3::text is null or case when s.scheduled_status is null then s.status else 'scheduled' end = $3)`;
const newestFirst = 'order by s.id desc limit $4';
const selectByAccount = `${selectSims} where ${page} ${newestFirst}`;
const selectByFleet = `${selectSims} where ${page} and s.fleet_id = $5 ${newestFirst}`;
const selectByIccid = `
  ${selectSims} where ${page} and s.iccid = $5 and ($6::text is null or s.fleet_id = $6) ${newestFirst}`;
