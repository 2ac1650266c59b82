// An account's clock does not go on while an order of it waits: fulfilment is woken by the order itself.
import type { DueWork } from '../../pg/due_work.ts';
import { query } from '../../pg/query.ts';

/** Orders under way hold the test clock; fulfilment does them. Those that wait for a remote SM-DP+ wait by the wall clock. */
export const ordersDueWork: DueWork = {
  name: 'orders',
  async nextDueAt(ctx, accountId) {
    const rows = await query(ctx.db, selectWaiting, [accountId]);
    return rows.length > 0 ? ctx.now : null;
  },
  runDue: async () => 0,
};

const selectWaiting = `
  select from orders.orders
  where account_id = $1 and status in ('accepted', 'fulfilling') and not awaits_remote limit 1`;
