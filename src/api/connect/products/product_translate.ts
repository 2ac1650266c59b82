// Products, from the core to the wire.
import { formatMinor } from '../../../base/money.ts';
import { basePlaces, type Product, type SoldProduct } from '../../../modules/catalogue/index.ts';

/** What has two names in the vendor's documentation has both. */
export function writeProduct({ product, amountMinor }: SoldProduct, currency: string) {
  return {
    id: product.name,
    name: product.description,
    description: product.description,
    period: product.validityDays ?? 0,
    period_unit: 'DAYS',
    data: { value: gigabytesOf(product), unit: 'GB' },
    footprint: product.countries,
    activeCountries: everywhere,
    active_countries: everywhere,
    pricing: { [currency]: writeAmount(amountMinor, currency) },
    region: regionOf(product),
  };
}

/** Where it may be activated. */
const everywhere = ['ALL'];

/** Of a billion bytes; -1 is without a limit, and 0 of a bundle without data. */
export function gigabytesOf({ dataBytes, unlimited }: Product): number {
  return unlimited ? -1 : Number(dataBytes ?? 0n) / 1e9;
}

export function writeAmount(amountMinor: bigint, currency: string): number {
  return Number(formatMinor(amountMinor, currency));
}

export function regionOf(product: Product): string {
  return [...new Set(basePlaces(product).map(({ region }) => region))].join(', ');
}
