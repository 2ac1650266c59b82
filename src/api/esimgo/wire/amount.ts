// Money as the vendor writes it: a JSON number of the currency's main unit.
import { formatMinor } from '../../../base/money.ts';

/** `1234n`, `EUR` → `12.34`. */
export function writeAmount(amountMinor: bigint, currency: string): number {
  return Number(formatMinor(amountMinor, currency));
}
