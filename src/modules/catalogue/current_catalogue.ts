// The whole catalogue in memory under its revision: orders are priced from it, and the database refuses a stale one.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { Product } from './product.ts';
import { type ProductRow, readProduct, selectProducts } from './product_row.ts';

export type Catalogue = { revision: bigint; byName: ReadonlyMap<string, Product> };

/** The catalogue as this process last read it: read anew when the copy is older than five seconds. */
export async function currentCatalogue(ctx: Ctx): Promise<Catalogue> {
  const held = heldBy.get(ctx.vault);
  if (held && held.until > Date.now()) return held.catalogue;
  return await refreshCatalogue(ctx);
}

/** The catalogue with these products in it: read anew when one of them is not there, since another node may have just added it. */
export async function catalogueWith(ctx: Ctx, names: readonly string[]): Promise<Catalogue> {
  const catalogue = await currentCatalogue(ctx);
  return names.every((name) => catalogue.byName.has(name)) ? catalogue : await refreshCatalogue(ctx);
}

/** Reads the catalogue anew; many callers at once share one read. */
export async function refreshCatalogue(ctx: Ctx): Promise<Catalogue> {
  const held = heldBy.get(ctx.vault);
  const reading =
    readingBy.get(ctx.vault) ??
    readCatalogue(ctx, held?.catalogue).finally(() => readingBy.delete(ctx.vault));
  readingBy.set(ctx.vault, reading);
  const catalogue = await reading;
  heldBy.set(ctx.vault, { catalogue, until: Date.now() + heldMs });
  return catalogue;
}

/** Makes the next order look at the database: called when products changed, here or on another node. */
export function forgetCatalogue(ctx: Pick<Ctx, 'vault'>): void {
  const held = heldBy.get(ctx.vault);
  if (held) held.until = 0;
}

const heldMs = 5_000;
// Keyed by the vault: one per running process, and the same inside and outside of transactions.
const heldBy = new WeakMap<Ctx['vault'], { catalogue: Catalogue; until: number }>();
const readingBy = new WeakMap<Ctx['vault'], Promise<Catalogue>>();

async function readCatalogue(ctx: Ctx, held: Catalogue | undefined): Promise<Catalogue> {
  // The revision is read first: a change in between makes the copy newer than it says, which is only read again.
  const [row] = await query<{ revision: bigint }>(ctx.db, 'select revision from catalogue.revision', []);
  const revision = row?.revision ?? 0n;
  if (held?.revision === revision) return held;
  const rows = await query<ProductRow>(ctx.db, `${selectProducts} order by p.name`, []);
  return { revision, byName: new Map(rows.map((each) => [each.name, readProduct(each)])) };
}
