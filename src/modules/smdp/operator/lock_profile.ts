// The profile that an operator acts on, locked as a download locks it: before its sessions.
import { AppError } from '../../../base/app_error.ts';
import { query } from '../../../pg/query.ts';
import {
  isWithdrawn,
  type OperatedProfile,
  type OperatedRow,
  operatedColumns,
  readOperated,
} from './operated_profile.ts';
import type { OperatorCtx } from './operator_ctx.ts';

/** Throws `not_found`, and `conflict` for a profile whose order came to nothing. */
export async function lockProfile(
  tx: OperatorCtx,
  { accountId, iccid }: { accountId: string; iccid: string },
): Promise<OperatedProfile> {
  const [row] = await query<OperatedRow>(tx.db, lockText, [accountId, iccid]);
  if (!row) throw new AppError('not_found', 'There is no profile with this ICCID.');
  if (isWithdrawn(row))
    throw new AppError(
      'conflict',
      'Its order could not be fulfilled, and nothing was charged: order another.',
    );
  return readOperated(tx.smdp.settings, row);
}

const lockText = `
  select ${operatedColumns} from smdp.profiles p where p.account_id = $1 and p.iccid = $2 for update`;
