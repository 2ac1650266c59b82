// A bundle as the database holds it, and its reading.
import type { Id } from '../../base/ids.ts';
import { readLevel, type StoredLevel } from '../catalogue/index.ts';
import type { Allowances } from './allowance.ts';
import type { Bundle, BundleState } from './bundle.ts';

export type BundleRow = {
  id: string;
  account_id: string;
  esim_id: string;
  order_id: string;
  product_name: string;
  state: BundleState;
  unlimited: boolean;
  initial_bytes: bigint | null;
  used_bytes: bigint;
  told_data: number;
  initial_sms: number | null;
  remaining_sms: number | null;
  told_sms: number;
  initial_seconds: number | null;
  remaining_seconds: number | null;
  told_voice: number;
  validity_days: number;
  countries: string[];
  autostart: boolean;
  activates_at: Date | null;
  assigned_at: Date;
  starts_at: Date | null;
  ends_at: Date | null;
  ended_at: Date | null;
  lapses_at: Date | null;
  refundable_until: Date | null;
  price_minor: bigint | null;
  currency: string | null;
  fair_use: StoredLevel[] | null;
  day_starts_at: Date | null;
  day_bytes: bigint;
  speed_kbps: number | null;
  thresholds: number[] | null;
  due_at: Date | null;
};

// Bundles of before there were lapse dates have none.
export const bundleColumns = `id, account_id, esim_id, order_id, product_name, state, unlimited, initial_bytes, used_bytes,
  told_data, initial_sms, remaining_sms, told_sms, initial_seconds, remaining_seconds, told_voice, validity_days,
  countries, autostart, activates_at, assigned_at, starts_at, ends_at, ended_at, nullif(lapses_at, 'infinity') as lapses_at,
  refundable_until, price_minor, currency, fair_use, day_starts_at, day_bytes, speed_kbps, thresholds, due_at`;

export function readBundle(row: BundleRow): Bundle {
  return {
    id: row.id as Id<'bundle'>,
    accountId: row.account_id,
    esimId: row.esim_id,
    orderId: row.order_id,
    productName: row.product_name,
    state: row.state,
    allowances: readAllowances(row),
    validityDays: row.validity_days,
    countries: row.countries,
    autostart: row.autostart,
    activatesAt: row.activates_at,
    assignedAt: row.assigned_at,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    endedAt: row.ended_at,
    lapsesAt: row.lapses_at,
    refundableUntil: row.refundable_until,
    price: readPrice(row),
    fairUse: row.fair_use?.map(readLevel) ?? null,
    dayStartsAt: row.day_starts_at,
    dayBytes: row.day_bytes,
    speedKbps: row.speed_kbps,
    thresholds: row.thresholds,
    dueAt: row.due_at,
  };
}

function readAllowances(row: BundleRow): Allowances {
  const allowances: Allowances = {};
  if (row.unlimited || row.initial_bytes !== null)
    allowances.data = { initial: row.initial_bytes, used: row.used_bytes, told: row.told_data };
  if (row.initial_sms !== null) allowances.sms = readCount(row.initial_sms, row.remaining_sms, row.told_sms);
  if (row.initial_seconds !== null)
    allowances.voice = readCount(row.initial_seconds, row.remaining_seconds, row.told_voice);
  return allowances;
}

function readCount(initial: number, remaining: number | null, told: number): NonNullable<Allowances['sms']> {
  return { initial: BigInt(initial), used: BigInt(initial - (remaining ?? initial)), told };
}

function readPrice({ price_minor, currency }: BundleRow): Bundle['price'] {
  return price_minor === null || currency === null ? null : { amountMinor: price_minor, currency };
}
