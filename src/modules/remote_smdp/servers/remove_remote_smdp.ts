// A remote SM-DP+ goes once nothing waits for it; profile types that it served can be ordered again when its name is put again.
import { AppError } from '../../../base/app_error.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { emit } from '../../events/index.ts';
import { getRemoteSmdp } from './find_remote_smdps.ts';
import type { RemoteSmdp } from './remote_smdp.ts';

/**
 * Removes the account's remote SM-DP+ of this name and gives what it was. Throws `not_found`, and `conflict` while
 * profiles are to be ordered or cancelled there. Call it in a `write`.
 */
export async function removeRemoteSmdp(
  tx: Ctx,
  of: { accountId: string; name: string },
): Promise<RemoteSmdp & { waiting: number }> {
  await query(tx.db, lock, [of.accountId, of.name]);
  const server = await getRemoteSmdp(tx, of);
  if (server.waiting > 0)
    throw new AppError(
      'conflict',
      `${server.waiting} profiles are still to be ordered or cancelled there: wait, or cancel their orders.`,
    );
  await query(tx.db, remove, [server.id, tx.now]);
  const data = { name: server.name };
  await emit(tx, {
    accountId: server.accountId,
    type: 'remote_smdp.removed',
    resourceId: server.id,
    data,
  });
  return server;
}

// Whoever orders from it holds its row shared meanwhile (a foreign key), so nothing begins to wait now.
const lock = 'select from remote_smdp.servers where account_id = $1 and name = $2 for update';
const remove = 'update remote_smdp.servers set removed_at = $2, updated_at = $2 where id = $1';
