// An eSIM and its profile belong to another account from now on.
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { moveRemoteProfileRow } from '../remote_smdp/index.ts';
import { moveProfileRow } from '../smdp/index.ts';

/** Gives the eSIM to another account. Throws `not_found` when it is not the account's. Call it in a `write`. */
export async function moveEsimRow(
  tx: Ctx,
  input: { accountId: string; esimId: string; toAccountId: string },
): Promise<void> {
  const [row] = await query<{ iccid: string }>(tx.db, moveRow, [
    input.accountId,
    input.esimId,
    input.toAccountId,
    tx.now,
  ]);
  if (!row) throw new AppError('not_found', 'There is no such eSIM.');
  await moveProfileRow(tx, { iccid: row.iccid, toAccountId: input.toAccountId });
  await moveRemoteProfileRow(tx, { iccid: row.iccid, toAccountId: input.toAccountId });
}

const moveRow =
  'update esims.esims set account_id = $3, updated_at = $4 where account_id = $1 and id = $2 returning iccid';
