// Bundles are taken out of the lots of the inventory, those that expire first first, and never more than there are.
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { type BundleLot, type LotRow, lotColumns, readLot } from './bundle_lot.ts';
import type { LotShare, OrderLine } from './order.ts';

/**
 * Checks that the inventory has the bundles that these lines take; two orders for the last one may still both pass here.
 * Throws `conflict`.
 */
export async function checkInventory(ctx: Ctx, of: LinesOfAccount): Promise<void> {
  for (const [product, quantity] of wantedOf(of.lines))
    checkEnough(
      product,
      quantity,
      await query<OpenLot>(ctx.db, selectOpen, valuesOf(ctx, of, product, quantity)),
    );
}

/**
 * Gives the lines with the lots that their bundles are to be taken from, which stay locked until the transaction ends:
 * by product, expiry and id, behind volumes and before any wallet. Throws `conflict`.
 */
export async function lockShares<Line extends TakingLine>(
  tx: Ctx,
  of: LinesOfAccount<Line>,
): Promise<Line[]> {
  const locked = new Map<string, OpenLot[]>();
  for (const [product, quantity] of wantedOf(of.lines)) {
    const lots = await query<OpenLot>(tx.db, lockOpen, valuesOf(tx, of, product, quantity));
    checkEnough(product, quantity, lots);
    locked.set(product, lots);
  }
  return of.lines.map((line) =>
    line.fromInventory ? { ...line, lots: draw(locked.get(line.product) ?? [], line.quantity) } : line,
  );
}

/** Takes the shares of these lines, whose lots are locked. */
export async function takeShares(tx: Ctx, lines: readonly TakingLine[]): Promise<void> {
  await query(tx.db, takeSql, sumShares(lines));
}

/** Puts the shares of these lines back into their lots. Call it in the write that ends their orders, before any wallet. */
export async function putBackShares(tx: Ctx, lines: readonly TakingLine[]): Promise<void> {
  const [ids, counts] = sumShares(lines);
  if (ids.length > 0) await query(tx.db, putBackSql, [ids, counts]);
}

/** The lot that each piece of this line comes from. */
export function lotIdsOf({ lots }: Pick<TakingLine, 'lots'>): LotShare['lotId'][] {
  return lots.flatMap(({ lotId, quantity }) => Array.from({ length: quantity }, () => lotId));
}

/** These lots by id. */
export async function findLots(ctx: Ctx, lotIds: readonly string[]): Promise<ReadonlyMap<string, BundleLot>> {
  if (lotIds.length === 0) return new Map();
  const rows = await query<LotRow>(ctx.db, selectLots, [[...new Set(lotIds)]]);
  return new Map(rows.map((row) => [row.id, readLot(row)]));
}

/** What a bundle of this lot is assigned with: as if it had been assigned at once, so that moving it in and out gains nothing. */
export function termsOf({ unitPrice, refundableUntil }: BundleLot) {
  return {
    paid: unitPrice && { priceMinor: unitPrice.amountMinor, currency: unitPrice.currency },
    refundableUntil,
  };
}

export type TakingLine = Pick<OrderLine, 'product' | 'quantity' | 'fromInventory' | 'lots'>;

type LinesOfAccount<Line extends TakingLine = TakingLine> = { accountId: string; lines: readonly Line[] };

type OpenLot = { id: LotShare['lotId']; remaining: number };

/** How many bundles of each product the lines take, sorted by product: lots are locked in this order. */
function wantedOf(lines: readonly TakingLine[]): [product: string, quantity: number][] {
  const wanted = new Map<string, number>();
  for (const { product, quantity, fromInventory } of lines)
    if (fromInventory) wanted.set(product, (wanted.get(product) ?? 0) + quantity);
  return [...wanted].sort(([one], [other]) => (one < other ? -1 : 1));
}

function valuesOf({ now }: Ctx, { accountId }: LinesOfAccount, product: string, quantity: number): unknown[] {
  return [accountId, product, now, quantity];
}

function checkEnough(product: string, quantity: number, lots: readonly OpenLot[]): void {
  const there = lots.reduce((sum, { remaining }) => sum + remaining, 0);
  if (there >= quantity) return;
  throw new AppError('conflict', `The inventory has ${there} of ${product}: buy more, or take fewer.`);
}

/** Draws from the first lots, and leaves in `lots` what is still there. */
function draw(lots: OpenLot[], quantity: number): LotShare[] {
  const shares: LotShare[] = [];
  for (let open = quantity; open > 0; ) {
    const lot = lots[0];
    if (!lot) break;
    const drawn = Math.min(open, lot.remaining);
    shares.push({ lotId: lot.id, quantity: drawn });
    lot.remaining -= drawn;
    open -= drawn;
    if (lot.remaining === 0) lots.shift();
  }
  return shares;
}

/** Two lines may draw from one lot. */
function sumShares(lines: readonly TakingLine[]): [ids: string[], counts: number[]] {
  const sums = new Map<string, number>();
  for (const { lotId, quantity } of lines.flatMap(({ lots }) => lots))
    sums.set(lotId, (sums.get(lotId) ?? 0) + quantity);
  return [[...sums.keys()], [...sums.values()]];
}

const selectLots = `select ${lotColumns} from orders.bundle_lots where id = any($1)`;

// No more lots than bundles are needed: each has at least one left.
const selectOpen = `
  select id, remaining from orders.bundle_lots
  where account_id = $1 and product_name = $2 and expires_at > $3 and remaining > 0 and expired_at is null
  order by expires_at, id limit $4`;

const lockOpen = `${selectOpen} for update`;

const takeSql = `
  update orders.bundle_lots l set remaining = l.remaining - t.taken
  from unnest($1::text[], $2::integer[]) as t(id, taken) where l.id = t.id and l.id = any($1)`;

const putBackSql = `
  with locked as materialized (
    select id from orders.bundle_lots where id = any($1) order by product_name, expires_at, id for update
  )
  update orders.bundle_lots l set remaining = l.remaining + t.taken
  from unnest($1::text[], $2::integer[]) as t(id, taken)
  where l.id = t.id and l.id = any(array(select id from locked))`;
