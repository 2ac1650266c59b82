// The order that a request names by its UUID: one of another client is answered as one that there is not.
import { AppError } from '../../../base/app_error.ts';
import { getOrder, type Order } from '../../../modules/orders/index.ts';
import { readUuid } from '../../http/uuid_of_id.ts';
import type { Call } from '../route.ts';

/** The order of `{orderId}` in the path. Throws `not_found`. */
export async function orderOfPath({
  ctx,
  account,
  params: { orderId = '' },
}: Pick<Call, 'ctx' | 'account' | 'params'>): Promise<Order> {
  const id = readUuid('order', orderId);
  if (id === undefined)
    throw new AppError('not_found', 'There is no such order: give its id as it was answered.');
  return await getOrder(ctx, { accountId: account.id, id });
}
