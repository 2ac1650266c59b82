// What the new eSIMs of an order are made from, and how many are needed of each profile type.
import type { Catalogue, Product } from '../catalogue/index.ts';
import { makesEsims, type OrderLine } from './order.ts';

/** How many new eSIMs the lines need of each profile type. */
export function newEsimsByProfileType(
  catalogue: Catalogue,
  lines: readonly OrderLine[],
): Map<string, number> {
  const needed = new Map<string, number>();
  for (const line of lines.filter(makesEsims)) {
    const product = catalogue.byName.get(line.product);
    if (!product) continue;
    const profileType = profileTypeNameOf(line, product);
    needed.set(profileType, (needed.get(profileType) ?? 0) + line.quantity);
  }
  return needed;
}

/** The name of the profile type that new eSIMs of this line are made from. */
export function profileTypeNameOf(
  { profileType }: Pick<OrderLine, 'profileType'>,
  product: Pick<Product, 'profileType'>,
): string {
  return profileType ?? product.profileType;
}
