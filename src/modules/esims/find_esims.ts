// eSIMs are found by id or ICCID, by their order, or listed newest first; always within one account.
import { AppError } from '../../base/app_error.ts';
import type { Id } from '../../base/ids.ts';
import { limits } from '../../base/limits.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { Esim, EsimState } from './esim.ts';

/** The account's eSIM with this id or ICCID. Throws `not_found`. */
export async function getEsim(ctx: Ctx, of: { accountId: string; idOrIccid: string }): Promise<Esim> {
  const [found] = await findEsims(ctx, { accountId: of.accountId, idsOrIccids: [of.idOrIccid] });
  if (!found) throw new AppError('not_found', 'There is no such eSIM.');
  return found;
}

/** Those of the account's eSIMs that have one of these ids or ICCIDs. */
export async function findEsims(
  ctx: Ctx,
  of: { accountId: string; idsOrIccids: readonly string[] },
): Promise<Esim[]> {
  const isIds = of.idsOrIccids[0]?.startsWith('esm_');
  const rows = await query<EsimRow>(ctx.db, isIds ? selectByIds : selectByIccids, [
    of.accountId,
    [...of.idsOrIccids],
  ]);
  return rows.map(readEsim);
}

/** Up to `limit` eSIMs of the account older than the id `before`. */
export async function listEsims(ctx: Ctx, filter: EsimFilter): Promise<Esim[]> {
  const limit = Math.min(filter.limit ?? limits.pageSizeDefault, limits.pageSizeMax);
  const rows = await query<EsimRow>(ctx.db, selectPage, [
    filter.accountId,
    filter.before ?? '~',
    filter.state ?? null,
    limit,
  ]);
  return rows.map(readEsim);
}

export type EsimFilter = { accountId: string; before?: string; state?: EsimState; limit?: number };

/** Up to `limit` eSIMs of an order behind the id `after`, in the order they were made. */
export async function listEsimsOfOrder(
  ctx: Ctx,
  filter: { accountId: string; orderId: string; after?: string; limit: number },
): Promise<Esim[]> {
  const rows = await query<EsimRow>(ctx.db, selectOfOrder, [
    filter.accountId,
    filter.orderId,
    filter.after ?? '',
    filter.limit,
  ]);
  return rows.map(readEsim);
}

/** The eSIM whose install page has this token: the token is the permission. */
export async function findEsimByInstallToken(ctx: Ctx, token: string): Promise<Esim | undefined> {
  const [row] = await query<EsimRow>(ctx.db, selectByToken, [token]);
  return row && readEsim(row);
}

type EsimRow = {
  id: string;
  account_id: string;
  order_id: string;
  iccid: string;
  msisdn: string | null;
  eid: string | null;
  state: EsimState;
  enabled: boolean;
  smdp_address: string;
  matching_id: string | null;
  confirmation_code_required: boolean;
  install_token: string;
  created_at: Date;
  downloaded_at: Date | null;
  installed_at: Date | null;
  deleted_at: Date | null;
};

const selectEsims = `
  select id, account_id, order_id, iccid, msisdn, eid, state, enabled, smdp_address, matching_id,
    confirmation_code_required, install_token, created_at, downloaded_at, installed_at, deleted_at
  from esims.esims`;
const selectByIds = `${selectEsims} where account_id = $1 and id = any($2)`;
const selectByIccids = `${selectEsims} where account_id = $1 and iccid = any($2)`;
const selectPage = `${selectEsims} where account_id = $1 and id < $2 and ($3::text is null or state = $3) order by id desc limit $4`;
const selectOfOrder = `${selectEsims} where account_id = $1 and order_id = $2 and id > $3 order by id limit $4`;
const selectByToken = `${selectEsims} where install_token = $1`;

function readEsim(row: EsimRow): Esim {
  return {
    id: row.id as Id<'esim'>,
    accountId: row.account_id,
    orderId: row.order_id,
    iccid: row.iccid,
    msisdn: row.msisdn,
    eid: row.eid,
    state: row.state,
    enabled: row.enabled,
    smdpAddress: row.smdp_address,
    matchingId: row.matching_id,
    confirmationCodeRequired: row.confirmation_code_required,
    installToken: row.install_token,
    createdAt: row.created_at,
    downloadedAt: row.downloaded_at,
    installedAt: row.installed_at,
    deletedAt: row.deleted_at,
  };
}
