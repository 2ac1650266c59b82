// Money is a bigint of minor units and an ISO 4217 currency; these are its only conversions.
import { AppError } from './app_error.ts';

/** Minor digits of a currency (ISO 4217): 2 for EUR, 0 for JPY, 3 for KWD. */
export function minorDigits(currency: string): number {
  const known = digitsByCurrency.get(currency);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  digitsByCurrency.set(currency, digits);
  return digits;
}

// A number format takes 16 µs to make. Intl takes three letters only, so there are never many.
const digitsByCurrency = new Map<string, number>();

/** `1234n`, `EUR` → `12.34`. */
export function formatMinor(amountMinor: bigint, currency: string): string {
  const digits = minorDigits(currency);
  const sign = amountMinor < 0n ? '-' : '';
  const text = (amountMinor < 0n ? -amountMinor : amountMinor).toString().padStart(digits + 1, '0');
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** `12.34`, `EUR` → `1234n`. Throws `invalid_request` for anything that is not an amount of this currency. */
export function parseMinor(text: string, currency: string): bigint {
  const digits = minorDigits(currency);
  const match = /^(-?)(\d{1,15})(?:\.(\d+))?$/.exec(text);
  const fraction = match?.[3] ?? '';
  if (!match || fraction.length > digits)
    throw new AppError(
      'invalid_request',
      `not an amount in ${currency}: give it like ${formatMinor(1234n, currency)}`,
    );
  const amount = BigInt((match[2] ?? '') + fraction.padEnd(digits, '0'));
  return match[1] === '-' ? -amount : amount;
}
