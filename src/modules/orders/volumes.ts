// How much an account has ordered of the products whose price depends on it: counted with an order, taken off when it ends without anything.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { Order } from './order.ts';

/** Pieces by the name of the product; what was never ordered is missing or 0. */
export type Volumes = ReadonlyMap<string, number>;

export type VolumesOf = { accountId: string; products: readonly string[] };

/** The volumes as they are now. */
export async function findVolumes(ctx: Ctx, { accountId, products }: VolumesOf): Promise<Volumes> {
  if (products.length === 0) return noVolumes;
  return readVolumes(await query<VolumeRow>(ctx.db, selectVolumes, [accountId, products]));
}

/** The volumes, locked until the transaction ends: in the order of `products`, which must be sorted; before any wallet. */
export async function lockVolumes(tx: Ctx, { accountId, products }: VolumesOf): Promise<Volumes> {
  if (products.length === 0) return noVolumes;
  return readVolumes(await query<VolumeRow>(tx.db, lockSql, [accountId, products]));
}

/** Adds the counted lines of an order whose volumes are locked. */
export async function countOrder(tx: Ctx, order: Order): Promise<void> {
  const pieces = sumPieces([order]);
  if (pieces.length === 0) return;
  await query(tx.db, addSql, [
    order.accountId,
    pieces.map(({ product }) => product),
    pieces.map(({ quantity }) => quantity),
  ]);
}

/** Takes off what these orders, which end without anything, had added. Call it in the write that ends them, before any wallet. */
export async function uncountOrders(tx: Ctx, orders: readonly Order[]): Promise<void> {
  const pieces = sumPieces(orders);
  if (pieces.length === 0) return;
  await query(tx.db, takeOffSql, [
    pieces.map(({ accountId }) => accountId),
    pieces.map(({ product }) => product),
    pieces.map(({ quantity }) => quantity),
  ]);
}

const noVolumes: Volumes = new Map();

type VolumeRow = { product: string; ordered: bigint };

function readVolumes(rows: readonly VolumeRow[]): Volumes {
  return new Map(rows.map(({ product, ordered }) => [product, Number(ordered)]));
}

type Pieces = { accountId: string; product: string; quantity: number };

/** The counted pieces by account and product, in the order of both: rows are locked in it. */
function sumPieces(orders: readonly Order[]): Pieces[] {
  const sums = new Map<string, Pieces>();
  for (const { accountId, lines } of orders) {
    for (const { product, quantity } of lines.filter(({ counted }) => counted)) {
      const key = `${accountId} ${product}`;
      const known = sums.get(key)?.quantity ?? 0;
      sums.set(key, { accountId, product, quantity: known + quantity });
    }
  }
  return [...sums].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, pieces]) => pieces);
}

const selectVolumes = `
  select product, ordered from orders.volumes where account_id = $1 and product = any($2::text[])`;

// The update changes nothing: it locks the row, and gives it as it is after having waited for it.
const lockSql = `
  insert into orders.volumes as v (account_id, product, ordered)
  select $1, w.product, 0 from unnest($2::text[]) with ordinality as w(product, n) order by w.n
  on conflict (account_id, product) do update set ordered = v.ordered
  returning product, ordered`;

const addSql = `
  update orders.volumes v set ordered = v.ordered + a.pieces
  from unnest($2::text[], $3::bigint[]) as a(product, pieces)
  where v.account_id = $1 and v.product = a.product and v.product = any($2::text[])`;

const takeOffSql = `
  with t as materialized (
    select * from unnest($1::text[], $2::text[], $3::bigint[]) with ordinality as t(account_id, product, pieces, n)
  ), locked as materialized (
    select v.account_id, v.product
    from (select * from t order by n) as wanted cross join lateral (
      select * from orders.volumes v
      where v.account_id = wanted.account_id and v.product = wanted.product for update) as v
  )
  update orders.volumes v set ordered = v.ordered - t.pieces
  from t join locked l on l.account_id = t.account_id and l.product = t.product
  where v.account_id = t.account_id and v.product = t.product and v.account_id = any($1::text[])`;
