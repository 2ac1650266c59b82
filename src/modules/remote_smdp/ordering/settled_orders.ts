// Orders whose remote profiles are all there, or will not come, go back to fulfilment; each once.
import { present } from '../../../base/assert.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import type { ProfileState } from '../../smdp/index.ts';

/** Ids of orders that are settled and were not taken yet, up to 100. */
export async function listSettledOrders(ctx: Ctx): Promise<string[]> {
  const rows = await query<{ order_id: string }>(ctx.db, selectSettled);
  return rows.map((row) => row.order_id);
}

/** Takes these orders, those of them that are settled. Call it in a `write`. */
export async function takeSettledOrders(tx: Ctx, orderIds: readonly string[]): Promise<SettledOrder[]> {
  const rows = await query<SettledRow>(tx.db, takeSettled, [[...orderIds]]);
  return rows.map(({ order_id, failure_code, failure_detail }) => ({
    orderId: order_id,
    failure: failure_code === null ? null : { code: failure_code, detail: failure_detail ?? '' },
  }));
}

export type SettledOrder = {
  orderId: string;
  /** Why its profiles will not come; null when all of them are ready. */
  failure: { code: string; detail: string } | null;
};

/**
 * Takes the ready profiles for these units of an order, by their places; what becomes of them from now on is told. Call it
 * in a `write`.
 */
export async function takeReadyProfiles(
  tx: Ctx,
  { orderId, units }: { orderId: string; units: readonly number[] },
): Promise<Map<number, ReadyProfile>> {
  if (units.length === 0) return new Map();
  const rows = await query<ReadyRow>(tx.db, takeReady, [orderId, [...units]]);
  return new Map(
    rows.map(({ unit, iccid, eid, matching_id, smdp_address, state, enabled }) => [
      unit,
      {
        iccid: present(iccid, 'the ICCID of a ready profile'),
        eid,
        matchingId: matching_id,
        smdpAddress: smdp_address ?? '',
        state,
        enabled,
      },
    ]),
  );
}

export type ReadyProfile = {
  iccid: string;
  eid: string | null;
  matchingId: string | null;
  smdpAddress: string;
  /** A device that looks for its profile itself may have been quicker than we. */
  state: ProfileState;
  enabled: boolean | null;
};

type SettledRow = { order_id: string; failure_code: string | null; failure_detail: string | null };
type ReadyRow = {
  unit: number;
  iccid: string | null;
  eid: string | null;
  matching_id: string | null;
  smdp_address: string | null;
  state: ProfileState;
  enabled: boolean | null;
};

const selectSettled =
  "select order_id from remote_smdp.orders where state = 'settled' order by order_id limit 100";

const takeSettled = `
  with settled as materialized (
    select order_id from remote_smdp.orders
    where order_id = any($1) and state = 'settled' order by order_id for update
  )
  update remote_smdp.orders set state = 'ended' where order_id = any(array(select order_id from settled))
  returning order_id, failure_code, failure_detail`;

const takeReady = `
  update remote_smdp.profiles set step = 'delivered'
  where order_id = $1 and unit = any($2) and step = 'ready'
  returning unit, iccid, eid, matching_id, smdp_address, state, enabled`;
