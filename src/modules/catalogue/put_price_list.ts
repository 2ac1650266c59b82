// A price list is put whole, by name: a new name adds one, a known one is replaced, and the revision tells everybody.
import { AppError, type FieldError } from '../../base/app_error.ts';
import { assert } from '../../base/assert.ts';
import { newId } from '../../base/ids.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { faultsOfPrices } from './check_prices.ts';
import type { ListPrice, PriceList } from './price_list.ts';
import { loadPrices, type PriceListRow, priceListColumns, readPriceList } from './price_list_row.ts';
import { raiseRevision } from './raise_revision.ts';

export const pricesPerListMax = 50_000;
export const priceListsMax = 1_000;

/**
 * Adds or replaces the price list of this name, with up to 50,000 prices (amounts in minor units), and gives it. Each
 * product of it needs a price from 1 in each currency it is given in; a product that is not in it costs what the
 * catalogue says. Throws `invalid_request` naming each field at fault, `conflict` when there are too many lists. Call it
 * in a `write`.
 */
export async function putPriceList(tx: Ctx, input: NewPriceList): Promise<PriceList> {
  checkForm(input);
  // First, since this row is what all changes of the catalogue wait for.
  await raiseRevision(tx);
  const prices = JSON.stringify(input.prices.map(writePrice));
  await checkProducts(tx, prices);
  const list = await upsertHead(tx, input.name);
  await query(tx.db, 'delete from catalogue.list_prices where price_list_id = $1', [list.id]);
  await query(tx.db, insertPrices, [list.id, prices]);
  return { ...list, prices: await loadPrices(tx, list.id) };
}

export type NewPriceList = { name: string; prices: readonly ListPrice[] };

function checkForm({ name, prices }: NewPriceList): void {
  const faults: FieldError[] = [];
  if (!/^[\w.+-]{1,100}$/.test(name))
    faults.push({ field: 'name', detail: 'give 1 to 100 letters, digits or _ . + -' });
  if (prices.length > pricesPerListMax)
    faults.push({ field: 'prices', detail: `give at most ${pricesPerListMax}` });
  else faults.push(...faultsOfPrices(prices));
  refuse(faults);
}

function refuse(faults: readonly FieldError[]): void {
  if (faults.length > 0)
    throw new AppError('invalid_request', 'The price list is not valid.', { fields: faults.slice(0, 100) });
}

async function checkProducts(tx: Ctx, prices: string): Promise<void> {
  const rows = await query<{ n: bigint }>(tx.db, selectUnknown, [prices]);
  refuse(
    rows.map(({ n }) => ({ field: `prices[${Number(n) - 1}].product`, detail: 'not in the catalogue' })),
  );
}

async function upsertHead(tx: Ctx, name: string): Promise<ReturnType<typeof readPriceList>> {
  const id = newId('priceList', tx.now.getTime());
  const [row] = await query<PriceListRow>(tx.db, upsertList, [id, name, tx.now]);
  assert(row, 'a price list that was put');
  if (row.id === id) await checkCount(tx);
  return readPriceList(row);
}

async function checkCount(tx: Ctx): Promise<void> {
  const [row] = await query<{ lists: bigint }>(tx.db, 'select count(*) as lists from catalogue.price_lists');
  if ((row?.lists ?? 0n) > BigInt(priceListsMax))
    throw new AppError('conflict', `There are ${priceListsMax} price lists: replace one of them.`);
}

function writePrice({ product, currency, fromQuantity, amountMinor }: ListPrice): Record<string, unknown> {
  return { product, currency, from_quantity: fromQuantity, amount_minor: amountMinor.toString() };
}

const selectUnknown = `
  select e.n from jsonb_array_elements($1::jsonb) with ordinality as e(price, n)
  where not exists (select from catalogue.products p where p.name = e.price ->> 'product')
  order by e.n limit 100`;

const upsertList = `
  insert into catalogue.price_lists as l (id, name, created_at) values ($1, $2, $3)
  on conflict (name) do update set name = excluded.name
  returning ${priceListColumns}`;

const insertPrices = `
  insert into catalogue.list_prices (price_list_id, product_id, currency, from_quantity, amount_minor)
  select $1, p.id, c.currency, c.from_quantity, c.amount_minor
  from jsonb_to_recordset($2::jsonb) as c(product text, currency text, from_quantity bigint, amount_minor bigint)
  join catalogue.products p on p.name = c.product`;
