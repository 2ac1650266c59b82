// The profile that an ES2+ call is about, if it is the caller's to handle.
import type { Ctx } from '../../../pg/ctx.ts';
import { RspError } from '../../../rsp/rsp_error.ts';
import { findProfileType, findProfileTypeOf } from '../../inventory/index.ts';
import type { Es2Caller } from './es2_call.ts';
import { lockOrderRow, type OrderedRow } from './orders_sql.ts';

/**
 * The profile with this ICCID, locked. Throws RspError: unknown 8.2.1/3.9, somebody else's or not ordered over ES2+
 * 8.2.1/1.2, in stock and not ordered 8.2.1/3.5. Call it in a `write`.
 */
export async function lockOrder(tx: Ctx, { requester }: Es2Caller, iccid: string): Promise<OrderedRow> {
  const row = await lockOrderRow(tx.db, iccid);
  if (row) return checkOwn(row, requester.accountId);
  throw await whyNotOrdered(tx, requester.accountId, iccid);
}

/** Any requester of the account may handle what another one of it ordered. */
export function checkOwn(row: OrderedRow, accountId: string): OrderedRow {
  if (row.requester_id === null || row.account_id !== accountId) throw new RspError('iccid_not_allowed');
  return row;
}

/** Why there is no order of this ICCID. */
export async function whyNotOrdered(ctx: Ctx, accountId: string, iccid: string): Promise<RspError> {
  const name = await findProfileTypeOf(ctx, iccid);
  const type = name === undefined ? undefined : await findProfileType(ctx, name);
  if (!type) return new RspError('iccid_unknown');
  if (type.accountId !== null && type.accountId !== accountId) return new RspError('iccid_not_allowed');
  return new RspError('profile_state_invalid', 'The profile is not ordered.');
}
