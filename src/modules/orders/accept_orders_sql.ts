// The one statement that accepts orders: repetitions seen, balances checked and held, orders and events on disk.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { insertEventsSql } from '../events/index.ts';
import { holdFundsSql } from '../ledger/index.ts';
import type { Order } from './order.ts';
import { storeLine } from './order_row.ts';

export type OrderToAccept = {
  order: Order;
  idempotencyKey: string | null;
  inputHash: Uint8Array;
  actor: string;
  /** Of the catalogue that it was priced from. */
  catalogueRevision: bigint;
};

/** `seen`: the key was used before. `stale`: the catalogue changed since the quote. `again`: decide it in another run. */
export type Verdict = 'accepted' | 'insufficient_funds' | 'seen' | 'stale' | 'again';

/** Decides orders in their order of arrival, each by itself, and gives the verdicts in that order. */
export async function acceptOrders(ctx: Ctx, orders: readonly OrderToAccept[]): Promise<Verdict[]> {
  const rows = await query<{ n: number; verdict: Verdict }>(ctx.db, acceptSql, [
    JSON.stringify(orders.map(writeInput)),
  ]);
  const verdicts: Verdict[] = new Array(orders.length);
  for (const { n, verdict } of rows) verdicts[n] = verdict;
  return verdicts;
}

function writeInput(
  { order, idempotencyKey, inputHash, actor, catalogueRevision }: OrderToAccept,
  n: number,
): Record<string, unknown> {
  return {
    n,
    id: order.id,
    account_id: order.accountId,
    lines: order.lines.map(storeLine),
    customer_id: order.customerId,
    device: order.device,
    quantity: order.quantity,
    total_minor: order.totalMinor.toString(),
    currency: order.currency,
    reference: order.reference,
    idempotency_key: idempotencyKey,
    input_hash: Buffer.from(inputHash).toString('hex'),
    request_id: order.requestId,
    actor,
    created_at: order.createdAt,
    revision: catalogueRevision.toString(),
  };
}

const acceptSql = `
  with input as materialized (
    select * from jsonb_to_recordset($1::jsonb) as x(n integer, id text, account_id text, lines jsonb, customer_id text,
      device jsonb, quantity integer, total_minor bigint, currency text, reference text, idempotency_key text, input_hash text, request_id text,
      actor text, created_at timestamptz, revision bigint)
  ), seen as (
    -- Lateral, because a semi join may read all orders when its plan dates from a time with few.
    select i.n from input i cross join lateral (
      select 1 from orders.orders o
      where o.account_id = i.account_id and o.idempotency_key = i.idempotency_key limit 1) as earlier
    where i.idempotency_key is not null
  ), fresh as (
    select i.* from input i where i.n not in (select n from seen)
  ), ${holdFundsSql({ placeable: 'f.revision = (select revision from catalogue.revision)' })}
  , accepted as materialized (
    select i.* from input i join funded f on f.n = i.n where f.verdict = 'accepted'
  ), placed as (
    insert into orders.orders (id, account_id, status, lines, customer_id, device, quantity, total_minor, currency,
      reference, idempotency_key, input_hash, request_id, actor, created_at)
    select id, account_id, 'accepted', lines, customer_id, device, quantity, total_minor, currency, reference,
      idempotency_key, decode(input_hash, 'hex'), request_id, actor, created_at
    from accepted
  ), told as (
    ${insertEventsSql(`
      select account_id, 'order.accepted', id,
        jsonb_build_object('status', 'accepted', 'quantity', quantity, 'reference', reference),
        request_id, actor, created_at
      from accepted order by n`)}
  )
  select n, verdict from funded union all select n, 'seen' from seen`;
