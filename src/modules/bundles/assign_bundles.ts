// A bundle comes to an eSIM in state `queued`: it waits there for the first use.
import { newId } from '../../base/ids.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { Product } from '../catalogue/index.ts';
import { emit } from '../events/index.ts';

/** Assigns these bundles. Call it in a `write`. */
export async function assignBundles(ctx: Ctx, items: readonly NewBundle[]): Promise<void> {
  if (items.length === 0) return;
  const bundles = items.map((item) => ({ ...item, id: newId('bundle', ctx.now.getTime()) }));
  await query(ctx.db, insertBundles, [
    JSON.stringify(
      bundles.map(({ id, accountId, esimId, orderId, product }) => ({
        id,
        account_id: accountId,
        esim_id: esimId,
        order_id: orderId,
        product_id: product.id,
        product_name: product.name,
        unlimited: product.unlimited,
        bytes: product.dataBytes?.toString() ?? null,
        validity_days: product.validityDays,
        countries: product.countries,
      })),
    ),
    ctx.now,
  ]);
  await emit(
    ctx,
    ...bundles.map(({ id, accountId, esimId, orderId, product, requestId }) => ({
      accountId,
      type: 'bundle.assigned' as const,
      resourceId: id,
      requestId,
      data: { esimId, orderId, product: product.name, state: 'queued' },
    })),
  );
}

export type NewBundle = {
  accountId: string;
  esimId: string;
  orderId: string;
  product: Product;
  /** Of the request that ordered it. */
  requestId: string;
};

const insertBundles = `
  insert into bundles.bundles (id, account_id, esim_id, order_id, product_id, product_name, state, unlimited,
    initial_bytes, remaining_bytes, validity_days, countries, assigned_at)
  select id, account_id, esim_id, order_id, product_id, product_name, 'queued', unlimited, bytes, bytes, validity_days,
    countries, $2
  from jsonb_to_recordset($1::jsonb) as x(id text, account_id text, esim_id text, order_id text, product_id text,
    product_name text, unlimited boolean, bytes bigint, validity_days integer, countries text[])`;
