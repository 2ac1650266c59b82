// Who may put only so many bundles onto an eSIM has to see those that others are putting there.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';

/** An accepted order, and how many bundles it will put onto the eSIM. */
export type TopUpUnderWay = { orderId: string; bundles: number };

/**
 * Gives the accepted orders that put bundles onto this eSIM of the account, and holds back others who call this for it until
 * the transaction ends. Call it in a `write`.
 */
export async function lockTopUps(
  tx: Ctx,
  { accountId, esimId }: { accountId: string; esimId: string },
): Promise<TopUpUnderWay[]> {
  await query(tx.db, lock, [`top-ups of ${esimId}`]);
  const rows = await query<{ id: string; bundles: bigint }>(tx.db, selectUnderWay, [accountId, esimId]);
  return rows.map(({ id, bundles }) => ({ orderId: id, bundles: Number(bundles) }));
}

const lock = 'select pg_advisory_xact_lock(hashtextextended($1, 0))';

// Top-ups await no remote SM-DP+: they are in the index of those that fulfilment takes.
const selectUnderWay = `
  select id, (select count(*) from jsonb_array_elements(lines) as line where line->'esimIds' ? $2) as bundles
  from orders.orders
  where status in ('accepted', 'fulfilling') and not awaits_remote and account_id = $1
    and exists (select from jsonb_array_elements(lines) as line where line->'esimIds' ? $2)`;
