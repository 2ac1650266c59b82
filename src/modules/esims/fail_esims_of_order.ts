// What was made for an order that could not be fulfilled has failed, and is told so.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { actorName, insertEventsSql } from '../events/index.ts';
import type { EsimFailureCode } from './esim.ts';

/** Marks the eSIMs of an order that could not be fulfilled, and gives their ICCIDs. Call it in a `write`. */
export async function failEsimsOfOrder(tx: Ctx, orderId: string): Promise<string[]> {
  const values = [orderId, code, detail, tx.now, tx.requestId, actorName(tx.actor)];
  const rows = await query<{ iccid: string }>(tx.db, failText, values);
  return rows.map((row) => row.iccid);
}

const code: EsimFailureCode = 'order_failed';
const detail = 'The order could not be fulfilled; nothing was charged.';

const failText = `
  with failed as (
    update esims.esims set state = 'failed', failure_code = $2::text, failure_detail = $3::text, updated_at = $4::timestamptz
    where order_id = $1 and state <> 'failed'
    returning id, account_id, iccid, state, eid, smdp_address
  ), told as (
    ${insertEventsSql(`
      select account_id, 'esim.failed', id, jsonb_strip_nulls(jsonb_build_object('iccid', iccid, 'state', state,
        'eid', eid, 'smdpAddress', smdp_address, 'detail', $3::text,
        'failure', jsonb_build_object('code', $2::text, 'detail', $3::text))), $5, $6, $4::timestamptz
      from failed order by id`)}
  )
  select iccid from esims.esims where order_id = $1`;
