// The whole catalogue in memory under its revision: orders are priced from it, and the database refuses a stale one.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { Product } from './product.ts';
import { type ProductRow, readProduct, selectProducts } from './product_row.ts';

export type Catalogue = {
  revision: bigint;
  byName: ReadonlyMap<string, Product>;
  /** The ids of the price lists of those accounts that have one. */
  priceListIds: ReadonlyMap<string, string>;
};

/** The catalogue as this process last read it: read anew when the copy is older than five seconds. */
export async function currentCatalogue(ctx: Ctx): Promise<Catalogue> {
  const held = heldBy.get(ctx.vault);
  if (held && held.until > Date.now() && !changing.has(ctx.db)) return held.catalogue;
  return await refreshCatalogue(ctx);
}

/** The catalogue with these products in it: read anew when one of them is not there, since another node may have just added it. */
export async function catalogueWith(ctx: Ctx, names: readonly string[]): Promise<Catalogue> {
  const catalogue = await currentCatalogue(ctx);
  return names.every((name) => catalogue.byName.has(name)) ? catalogue : await refreshCatalogue(ctx);
}

/** Reads the catalogue anew; many callers at once share one read. */
export async function refreshCatalogue(ctx: Ctx): Promise<Catalogue> {
  if (changing.has(ctx.db)) return await readCatalogue(ctx);
  const catalogue = await (ctx.db.isTransaction ? readCatalogue(ctx) : sharedReading(ctx));
  heldBy.set(ctx.vault, { catalogue, until: Date.now() + heldMs });
  return catalogue;
}

/** Makes the next order look at the database: called when products changed, here or on another node. */
export function forgetCatalogue(ctx: Pick<Ctx, 'vault'>): void {
  const held = heldBy.get(ctx.vault);
  if (held) held.until = 0;
}

/** From now on this transaction reads the catalogue for itself, and nobody else sees what it reads. */
export function noteCatalogueChange(tx: Ctx): void {
  changing.add(tx.db);
}

const heldMs = 5_000;
// Keyed by the vault: one per running process, and the same inside and outside of transactions.
const heldBy = new WeakMap<Ctx['vault'], { catalogue: Catalogue; until: number }>();
const readingBy = new WeakMap<Ctx['vault'], Promise<Catalogue>>();
const changing = new WeakSet<Ctx['db']>();

/** Never for a transaction: one that waits for another's connection while it has its own may wait for ever. */
function sharedReading(ctx: Ctx): Promise<Catalogue> {
  const reading = readingBy.get(ctx.vault) ?? readCatalogue(ctx).finally(() => readingBy.delete(ctx.vault));
  readingBy.set(ctx.vault, reading);
  return reading;
}

async function readCatalogue(ctx: Ctx): Promise<Catalogue> {
  // The revision is read first: a change in between makes the copy newer than it says, which is only read again.
  const [row] = await query<{ revision: bigint }>(ctx.db, 'select revision from catalogue.revision', []);
  const revision = row?.revision ?? 0n;
  const held = heldBy.get(ctx.vault)?.catalogue;
  if (held?.revision === revision && !changing.has(ctx.db)) return held;
  const rows = await query<ProductRow>(ctx.db, `${selectProducts} order by p.name`, []);
  const lists = await query<AssignedRow>(ctx.db, selectAssigned, []);
  return {
    revision,
    byName: new Map(rows.map((each) => [each.name, readProduct(each)])),
    priceListIds: new Map(lists.map((each) => [each.account_id, each.price_list_id])),
  };
}

type AssignedRow = { account_id: string; price_list_id: string };

const selectAssigned = 'select account_id, price_list_id from catalogue.account_price_lists';
