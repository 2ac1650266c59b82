// Allowances: what a bundle has of data, messages and voice, and what is left of it.
import { assert } from '../../base/assert.ts';

export type AllowanceKind = 'data' | 'sms' | 'voice';

export type Allowance = {
  /** Bytes (base 10), messages or seconds; null when unlimited. */
  initial: bigint | null;
  used: bigint;
  /** The highest percentage that was told: none is told twice. */
  told: number;
};

export type Allowances = Partial<Record<AllowanceKind, Allowance>>;

/** What can still be used. Unlimited means: as much as can be counted exactly on the wire. */
export function leftOf({ initial, used }: Allowance): bigint {
  return (initial ?? countableMax) - used;
}

/** What is left of a limited allowance; null of an unlimited one. */
export function remainingOf({ initial, used }: Allowance): bigint | null {
  return initial === null ? null : initial - used;
}

/** Takes up to `amount` and gives how much it took. */
export function takeFrom(allowance: Allowance, amount: bigint): bigint {
  assert(amount >= 0n, 'usage is never negative');
  const left = leftOf(allowance);
  const taken = amount < left ? amount : left;
  allowance.used += taken;
  return taken;
}

/** Gives back what was taken before. */
export function giveBackTo(allowance: Allowance, amount: bigint): void {
  assert(amount >= 0n && amount <= allowance.used, 'no more is given back than was taken');
  allowance.used -= amount;
}

/** True when nothing of it was ever used. */
export function areUnused(allowances: Allowances): boolean {
  return Object.values(allowances).every(({ used }) => used === 0n);
}

/** True when every one of them is used up; an unlimited one never is. */
export function areUsedUp(allowances: Allowances): boolean {
  return Object.values(allowances).every((each) => each.initial !== null && leftOf(each) === 0n);
}

const countableMax = 2n ** 53n - 1n;
