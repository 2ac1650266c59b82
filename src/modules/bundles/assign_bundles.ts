// A bundle comes to an eSIM in state `queued`: it waits there for the first use or for its time.
import { newId } from '../../base/ids.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { type Product, storeLevel } from '../catalogue/index.ts';
import { emit } from '../events/index.ts';
import type { Allowances } from './allowance.ts';
import type { Bundle } from './bundle.ts';
import { dayMs, dueAtOf } from './rating/line.ts';

/** Assigns these bundles and gives them in the same order. Call it in a `write`. */
export async function assignBundles(tx: Ctx, items: readonly NewBundle[]): Promise<Bundle[]> {
  if (items.length === 0) return [];
  const bundles = items.map((item) => newBundle(tx, item));
  await query(tx.db, insertBundles, [
    JSON.stringify(bundles.map((bundle, index) => writeRow(bundle, items[index]?.product.id))),
    tx.now,
  ]);
  await emit(
    tx,
    ...bundles.map(({ id, accountId, esimId, orderId, productName }, index) => ({
      accountId,
      type: 'bundle.assigned' as const,
      resourceId: id,
      requestId: items[index]?.requestId ?? tx.requestId,
      data: { esimId, orderId, product: productName, state: 'queued' },
    })),
  );
  return bundles;
}

export type NewBundle = {
  accountId: string;
  esimId: string;
  orderId: string;
  product: Product;
  /** Of the request that ordered it. */
  requestId: string;
  /** What it cost; null when it came without a price. */
  paid: { priceMinor: bigint; currency: string } | null;
  /** Not before, and then without use; null for as the product says. */
  activatesAt: Date | null;
  /** Left out: as the product says, from now. */
  refundableUntil?: Date | null;
};

function newBundle(tx: Ctx, item: NewBundle): Bundle {
  const { product, paid, activatesAt } = item;
  const startsEarliest = Math.max(tx.now.getTime(), activatesAt?.getTime() ?? 0);
  const bundle: Bundle = {
    id: newId('bundle', tx.now.getTime()),
    accountId: item.accountId,
    esimId: item.esimId,
    orderId: item.orderId,
    productName: product.name,
    state: 'queued',
    allowances: allowancesOf(product),
    validityDays: product.validityDays ?? 0,
    countries: product.countries,
    autostart: product.autostart,
    activatesAt,
    assignedAt: tx.now,
    startsAt: null,
    endsAt: null,
    endedAt: null,
    lapsesAt: new Date(startsEarliest + product.lapseDays * dayMs),
    refundableUntil: refundEnd(tx, item),
    price: paid && { amountMinor: paid.priceMinor, currency: paid.currency },
    fairUse: product.fairUse,
    dayStartsAt: null,
    dayBytes: 0n,
    speedKbps: null,
    thresholds: product.thresholds,
    dueAt: null,
  };
  // What stands in its way is seen when it is due.
  bundle.dueAt = dueAtOf(bundle, []);
  return bundle;
}

function allowancesOf(product: Product): Allowances {
  const { unlimited, dataBytes, smsCount, voiceSeconds } = product;
  const unused = { used: 0n, told: 0 };
  return {
    ...((unlimited || dataBytes !== null) && { data: { initial: dataBytes, ...unused } }),
    ...(smsCount !== null && { sms: { initial: BigInt(smsCount), ...unused } }),
    ...(voiceSeconds !== null && { voice: { initial: BigInt(voiceSeconds), ...unused } }),
  };
}

function refundEnd(tx: Ctx, { product, refundableUntil }: NewBundle): Date | null {
  if (refundableUntil !== undefined) return refundableUntil;
  return product.refundDays === 0 ? null : new Date(tx.now.getTime() + product.refundDays * dayMs);
}

function writeRow(bundle: Bundle, productId: string | undefined): Record<string, unknown> {
  const { data, sms, voice } = bundle.allowances;
  return {
    id: bundle.id,
    account_id: bundle.accountId,
    esim_id: bundle.esimId,
    order_id: bundle.orderId,
    product_id: productId,
    product_name: bundle.productName,
    unlimited: data?.initial === null,
    bytes: data?.initial?.toString() ?? null,
    sms: sms?.initial?.toString() ?? null,
    seconds: voice?.initial?.toString() ?? null,
    validity_days: bundle.validityDays,
    countries: bundle.countries,
    autostart: bundle.autostart,
    activates_at: bundle.activatesAt,
    lapses_at: bundle.lapsesAt,
    refundable_until: bundle.refundableUntil,
    due_at: bundle.dueAt,
    price_minor: bundle.price?.amountMinor.toString() ?? null,
    currency: bundle.price?.currency ?? null,
    fair_use: bundle.fairUse?.map(storeLevel) ?? null,
    thresholds: bundle.thresholds,
  };
}

const insertBundles = `
  insert into bundles.bundles (id, account_id, esim_id, order_id, product_id, product_name, state, unlimited,
    initial_bytes, remaining_bytes, initial_sms, remaining_sms, initial_seconds, remaining_seconds, validity_days,
    countries, autostart, activates_at, lapses_at, refundable_until, due_at, price_minor, currency, fair_use, thresholds,
    assigned_at)
  select id, account_id, esim_id, order_id, product_id, product_name, 'queued', unlimited, bytes, bytes, sms, sms,
    seconds, seconds, validity_days, countries, autostart, activates_at, lapses_at, refundable_until, due_at,
    price_minor, currency, fair_use, thresholds, $2
  from jsonb_to_recordset($1::jsonb) as x(id text, account_id text, esim_id text, order_id text, product_id text,
    product_name text, unlimited boolean, bytes bigint, sms integer, seconds integer, validity_days integer,
    countries text[], autostart boolean, activates_at timestamptz, lapses_at timestamptz, refundable_until timestamptz,
    due_at timestamptz, price_minor bigint, currency text, fair_use jsonb, thresholds smallint[])`;
