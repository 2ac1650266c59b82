// What is ordered must be in the caller's catalogue, and cost what the caller thinks it costs.
import type { FieldError } from '../../../base/app_error.ts';
import { formatMinor } from '../../../base/money.ts';
import {
  type AccountPrices,
  accountPrices,
  type Catalogue,
  catalogueWith,
  otherSpelling,
  type Product,
} from '../../../modules/catalogue/index.ts';
import type { Call } from '../route.ts';
import { productIdOf } from './form_rules.ts';
import type { OrderInput, Subscription } from './order_form.ts';

/** Faults of products and prices. A price is compared with the one of the product list, whatever the volume makes of it. */
export async function catalogueFaults(
  { ctx, account }: Pick<Call, 'ctx' | 'account'>,
  { subscriptions = [] }: OrderInput,
): Promise<FieldError[]> {
  const ids = subscriptions.flatMap((each) => (each && productIdOf(each)) ?? []);
  const catalogue = await catalogueWith(ctx, ids);
  const prices = await accountPrices(ctx, catalogue, account.id);
  const of = { catalogue, prices, currency: account.currency };
  return subscriptions.flatMap((each, index) =>
    each
      ? faultsOf(of, each).map(({ field, detail }) => ({ field: `subscriptions[${index}].${field}`, detail }))
      : [],
  );
}

type Priced = {
  catalogue: Catalogue;
  prices: AccountPrices /** What the account pays in. */;
  currency: string;
};

function faultsOf(of: Priced, subscription: Subscription): FieldError[] {
  const id = productIdOf(subscription);
  if (id === undefined) return [];
  const product = of.catalogue.byName.get(id);
  const isSold =
    product?.kind === 'bundle' && product.state === 'active' && of.prices(product, of.currency).length > 0;
  return isSold ? priceFaults(of, product, subscription) : [unknownProduct(of, id)];
}

function unknownProduct({ catalogue }: Priced, id: string): FieldError {
  const other = otherSpelling(catalogue, id);
  const hint = other === undefined ? '' : `: names are case-sensitive, and there is ${other}`;
  return { field: 'product_id', detail: `is not in your catalogue${hint}` };
}

function priceFaults({ prices }: Priced, product: Product, { price, currency }: Subscription): FieldError[] {
  if (currency === undefined) return [];
  const [listed] = prices(product, currency);
  if (!listed) return [{ field: 'currency', detail: `this product has no price in ${currency}` }];
  const amount = formatMinor(listed.amountMinor, currency);
  if (price === undefined || price === Number(amount)) return [];
  return [{ field: 'price', detail: `the price is ${amount} ${currency}` }];
}
