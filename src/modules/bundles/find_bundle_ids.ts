// Which bundles an order has put onto an eSIM: their ids alone, since whoever polls an order asks for no more.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { sharedRead } from '../../pg/shared_read.ts';

export type BundlesOfOrder = { accountId: string; orderId: string; esimId: string };

/** In the order of its lines. What many ask for at once is read at once. */
export function findBundleIds(ctx: Ctx, of: BundlesOfOrder): Promise<string[]> {
  return readIds(ctx, of);
}

const readIds = sharedRead(async (ctx, of: readonly BundlesOfOrder[]): Promise<string[][]> => {
  const rows = await query<{ ids: string[] }>(ctx.db, selectIds, [
    of.map(({ orderId }) => orderId),
    of.map(({ esimId }) => esimId),
    of.map(({ accountId }) => accountId),
  ]);
  return rows.map(({ ids }) => ids);
});

/** `offset 0`: found by their order, whatever the table held when it was planned. */
const selectIds = `
  select array(
    select id from (
      select id, esim_id, account_id from bundles.bundles where order_id = wanted.of_order offset 0
    ) as b
    where esim_id = wanted.of_esim and account_id = wanted.of_account
    order by id
  ) as ids
  from unnest($1::text[], $2::text[], $3::text[]) with ordinality as wanted (of_order, of_esim, of_account, place)
  order by place`;
