// A bundle on an eSIM: how much, where, from when and until when.
import type { Id } from '../../base/ids.ts';
import type { FairUseLevel } from '../catalogue/index.ts';
import type { Allowances } from './allowance.ts';

export type BundleState = 'processing' | 'queued' | 'active' | 'depleted' | 'expired' | 'lapsed' | 'revoked';

export type Bundle = {
  id: Id<'bundle'>;
  accountId: string;
  esimId: string;
  orderId: string;
  productName: string;
  state: BundleState;
  /** What it has of each kind; a kind it does not have is not there. */
  allowances: Allowances;
  validityDays: number;
  /** ISO 3166-1 alpha-2 codes. */
  countries: string[];
  /** False: starts by time, at its activation date or at once. */
  autostart: boolean;
  /** Not before this time, and at this time without any use. */
  activatesAt: Date | null;
  assignedAt: Date;
  startsAt: Date | null;
  endsAt: Date | null;
  /** When it was depleted, expired, lapsed or revoked. */
  endedAt: Date | null;
  /** When it lapses if it has not started. */
  lapsesAt: Date | null;
  /** Until when it may be given back unused. */
  refundableUntil: Date | null;
  /** What was paid for it; null when nothing was. */
  price: { amountMinor: bigint; currency: string } | null;
  fairUse: FairUseLevel[] | null;
  /** The fair-use day under way and the bytes used in it. */
  dayStartsAt: Date | null;
  dayBytes: bigint;
  /** What fair use slows it down to; null for full speed. */
  speedKbps: number | null;
  /** Percentages at which it is told; null for those of the account. */
  thresholds: number[] | null;
  /** When the next thing happens to it by itself. */
  dueAt: Date | null;
};

/** What may become of a bundle; late records may also take back what only use had made of it. */
export const bundleMoves: Record<BundleState, readonly BundleState[]> = {
  processing: ['queued'],
  queued: ['active', 'lapsed', 'revoked'],
  active: ['depleted', 'expired'],
  depleted: [],
  expired: [],
  lapsed: [],
  revoked: [],
};

/** True when nothing can become of it any more. */
export function hasEnded({ state }: Pick<Bundle, 'state'>): boolean {
  return bundleMoves[state].length === 0;
}

/** When it starts without any use; null when only use starts it. */
export function startsByTimeAt(
  bundle: Pick<Bundle, 'activatesAt' | 'autostart' | 'assignedAt'>,
): Date | null {
  return bundle.activatesAt ?? (bundle.autostart ? null : bundle.assignedAt);
}
