// Bundles of the inventory, from the core to the wire.
import type { Product } from '../../../modules/catalogue/index.ts';
import type { BundleLot } from '../../../modules/orders/index.ts';
import { writeAllowances, writeMegabytes } from '../catalogue/catalogue_translate.ts';

/** All lots of one bundle, those that expire first first. */
export function writeInventoryBundle(name: string, lots: readonly BundleLot[], product: Product | undefined) {
  return {
    name,
    desc: product?.description ?? '',
    useDms: false,
    available: lots
      .toSorted((a, b) => a.expiresAt.getTime() - b.expiresAt.getTime())
      .map(({ number, total, remaining, expiresAt }) => ({
        id: Number(number),
        total,
        remaining,
        expiry: expiresAt.toISOString().slice(0, 10),
      })),
    countries: product?.countries ?? [],
    data: product ? writeMegabytes(product) : 0,
    duration: product?.validityDays ?? 0,
    durationUnit: 'day',
    autostart: product?.autostart ?? true,
    unlimited: product?.unlimited ?? false,
    speed: product?.speeds ?? [],
    allowances: product ? writeAllowances(product) : [],
  };
}
