// A function requester goes: its certificate opens nothing any more, and it is told nothing more. Its profiles stay as they are.
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { emit } from '../../events/index.ts';
import { getRequester } from './find_requesters.ts';
import type { FunctionRequester } from './function_requester.ts';

/** Removes the account's requester with this id or identifier, and gives what it was. Throws `not_found`. Call it in a `write`. */
export async function removeRequester(
  tx: Ctx,
  of: { accountId: string; idOrIdentifier: string },
): Promise<FunctionRequester> {
  const requester = await getRequester(tx, of);
  const { id, accountId, identifier } = requester;
  await query(tx.db, 'update smdp.function_requesters set removed_at = $2 where id = $1', [id, tx.now]);
  await query(tx.db, giveUpReports, [id, tx.now]);
  await emit(tx, { accountId, type: 'function_requester.removed', resourceId: id, data: { identifier } });
  return requester;
}

const giveUpReports = `
  update smdp.progress_reports set gave_up_at = $2, last_error = 'the function requester was removed'
  where requester_id = $1 and sent_at is null and gave_up_at is null`;
