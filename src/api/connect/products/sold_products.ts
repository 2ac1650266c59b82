// The products that a caller can order, with their prices in the currency that was asked for.
import { AppError } from '../../../base/app_error.ts';
import {
  accountPrices,
  currentCatalogue,
  getSoldBundle,
  type Product,
  type SoldProduct,
  searchProducts,
} from '../../../modules/catalogue/index.ts';
import type { Call } from '../route.ts';

type Buyer = Pick<Call, 'ctx' | 'account'>;

/** `currency`: ISO 4217; left out for EUR, or for the account's own where nothing is sold in that. */
export type ProductsWanted = { currency?: string | undefined; planId?: string | undefined };

export type SoldProducts = { products: SoldProduct[]; currency: string };

/** In the order of their names. Throws `invalid_request` for a currency that nothing is sold in. */
export async function listSoldProducts(call: Buyer, wanted: ProductsWanted): Promise<SoldProducts> {
  const asked = await listIn(call, wanted.currency ?? currencyDefault);
  if (asked.products.length > 0) return ofPlan(asked, wanted);
  if (wanted.currency !== undefined) throw unsupported(wanted.currency);
  return ofPlan(await listIn(call, call.account.currency), wanted);
}

/** The product of this id, and the currency of its price. Throws `not_found`, and `invalid_request` for a currency without one. */
export async function getSoldProduct(
  { ctx, account }: Buyer,
  { id: name, currency }: { id: string; currency: string | undefined },
): Promise<{ sold: SoldProduct; currency: string }> {
  const of = { accountId: account.id, name };
  const own = await findSold(ctx, { ...of, currency: account.currency });
  // What cannot be paid for cannot be ordered.
  if (!own)
    throw new AppError('not_found', 'There is no such product in your catalogue: ids are case-sensitive.');
  const sold = await findSold(ctx, { ...of, currency: currency ?? currencyDefault });
  if (sold) return { sold, currency: currency ?? currencyDefault };
  if (currency !== undefined) throw unsupported(currency);
  return { sold: own, currency: account.currency };
}

/** What a product without a plan is a plan of by itself. */
export function planOf({ groups, name }: Pick<Product, 'groups' | 'name'>): string {
  return groups[0] ?? name;
}

const currencyDefault = 'EUR';
const productsMax = 100_000;

async function listIn({ ctx, account }: Buyer, currency: string): Promise<SoldProducts> {
  const { products } = await searchProducts(ctx, {
    accountId: account.id,
    currency,
    orderBy: 'name',
    direction: 'asc',
    page: 1,
    perPage: productsMax,
  });
  if (currency === account.currency) return { products, currency };
  const prices = await accountPrices(ctx, await currentCatalogue(ctx), account.id);
  return {
    products: products.filter(({ product }) => prices(product, account.currency).length > 0),
    currency,
  };
}

function ofPlan({ products, currency }: SoldProducts, { planId }: ProductsWanted): SoldProducts {
  if (planId === undefined) return { products, currency };
  const isOf = ({ product }: SoldProduct) => product.groups.includes(planId) || planOf(product) === planId;
  return { products: products.filter(isOf), currency };
}

async function findSold(
  ctx: Buyer['ctx'],
  of: Parameters<typeof getSoldBundle>[1],
): Promise<SoldProduct | undefined> {
  try {
    return await getSoldBundle(ctx, of);
  } catch (error) {
    if (error instanceof AppError && error.code === 'unknown_product') return undefined;
    throw error;
  }
}

function unsupported(currency: string): AppError {
  return new AppError('invalid_request', 'The currency is not supported.', {
    fields: [{ field: 'currency', detail: `nothing is sold in ${currency}` }],
  });
}
