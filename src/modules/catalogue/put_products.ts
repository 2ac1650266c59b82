// Products are put whole, by name: a new name adds one, a known one replaces it, and the revision tells everybody.
import { AppError, type FieldError } from '../../base/app_error.ts';
import { newId } from '../../base/ids.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { notify } from '../../pg/listen.ts';
import { query } from '../../pg/query.ts';
import { write } from '../../pg/write.ts';
import { isCountryCode } from './countries.ts';
import { forgetCatalogue } from './current_catalogue.ts';
import type { Product } from './product.ts';

/** Adds or replaces up to 10,000 products by name. Throws `invalid_request` naming each field at fault. */
export async function putProducts(ctx: Ctx, products: readonly NewProduct[]): Promise<void> {
  const faults = [...products.flatMap(faultsOf), ...repeatedNames(products)];
  if (faults.length > 0)
    throw new AppError('invalid_request', 'Some products are not valid.', { fields: faults.slice(0, 100) });
  const rows = JSON.stringify(products.map((product) => writeRow(product, ctx.now)));
  await write(ctx, {}, async (tx) => {
    await query(tx.db, upsertProducts, [rows, ctx.now]);
    await query(tx.db, upsertPrices, [rows]);
    await query(tx.db, 'update catalogue.revision set revision = revision + 1');
    tx.afterCommit(() => forgetCatalogue(ctx));
    await notify(tx, 'catalogue');
  });
}

export type NewProduct = Omit<Product, 'id' | 'state'> & { state?: Product['state'] };

function faultsOf(product: NewProduct, index: number): FieldError[] {
  const at = `products[${index}]`;
  const unknown = product.countries.filter((code) => !isCountryCode(code));
  const rules: [boolean, string, string][] = [
    [/^[\w.+-]{1,100}$/.test(product.name), 'name', 'give 1 to 100 letters, digits or _ . + -'],
    [unknown.length === 0, 'countries', `not ISO 3166-1 codes: ${unknown.join(', ')}`],
    [Object.keys(product.prices).length > 0, 'prices', 'give at least one price'],
    [
      Object.entries(product.prices).every(([code, minor]) => /^[A-Z]{3}$/.test(code) && minor >= 0n),
      'prices',
      'give ISO 4217 codes and amounts of 0 or more',
    ],
    [
      product.kind === 'esim' || product.unlimited || (product.dataBytes ?? 0n) > 0n,
      'dataBytes',
      'a bundle needs data, or unlimited',
    ],
    [product.kind === 'esim' || (product.validityDays ?? 0) > 0, 'validityDays', 'a bundle needs its days'],
  ];
  return rules.filter(([holds]) => !holds).map(([, field, detail]) => ({ field: `${at}.${field}`, detail }));
}

function repeatedNames(products: readonly NewProduct[]): FieldError[] {
  const seen = new Set<string>();
  return products.flatMap(({ name }, index) => {
    if (seen.has(name)) return [{ field: `products[${index}].name`, detail: 'given twice' }];
    seen.add(name);
    return [];
  });
}

function writeRow(product: NewProduct, now: Date): Record<string, unknown> {
  const { dataBytes, validityDays, profileType, prices, state = 'active', ...same } = product;
  return {
    ...same,
    id: newId('product', now.getTime()),
    data_bytes: dataBytes?.toString() ?? null,
    validity_days: validityDays,
    profile_type: profileType,
    state,
    prices: Object.fromEntries(
      Object.entries(prices).map(([currency, minor]) => [currency, minor.toString()]),
    ),
  };
}

const upsertProducts = `
  insert into catalogue.products (id, name, kind, description, countries, data_bytes, unlimited, validity_days, speeds,
    groups, autostart, profile_type, state, created_at)
  select p.id, p.name, p.kind, p.description, p.countries, p.data_bytes, p.unlimited, p.validity_days, p.speeds,
    p.groups, p.autostart, p.profile_type, p.state, $2
  from jsonb_to_recordset($1::jsonb) as p(id text, name text, kind text, description text, countries text[],
    data_bytes bigint, unlimited boolean, validity_days integer, speeds text[], groups text[], autostart boolean,
    profile_type text, state text)
  on conflict (name) do update set (kind, description, countries, data_bytes, unlimited, validity_days, speeds, groups,
    autostart, profile_type, state) = (excluded.kind, excluded.description, excluded.countries, excluded.data_bytes,
    excluded.unlimited, excluded.validity_days, excluded.speeds, excluded.groups, excluded.autostart,
    excluded.profile_type, excluded.state)`;

const upsertPrices = `
  with given as (
    select o.id, price.key as currency, price.value::bigint as amount_minor
    from jsonb_to_recordset($1::jsonb) as p(name text, prices jsonb)
    join catalogue.products o on o.name = p.name
    cross join jsonb_each_text(p.prices) as price
  ), dropped as (
    delete from catalogue.prices old
    where old.product_id in (select id from given)
      and not exists (select 1 from given g where g.id = old.product_id and g.currency = old.currency)
  )
  insert into catalogue.prices (product_id, currency, amount_minor)
  select id, currency, amount_minor from given
  on conflict (product_id, currency) do update set amount_minor = excluded.amount_minor`;
