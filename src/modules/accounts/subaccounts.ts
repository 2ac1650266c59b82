// Subaccounts: tenants of their own under a parent, whose keys may act for them.
import { AppError } from '../../base/app_error.ts';
import { newId } from '../../base/ids.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { emit } from '../events/index.ts';
import { type Account, type AccountRow, accountColumns, readAccount } from './account.ts';

/**
 * Makes a subaccount with the kind, currency and clock of its parent, and a wallet of its own. Throws `conflict` for the
 * subaccount of a subaccount, and when there are 1,000 already. Call it in a `write`.
 */
export async function createSubaccount(tx: Ctx, input: { parentId: string; name: string }): Promise<Account> {
  const id = newId('account', tx.now.getTime());
  const [row] = await query<AccountRow>(tx.db, insertSubaccount, [
    id,
    input.parentId,
    input.name,
    tx.now,
    subaccountsMax,
  ]);
  if (!row)
    throw new AppError(
      'conflict',
      `A subaccount has no subaccounts, and an account at most ${subaccountsMax}.`,
    );
  await emit(tx, {
    accountId: input.parentId,
    type: 'account.created',
    resourceId: id,
    data: { name: input.name },
  });
  return readAccount(row);
}

/** Up to `limit` subaccounts behind the id `after`, oldest first. */
export async function listSubaccounts(
  ctx: Ctx,
  of: { parentId: string; after?: string; limit: number },
): Promise<Account[]> {
  const rows = await query<AccountRow>(ctx.db, selectSubaccounts, [of.parentId, of.after ?? '', of.limit]);
  return rows.map(readAccount);
}

/** The account `accountId` when it is `keyAccountId` itself, a subaccount of it, or its sandbox. Throws `not_found`. */
export async function getOwnAccount(
  ctx: Ctx,
  of: { keyAccountId: string; accountId: string },
): Promise<Account> {
  const [row] = await query<AccountRow>(ctx.db, selectOwn, [of.accountId, of.keyAccountId]);
  if (!row) throw new AppError('not_found', 'There is no such account under the account of this API key.');
  return readAccount(row);
}

const subaccountsMax = 1_000;

// The parent is locked, so that its clock and the number of its subaccounts hold until this is written.
const insertSubaccount = `
  with parent as materialized (
    select id, kind, currency, clock_offset_ms, thresholds from accounts.accounts
    where id = $2 and parent_id is null for update
  )
  insert into accounts.accounts (id, name, kind, currency, parent_id, clock_offset_ms, thresholds, created_at)
  select $1, $3, kind, currency, id, clock_offset_ms, thresholds, $4 from parent
  where (select count(*) from accounts.accounts where parent_id = $2) < $5::int
  returning ${accountColumns}`;

const selectSubaccounts = `
  select ${accountColumns} from accounts.accounts
  where parent_id = $1 and id > $2 order by id limit $3`;

const selectOwn = `
  select ${accountColumns} from accounts.accounts where id = $1 and $2 in (id, parent_id, sandbox_of)`;
