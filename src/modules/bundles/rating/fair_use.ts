// Fair use: unlimited data is slowed down when much of it is used in a day of the bundle, until the next day begins.
import type { Bundle } from '../bundle.ts';
import { dayMs } from './line.ts';

/** Counts bytes used at `at`. A day that is over counts no more: it slows nothing down now. */
export function countFairUse(bundle: Bundle, at: Date, bytes: bigint): void {
  if (bundle.fairUse === null) return;
  const day = dayOf(bundle, at);
  if (bundle.dayStartsAt !== null && day < bundle.dayStartsAt) return;
  if (bundle.dayStartsAt === null || day > bundle.dayStartsAt) openDay(bundle, day);
  bundle.dayBytes += bytes;
}

/** Takes back bytes that were counted at `at`. */
export function uncountFairUse(bundle: Bundle, at: Date, bytes: bigint): void {
  if (bundle.fairUse === null || bundle.dayStartsAt === null || bundle.startsAt === null) return;
  if (dayOf(bundle, at).getTime() === bundle.dayStartsAt.getTime()) bundle.dayBytes -= bytes;
}

/** Brings an active bundle to the day of `at` and to the speed that follows from what was used in it. */
export function settleFairUse(bundle: Bundle, at: Date): void {
  if (bundle.fairUse === null || bundle.state !== 'active' || bundle.startsAt === null) return;
  const day = dayOf(bundle, at);
  if (bundle.dayStartsAt === null || day > bundle.dayStartsAt) openDay(bundle, day);
  const level = bundle.fairUse.findLast(({ afterBytes }) => bundle.dayBytes >= afterBytes);
  bundle.speedKbps = level?.speedKbps ?? null;
}

/** A bundle that is not active has no day and slows nothing down. */
export function closeDay(bundle: Bundle): void {
  bundle.dayStartsAt = null;
  bundle.dayBytes = 0n;
  bundle.speedKbps = null;
}

function openDay(bundle: Bundle, day: Date): void {
  bundle.dayStartsAt = day;
  bundle.dayBytes = 0n;
}

/** The beginning of the day of the bundle that `at` is in: days are 24 h long and begin when it started. */
function dayOf({ startsAt }: Bundle, at: Date): Date {
  const start = startsAt?.getTime() ?? at.getTime();
  return new Date(start + Math.floor((at.getTime() - start) / dayMs) * dayMs);
}
