// eSIMs are found by id or ICCID, by their order, or by the token of their install page.
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { sharedRow } from '../../pg/shared_read.ts';
import type { Esim } from './esim.ts';
import { type EsimRow, esimColumns, readEsim } from './esim_row.ts';

/** The account's eSIM with this id or ICCID. Throws `not_found`. */
export async function getEsim(ctx: Ctx, of: { accountId: string; idOrIccid: string }): Promise<Esim> {
  const [found] = await findEsims(ctx, { accountId: of.accountId, idsOrIccids: [of.idOrIccid] });
  if (!found) throw new AppError('not_found', 'There is no such eSIM.');
  return found;
}

/** The account's eSIM with this id, if there is one; those that many ask for at once are read at once. */
export async function findEsimOfId(
  ctx: Ctx,
  of: { accountId: string; id: string },
): Promise<Esim | undefined> {
  const row = await readEsimRow(ctx, of);
  return row && readEsim(row);
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

const readEsimRow = sharedRow<EsimRow>('esims.esims', esimColumns);

const selectEsims = `select ${esimColumns} from esims.esims`;
const selectByIds = `${selectEsims} where account_id = $1 and id = any($2)`;
const selectByIccids = `${selectEsims} where account_id = $1 and iccid = any($2)`;
const selectOfOrder = `${selectEsims} where account_id = $1 and order_id = $2 and id > $3 order by id limit $4`;
const selectByToken = `${selectEsims} where install_token = $1`;
