// Products in version 2: one price each, and the places of pages around them.
import type { SoldProduct } from '../../../modules/catalogue/index.ts';
import { gigabytesOf, regionOf, writeAmount } from '../products/product_translate.ts';
import { type Linking, linkTo } from './links.ts';

export function writeV2Product({ product, amountMinor }: SoldProduct, currency: string, call: Linking) {
  const [country, ...others] = product.countries;
  return {
    id: product.name,
    name: product.description,
    sim_type: ['ESIM'],
    duration: product.validityDays ?? 0,
    duration_unit: 'DAYS',
    data: gigabytesOf(product),
    data_unit: 'GB',
    price: writeAmount(amountMinor, currency),
    price_currency: currency,
    footprint_code: others.length === 0 && country !== undefined ? country : regionOf(product),
    _metadata: { _links: { _self: linkTo(call, `/products/${encodeURIComponent(product.name)}`) } },
  };
}
