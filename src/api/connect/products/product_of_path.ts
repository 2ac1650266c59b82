// The product that a request names by its id, with its price in the currency of the query.
import type { Call } from '../route.ts';
import { type ProductQuery, readProductsWanted } from './product_query.ts';
import { getSoldProduct } from './sold_products.ts';

/** The product of `{id}` in the path, and the currency of its price. Throws what `getSoldProduct` throws. */
export function productOfPath(
  call: Pick<Call, 'ctx' | 'account' | 'params'> & { query: ProductQuery },
): ReturnType<typeof getSoldProduct> {
  const { currency } = readProductsWanted(call.query);
  return getSoldProduct(call, { id: call.params['id'] ?? '', currency });
}
