// A profile by the part of its activation code that nobody can guess, whosever it is.
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';

/** Whose it is, and its ICCID. */
export async function findProfileByMatchingId(
  ctx: Ctx,
  matchingId: string,
): Promise<{ accountId: string; iccid: string } | undefined> {
  const [row] = await query<{ account_id: string; iccid: string }>(ctx.db, select, [matchingId]);
  return row && { accountId: row.account_id, iccid: row.iccid };
}

const select = 'select account_id, iccid from smdp.profiles where matching_id = $1';
