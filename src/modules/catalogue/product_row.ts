// A product as the database holds it, and its reading.
import type { Id } from '../../base/ids.ts';
import type { FairUseLevel, Product } from './product.ts';

export type ProductRow = {
  id: string;
  name: string;
  kind: Product['kind'];
  description: string;
  countries: string[];
  data_bytes: bigint | null;
  unlimited: boolean;
  sms_count: number | null;
  voice_seconds: number | null;
  validity_days: number | null;
  fair_use: StoredLevel[] | null;
  thresholds: number[] | null;
  lapse_days: number;
  refund_days: number;
  speeds: string[];
  groups: string[];
  autostart: boolean;
  profile_type: string;
  state: Product['state'];
  prices: Record<string, string> | null;
};

export const selectProducts = `
  select p.id, p.name, p.kind, p.description, p.countries, p.data_bytes, p.unlimited, p.sms_count,
    p.voice_seconds, p.validity_days, p.fair_use, p.thresholds, p.lapse_days, p.refund_days, p.speeds, p.groups,
    p.autostart, p.profile_type, p.state,
    (select jsonb_object_agg(c.currency, c.amount_minor::text) from catalogue.prices c where c.product_id = p.id) as prices
  from catalogue.products p`;

export function readProduct(row: ProductRow): Product {
  return {
    id: row.id as Id<'product'>,
    name: row.name,
    kind: row.kind,
    description: row.description,
    countries: row.countries,
    dataBytes: row.data_bytes,
    unlimited: row.unlimited,
    smsCount: row.sms_count,
    voiceSeconds: row.voice_seconds,
    validityDays: row.validity_days,
    fairUse: row.fair_use?.map(readLevel) ?? null,
    thresholds: row.thresholds,
    lapseDays: row.lapse_days,
    refundDays: row.refund_days,
    speeds: row.speeds,
    groups: row.groups,
    autostart: row.autostart,
    profileType: row.profile_type,
    state: row.state,
    prices: Object.fromEntries(
      Object.entries(row.prices ?? {}).map(([currency, minor]) => [currency, BigInt(minor)]),
    ),
  };
}

/** JSON has no bigint; levels stay below 2^53. */
export type StoredLevel = { afterBytes: number; speedKbps: number };

export function readLevel({ afterBytes, speedKbps }: StoredLevel): FairUseLevel {
  return { afterBytes: BigInt(afterBytes), speedKbps };
}

export function storeLevel({ afterBytes, speedKbps }: FairUseLevel): StoredLevel {
  return { afterBytes: Number(afterBytes), speedKbps };
}
