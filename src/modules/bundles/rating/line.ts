// A line while it is rated: working copies of its bundles in the order of assignment, and what there is to tell.
import type { EventType } from '../../events/index.ts';
import { type AllowanceKind, leftOf } from '../allowance.ts';
import { type Bundle, startsByTimeAt } from '../bundle.ts';

export type Line = {
  /** In the order of assignment. */
  bundles: LineBundle[];
  /** Percentages of the account, for bundles that have none of their own. */
  thresholds: readonly number[];
  /** How far time has come, in milliseconds. */
  at: number;
  told: Told[];
};

export type LineBundle = {
  /** Changed as the line is rated. */
  now: Bundle;
  /** As it was before; never changed. */
  was: Bundle;
  /** The clock ended it and that was told: its dates stay, however late its usage comes. */
  hasFixedDates: boolean;
};

/** Something that became true and is told, in the order of time. */
export type Told = { type: EventType; at: Date; bundle: Bundle; data: Record<string, unknown> };

/** Says that something became true of this bundle at `at`, and what the bundle was then. */
export function tell(line: Line, type: EventType, { now }: LineBundle, at: Date, data: Told['data']): void {
  line.told.push({ type, at, bundle: now, data: { state: now.state, at: at.toISOString(), ...data } });
}

export function openLine(bundles: readonly Bundle[], thresholds: readonly number[]): Line {
  return {
    bundles: bundles
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map((was) => ({ was, now: copyOf(was), hasFixedDates: was.state === 'expired' })),
    thresholds,
    at: Number.NEGATIVE_INFINITY,
    told: [],
  };
}

function copyOf(bundle: Bundle): Bundle {
  const allowances: Bundle['allowances'] = {};
  for (const [kind, each] of Object.entries(bundle.allowances))
    allowances[kind as AllowanceKind] = { ...each };
  return { ...bundle, allowances };
}

export function hasLeft({ allowances }: Bundle, kind: AllowanceKind): boolean {
  const allowance = allowances[kind];
  return allowance !== undefined && leftOf(allowance) > 0n;
}

/**
 * When this queued bundle starts without use, were nothing in its way: null when only use starts it, or when an active
 * bundle still has an allowance that both have, in a country that both cover.
 */
export function nextStartAt(bundle: Bundle, beside: readonly Pick<LineBundle, 'now'>[]): Date | null {
  const at = startsByTimeAt(bundle);
  return at === null || beside.some(({ now }) => blocks(now, bundle)) ? null : at;
}

function blocks(other: Bundle, waiting: Bundle): boolean {
  return (
    other.state === 'active' &&
    Object.keys(waiting.allowances).some((kind) => hasLeft(other, kind as AllowanceKind)) &&
    other.countries.some((country) => waiting.countries.includes(country))
  );
}

/** When the next thing happens to this bundle by itself, given the bundles beside it. */
export function dueAtOf(bundle: Bundle, beside: readonly Pick<LineBundle, 'now'>[]): Date | null {
  if (bundle.state === 'active') return earliest(bundle.endsAt, speedReturnsAt(bundle));
  if (bundle.state === 'queued') return earliest(bundle.lapsesAt, nextStartAt(bundle, beside));
  return null;
}

function speedReturnsAt({ speedKbps, dayStartsAt }: Bundle): Date | null {
  return speedKbps === null || dayStartsAt === null ? null : new Date(dayStartsAt.getTime() + dayMs);
}

function earliest(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}

export const dayMs = 86_400_000;
