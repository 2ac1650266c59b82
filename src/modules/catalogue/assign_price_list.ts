// An account gets a price list, another one, or none.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { getPriceListHead } from './find_price_lists.ts';
import type { PriceListHead } from './price_list.ts';
import { raiseRevision } from './raise_revision.ts';

/**
 * Prices the account's orders from this list from now on, or from the catalogue alone when it is null. Subaccounts keep
 * their own. Throws `not_found` for an unknown list. Call it in a `write`; whether there is such an account is its
 * caller's to check.
 */
export async function assignPriceList(
  tx: Ctx,
  { accountId, priceList }: { accountId: string; priceList: string | null },
): Promise<PriceListHead | undefined> {
  await raiseRevision(tx);
  if (priceList === null) {
    await query(tx.db, 'delete from catalogue.account_price_lists where account_id = $1', [accountId]);
    return undefined;
  }
  const list = await getPriceListHead(tx, priceList);
  await query(tx.db, upsertAssignment, [accountId, list.id]);
  return list;
}

const upsertAssignment = `
  insert into catalogue.account_price_lists (account_id, price_list_id) values ($1, $2)
  on conflict (account_id) do update set price_list_id = excluded.price_list_id`;
