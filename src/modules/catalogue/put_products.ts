// Products are put whole, by name: a new name adds one, a known one replaces it, and the revision tells everybody.
import { AppError, type FieldError } from '../../base/app_error.ts';
import { newId } from '../../base/ids.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { write } from '../../pg/write.ts';
import { faultsOfProduct } from './check_product.ts';
import type { Product } from './product.ts';
import { storeLevel } from './product_row.ts';
import { raiseRevision } from './raise_revision.ts';

/** Adds or replaces up to 10,000 products by name. Throws `invalid_request` naming each field at fault. */
export async function putProducts(ctx: Ctx, products: readonly NewProduct[]): Promise<void> {
  const whole = products.map(withDefaults);
  const faults = [...whole.flatMap(faultsOf), ...repeatedNames(products)];
  if (faults.length > 0)
    throw new AppError('invalid_request', 'Some products are not valid.', { fields: faults.slice(0, 100) });
  const rows = JSON.stringify(whole.map((product) => writeRow(product, ctx.now)));
  await write(ctx, {}, async (tx) => {
    await query(tx.db, upsertProducts, [rows, ctx.now]);
    await query(tx.db, upsertPrices, [rows]);
    await raiseRevision(tx);
  });
}

/** What is left out of the optional ones: nothing, the account's thresholds, 365 days to lapse and 60 to give back. */
export type NewProduct = Omit<Product, 'id' | OptionalField> & Partial<Pick<Product, OptionalField>>;

type OptionalField =
  | 'state'
  | 'smsCount'
  | 'voiceSeconds'
  | 'fairUse'
  | 'thresholds'
  | 'lapseDays'
  | 'refundDays';

const lapseDaysDefault = 365;
const refundDaysDefault = 60;

function withDefaults(product: NewProduct): Omit<Product, 'id'> {
  return {
    state: 'active',
    smsCount: null,
    voiceSeconds: null,
    fairUse: null,
    thresholds: null,
    lapseDays: lapseDaysDefault,
    refundDays: refundDaysDefault,
    ...product,
  };
}

function faultsOf(product: Omit<Product, 'id'>, index: number): FieldError[] {
  return faultsOfProduct(product).map(({ field, detail }) => ({
    field: `products[${index}].${field}`,
    detail,
  }));
}

function repeatedNames(products: readonly NewProduct[]): FieldError[] {
  const seen = new Set<string>();
  return products.flatMap(({ name }, index) => {
    if (seen.has(name)) return [{ field: `products[${index}].name`, detail: 'given twice' }];
    seen.add(name);
    return [];
  });
}

function writeRow(product: Omit<Product, 'id'>, now: Date): Record<string, unknown> {
  return {
    id: newId('product', now.getTime()),
    name: product.name,
    kind: product.kind,
    description: product.description,
    countries: product.countries,
    data_bytes: product.dataBytes?.toString() ?? null,
    unlimited: product.unlimited,
    sms_count: product.smsCount,
    voice_seconds: product.voiceSeconds,
    validity_days: product.validityDays,
    fair_use: product.fairUse?.map(storeLevel) ?? null,
    thresholds: product.thresholds,
    lapse_days: product.lapseDays,
    refund_days: product.refundDays,
    speeds: product.speeds,
    groups: product.groups,
    autostart: product.autostart,
    profile_type: product.profileType,
    state: product.state,
    prices: Object.fromEntries(
      Object.entries(product.prices).map(([currency, minor]) => [currency, minor.toString()]),
    ),
  };
}

const upsertProducts = `
  insert into catalogue.products (id, name, kind, description, countries, data_bytes, unlimited, sms_count,
    voice_seconds, validity_days, fair_use, thresholds, lapse_days, refund_days, speeds, groups, autostart, profile_type,
    state, created_at)
  select p.id, p.name, p.kind, p.description, p.countries, p.data_bytes, p.unlimited, p.sms_count, p.voice_seconds,
    p.validity_days, p.fair_use, p.thresholds, p.lapse_days, p.refund_days, p.speeds, p.groups, p.autostart,
    p.profile_type, p.state, $2
  from jsonb_to_recordset($1::jsonb) as p(id text, name text, kind text, description text, countries text[],
    data_bytes bigint, unlimited boolean, sms_count integer, voice_seconds integer, validity_days integer,
    fair_use jsonb, thresholds smallint[], lapse_days integer, refund_days integer, speeds text[], groups text[],
    autostart boolean, profile_type text, state text)
  on conflict (name) do update set (kind, description, countries, data_bytes, unlimited, sms_count, voice_seconds,
    validity_days, fair_use, thresholds, lapse_days, refund_days, speeds, groups, autostart, profile_type, state) =
    (excluded.kind, excluded.description, excluded.countries, excluded.data_bytes, excluded.unlimited,
    excluded.sms_count, excluded.voice_seconds, excluded.validity_days, excluded.fair_use, excluded.thresholds,
    excluded.lapse_days, excluded.refund_days, excluded.speeds, excluded.groups, excluded.autostart,
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
