// What an order that failed had already assigned is taken back.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { emit } from '../events/index.ts';

/** Revokes the bundles of this order that were not used yet; the order's hold is released by its caller. Call it in a `write`. */
export async function withdrawBundles(tx: Ctx, orderId: string): Promise<void> {
  const rows = await query<WithdrawnRow>(tx.db, withdrawSql, [orderId, tx.now]);
  await emit(
    tx,
    ...rows.map((row) => ({
      accountId: row.account_id,
      type: 'bundle.revoked' as const,
      resourceId: row.id,
      data: {
        esimId: row.esim_id,
        orderId,
        product: row.product_name,
        state: 'revoked',
        refundTo: null,
      },
    })),
  );
}

type WithdrawnRow = { id: string; account_id: string; esim_id: string; product_name: string };

const withdrawSql = `
  with locked as materialized (
    select id from bundles.bundles where order_id = $1 and state in ('processing', 'queued') order by id for update
  )
  update bundles.bundles b set state = 'revoked', ended_at = $2, due_at = null, refundable_until = null
  where b.id = any(array(select id from locked))
  returning b.id, b.account_id, b.esim_id, b.product_name`;
