// Orders move on: what was held is settled or released with the same stroke that says so.
import { assert } from '../../base/assert.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { write } from '../../pg/write.ts';
import { withdrawBundles } from '../bundles/index.ts';
import { failEsimsOfOrder } from '../esims/index.ts';
import { emit } from '../events/index.ts';
import { giveBackReserved } from '../inventory/index.ts';
import { endHolds } from '../ledger/index.ts';
import { cancelRemoteProfiles } from '../remote_smdp/index.ts';
import { endLines } from '../sims/index.ts';
import { withdrawProfiles } from '../smdp/index.ts';
import { claimOrder } from './fulfilment_sql.ts';
import { putBackShares } from './lot_shares.ts';
import { esimMember, type Order, type OrderStatus, orderMoves } from './order.ts';
import { uncountOrders } from './volumes.ts';
import { withdrawLots } from './withdraw_lots.ts';

/** Moves claimed orders on, and tells it. `order.fulfilled` is how far each has come. Call it in the write that claimed them. */
export async function moveOrders(tx: Ctx, moves: readonly OrderMove[]): Promise<void> {
  for (const { order, status } of moves) {
    assert(
      status === order.status || orderMoves[order.status].includes(status),
      `order ${order.id}: ${order.status} → ${status}`,
    );
  }
  const ended = moves.filter(({ status }) => orderMoves[status].length === 0);
  const failed = ended.filter(({ status }) => status === 'failed').map(({ order }) => order);
  await query(tx.db, updateOrders, [JSON.stringify(moves.map(writeMove)), tx.now]);
  await uncountOrders(tx, failed);
  await withdrawLots(tx, failed);
  await putBackShares(
    tx,
    failed.flatMap(({ lines }) => lines),
  );
  await endHolds(
    tx,
    ended.map(({ order, status }) => ({
      orderId: order.id,
      accountId: order.accountId,
      currency: order.currency,
      amountMinor: order.totalMinor,
      settle: status === 'completed',
    })),
  );
  await emit(
    tx,
    ...moves
      .filter(({ order, status }) => status !== order.status)
      .map(({ order, status, failure }) => ({
        accountId: order.accountId,
        type: `order.${status}` as 'order.completed',
        resourceId: order.id,
        requestId: order.requestId,
        data: {
          status,
          quantity: order.quantity,
          ...(failure && { failure }),
          ...(status === 'failed' && esimMember(order)),
        },
      })),
  );
}

export type OrderMove = {
  order: Order;
  status: OrderStatus;
  failure?: { code: string; detail: string };
  /** It is left alone until remote SM-DP+ servers have made its profiles, or will not. */
  awaitsRemote?: boolean;
};

/** Ends an order that we cannot fulfil: nothing it had made stays, and its money is released. */
export async function failOrder(ctx: Ctx, id: string): Promise<void> {
  await write(ctx, {}, async (wall) => {
    const order = await claimOrder(wall, id);
    if (!order) return;
    const tx = { ...wall, now: order.accountNow };
    const iccids = await failEsimsOfOrder(tx, id);
    await endLines(tx, { accountId: order.accountId, keys: iccids });
    await withdrawBundles(tx, id);
    await withdrawProfiles(tx, iccids);
    await giveBackReserved(tx, id);
    await cancelRemoteProfiles(tx, id);
    await moveOrders(tx, [
      {
        order,
        status: 'failed',
        failure: { code: 'internal', detail: 'The order could not be fulfilled; nothing was charged.' },
      },
    ]);
  });
}

function writeMove({ order, status, failure, awaitsRemote = false }: OrderMove): Record<string, unknown> {
  const fulfilled = status === 'completed' ? order.quantity : status === 'failed' ? 0 : order.fulfilled;
  return {
    id: order.id,
    status,
    fulfilled,
    failure_code: failure?.code ?? null,
    failure_detail: failure?.detail ?? null,
    awaits_remote: awaitsRemote,
  };
}

const updateOrders = `
  with m as materialized (
    select * from jsonb_to_recordset($1::jsonb)
      as m(id text, status text, fulfilled integer, failure_code text, failure_detail text, awaits_remote boolean)
  )
  update orders.orders o
  set status = m.status, fulfilled = m.fulfilled, failure_code = m.failure_code, failure_detail = m.failure_detail,
    awaits_remote = m.awaits_remote, ended_at = case when m.status in ('completed', 'failed') then $2::timestamptz end
  from m
  where o.id = m.id and o.id = any(array(select id from m))`;
