// An account: the tenant that every row of the business belongs to.
import { AppError } from '../../base/app_error.ts';
import { type Id, newId } from '../../base/ids.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';

export type Account = {
  id: Id<'account'>;
  name: string;
  /** Sandbox accounts may be given money and stock by an API call, and live on test certificates. */
  kind: 'live' | 'sandbox';
  /** ISO 4217: what the account is billed in. */
  currency: string;
  /** The account that this is a subaccount of. */
  parentId: string | null;
  createdAt: Date;
};

/** Makes an account of its own. */
export async function createAccount(
  ctx: Ctx,
  input: Pick<Account, 'name' | 'kind' | 'currency'>,
): Promise<Account> {
  const account = {
    id: newId('account', ctx.now.getTime()),
    ...input,
    parentId: null,
    createdAt: ctx.now,
  };
  await query(
    ctx.db,
    'insert into accounts.accounts (id, name, kind, currency, created_at) values ($1, $2, $3, $4, $5)',
    [account.id, account.name, account.kind, account.currency, account.createdAt],
  );
  return account;
}

/** The account with this id. Throws `not_found`. */
export async function getAccount(ctx: Ctx, id: string): Promise<Account> {
  const [row] = await query<AccountRow>(ctx.db, `${selectAccounts} where id = $1`, [id]);
  if (!row) throw new AppError('not_found', 'There is no such account.');
  return readAccount(row);
}

/** The oldest sandbox account of this name, if there is one. */
export async function findSandboxAccount(ctx: Ctx, name: string): Promise<Account | undefined> {
  const [row] = await query<AccountRow>(
    ctx.db,
    `${selectAccounts} where name = $1 and kind = 'sandbox' order by id limit 1`,
    [name],
  );
  return row && readAccount(row);
}

/** Up to 200 accounts behind the id `after`, oldest first. */
export async function listAccounts(ctx: Ctx, after = ''): Promise<Account[]> {
  const rows = await query<AccountRow>(ctx.db, `${selectAccounts} where id > $1 order by id limit 200`, [
    after,
  ]);
  return rows.map(readAccount);
}

export type AccountRow = {
  id: string;
  name: string;
  kind: Account['kind'];
  currency: string;
  parent_id: string | null;
  created_at: Date;
};

export const accountColumns = 'id, name, kind, currency, parent_id, created_at';
const selectAccounts = `select ${accountColumns} from accounts.accounts`;

export function readAccount(row: AccountRow): Account {
  return {
    id: row.id as Id<'account'>,
    name: row.name,
    kind: row.kind,
    currency: row.currency,
    parentId: row.parent_id,
    createdAt: row.created_at,
  };
}
