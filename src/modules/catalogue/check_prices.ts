// What must hold of the prices of a list before it is put: each rule with the field at fault and what to give instead.
import type { FieldError } from '../../base/app_error.ts';
import type { ListPrice } from './price_list.ts';

/** Of one product in one currency. */
export const tiersMax = 50;

/** What is wrong with the prices, for each at its place. */
export function faultsOfPrices(prices: readonly ListPrice[]): FieldError[] {
  return [...prices.flatMap(faultsOf), ...faultsOfTiers(prices)];
}

type Rule = [holds: boolean, field: string, detail: string];

const quantityMax = 1_000_000_000_000;
// What money can be on the wire: fifteen digits and up to four decimals.
const amountMinorMax = 10n ** 18n;

function faultsOf({ currency, fromQuantity, amountMinor }: ListPrice, index: number): FieldError[] {
  const rules: Rule[] = [
    [/^[A-Z]{3}$/.test(currency), 'currency', 'give an ISO 4217 code'],
    [
      Number.isInteger(fromQuantity) && fromQuantity >= 1 && fromQuantity <= quantityMax,
      'fromQuantity',
      `give a whole number from 1 to ${quantityMax}`,
    ],
    [amountMinor >= 0n && amountMinor <= amountMinorMax, 'amountMinor', `give 0 to ${amountMinorMax}`],
  ];
  return rules
    .filter(([holds]) => !holds)
    .map(([, field, detail]) => ({ field: `prices[${index}].${field}`, detail }));
}

/** Each product has in each currency a price from the first piece on, and each tier once. */
function faultsOfTiers(prices: readonly ListPrice[]): FieldError[] {
  const placed = prices.map((price, index) => ({ ...price, index }));
  const groups = Map.groupBy(placed, ({ product, currency }) => `${currency} ${product}`);
  return [...groups.values()].flatMap((tiers) => [
    ...repeatedTiers(tiers),
    ...faultsOfGroup(tiers).map((detail) => ({
      field: `prices[${tiers[0]?.index}].fromQuantity`,
      detail,
    })),
  ]);
}

function repeatedTiers(tiers: readonly { fromQuantity: number; index: number }[]): FieldError[] {
  const seen = new Set<number>();
  return tiers
    .filter(({ fromQuantity }) => seen.has(fromQuantity) || !seen.add(fromQuantity))
    .map(({ index }) => ({
      field: `prices[${index}].fromQuantity`,
      detail: 'given twice for this product and currency',
    }));
}

function faultsOfGroup(tiers: readonly { fromQuantity: number }[]): string[] {
  return [
    ...(tiers.some(({ fromQuantity }) => fromQuantity === 1)
      ? []
      : ['give a price from 1 for this product and currency']),
    ...(tiers.length <= tiersMax ? [] : [`give at most ${tiersMax} prices for a product and currency`]),
  ];
}
