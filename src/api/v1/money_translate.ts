// Money between the wire, decimal text with a currency, and the core, minor units.
import { AppError } from '../../base/app_error.ts';
import { formatMinor, parseMinor } from '../../base/money.ts';

export type MoneyJson = { amount: string; currency: string };

export function writeMoney(amountMinor: bigint, currency: string): MoneyJson {
  return { amount: formatMinor(amountMinor, currency), currency };
}

/** Minor units of `money`. Throws `invalid_request` naming `field` for more decimals than the currency has. */
export function readMoney(money: MoneyJson, field: string): bigint {
  try {
    return parseMinor(money.amount, money.currency);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError('invalid_request', `${field}: ${error.detail}.`, {
      fields: [{ field: `${field}.amount`, detail: error.detail }],
    });
  }
}

/** `time` as text, or null. */
export function writeTime(time: Date | null): string | null {
  return time === null ? null : time.toISOString();
}
