// Lists of subscriptions, newest first: what a query asks for, or all of one SIM.
import type { z } from 'zod';
import { limits } from '../../../base/limits.ts';
import {
  type Bundle,
  type BundlesPage,
  countBundles,
  listBundlesPage,
} from '../../../modules/bundles/index.ts';
import { findCustomer } from '../../../modules/customers/index.ts';
import type { Esim } from '../../../modules/esims/index.ts';
import { listOrderIds } from '../../../modules/orders/index.ts';
import type { Call } from '../route.ts';
import { findSim } from '../sims/sim_of_path.ts';
import { date } from '../wire/date.ts';
import { blank, iccid, text } from '../wire/fields.ts';

/** By the vendor's names. */
export const subscriptionFilters = {
  iccid: blank(iccid),
  email: blank(text(254)),
  'product-id': blank(text(100)),
  before: blank(date),
  after: blank(date),
};

export type SubscriptionFilter = z.output<z.ZodObject<typeof subscriptionFilters>>;

type Asked = Pick<Call, 'ctx' | 'account'>;
type Page = { bundles: Bundle[]; hasMore: boolean };

/** Of a SIM or a customer that the account does not have there are none. `page` counts from 1. */
export async function listOfQuery(
  call: Asked,
  { filter, page, size }: { filter: SubscriptionFilter; page: number; size: number },
): Promise<Page> {
  const of = await readFilter(call, filter);
  if (!of) return { bundles: [], hasMore: false };
  return await listBundlesPage(call.ctx, { ...of, page: page - 1, perPage: size });
}

/** How many there are on all pages. */
export async function countOfQuery(call: Asked, filter: SubscriptionFilter): Promise<number> {
  const of = await readFilter(call, filter);
  return of ? await countBundles(call.ctx, of) : 0;
}

async function readFilter(
  call: Asked,
  filter: SubscriptionFilter,
): Promise<Omit<BundlesPage, 'page' | 'perPage'> | undefined> {
  const [sim, orderIds] = await Promise.all([
    filter.iccid === undefined ? undefined : findSim(call, filter.iccid),
    filter.email === undefined ? undefined : ordersOf(call, filter.email),
  ]);
  if ((filter.iccid !== undefined && !sim) || orderIds?.length === 0) return undefined;
  return {
    accountId: call.account.id,
    esimId: sim?.id,
    orderIds,
    product: filter['product-id'],
    createdAfter: filter.after,
    createdBefore: filter.before,
  };
}

/** All of them, up to a thousand. */
export async function listOfSim({ ctx, account }: Asked, { id: esimId }: Esim): Promise<Bundle[]> {
  const of = { accountId: account.id, esimId, page: 0, perPage: limits.listRowsMax - 1 };
  return (await listBundlesPage(ctx, of)).bundles;
}

/** The newest thousand orders of the customer; of an unknown one none. */
async function ordersOf({ ctx, account }: Asked, email: string): Promise<string[]> {
  const accountId = account.id;
  const customer = await findCustomer(ctx, { accountId, email });
  return customer ? await listOrderIds(ctx, { accountId, customerId: customer.id, limit: ordersMax }) : [];
}

const ordersMax = 1_000;
