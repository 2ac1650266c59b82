// Which bundles an order has put onto an eSIM: their ids alone, since whoever polls an order asks for no more.
import type { Ctx } from '../../pg/ctx.ts';
import { sharedRead } from '../../pg/shared_read.ts';

export type BundlesOfOrder = { accountId: string; orderId: string; esimId: string };

/** In the order of its lines. What many ask for at once is read at once. */
export async function findBundleIds(ctx: Ctx, of: BundlesOfOrder): Promise<string[]> {
  return (await readIds(ctx, of)).ids;
}

/** `offset 0`: found by their order, whatever the table held when it was planned. */
const selectIds = `
  select array(
    select id from (
      select id, esim_id, account_id from bundles.bundles where order_id = wanted.of_order offset 0
    ) as b
    where esim_id = wanted.of_esim and account_id = wanted.of_account
    order by id
  ) as ids
  from unnest((select $1::text[]), (select $2::text[]), (select $3::text[])) with ordinality as wanted (of_order, of_esim, of_account, place)
  order by place`;

const readIds = sharedRead<BundlesOfOrder, { ids: string[] }>(selectIds, ['orderId', 'esimId', 'accountId']);
