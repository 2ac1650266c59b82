// Remote SM-DP+ servers are found by the name that their account gave them, or listed newest first.
import { AppError } from '../../../base/app_error.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { type ListPage, listTexts, queryList } from '../../../pg/list.ts';
import { query } from '../../../pg/query.ts';
import { type RemoteSmdp, type RemoteSmdpRow, readRemoteSmdp, remoteSmdpColumns } from './remote_smdp.ts';

/** The account's remote SM-DP+ of this name, and how many profiles wait for it. Throws `not_found`. */
export async function getRemoteSmdp(
  ctx: Ctx,
  of: { accountId: string; name: string },
): Promise<RemoteSmdp & { waiting: number }> {
  const [row] = await query<RemoteSmdpRow>(ctx.db, selectByName, [of.accountId, of.name]);
  if (!row) throw new AppError('not_found', 'There is no such remote SM-DP+.');
  const [count] = await query<{ waiting: bigint }>(ctx.db, countWaiting, [row.id]);
  return { ...readRemoteSmdp(row), waiting: Number(count?.waiting ?? 0n) };
}

/** A page of the account's remote SM-DP+ servers. */
export async function listRemoteSmdps(
  ctx: Ctx,
  { accountId, ...page }: ListPage & { accountId: string },
): Promise<RemoteSmdp[]> {
  return (await queryList<RemoteSmdpRow>(ctx.db, ofAccount, [accountId], page)).map(readRemoteSmdp);
}

/** False when the server was removed. */
export async function isServed(ctx: Ctx, serverId: string): Promise<boolean> {
  const rows = await query(ctx.db, 'select from remote_smdp.servers where id = $1 and removed_at is null', [
    serverId,
  ]);
  return rows.length > 0;
}

const selectByName = `
  select ${remoteSmdpColumns} from remote_smdp.servers
  where account_id = $1 and name = $2 and removed_at is null`;

const ofAccount = listTexts(
  `select ${remoteSmdpColumns} from remote_smdp.servers where account_id = $1 and removed_at is null`,
  'id',
  1,
);

const countWaiting = `
  select count(*) as waiting from remote_smdp.profiles where server_id = $1 and due_at is not null`;
