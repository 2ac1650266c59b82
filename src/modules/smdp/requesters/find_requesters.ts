// Function requesters by identifier, or all of an account.
import { AppError } from '../../../base/app_error.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { type ListPage, listTexts, queryList } from '../../../pg/list.ts';
import { query } from '../../../pg/query.ts';
import type { FunctionRequester } from './function_requester.ts';
import { type RequesterRow, readRequester, requesterColumns } from './requester_row.ts';

/** The account's requester with this id or exactly this identifier. Throws `not_found`. */
export async function getRequester(
  ctx: Ctx,
  { accountId, idOrIdentifier }: { accountId: string; idOrIdentifier: string },
): Promise<FunctionRequester> {
  const [row] = await query<RequesterRow>(ctx.db, selectOne, [accountId, idOrIdentifier]);
  if (row) return readRequester(row);
  throw new AppError(
    'not_found',
    'There is no such function requester: give its id or its exact identifier.',
  );
}

/** A page of the account's requesters, newest first; those that were removed are not among them. */
export async function listRequesters(
  ctx: Ctx,
  { accountId, ...page }: ListPage & { accountId: string },
): Promise<FunctionRequester[]> {
  return (await queryList<RequesterRow>(ctx.db, ofAccount, [accountId], page)).map(readRequester);
}

const selectOne = `
  select ${requesterColumns} from smdp.function_requesters
  where account_id = $1 and (identifier = $2 or id = $2) and removed_at is null
  order by (id = $2) desc limit 1`;

const ofAccount = listTexts(
  `select ${requesterColumns} from smdp.function_requesters where account_id = $1 and removed_at is null`,
  'id',
  1,
);
