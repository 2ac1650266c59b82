// An eSIM profile ordered by a form: for one eUICC by its EID, or for whoever has the matching ID.
import { AppError } from '../../../base/app_error.ts';
import { present } from '../../../base/assert.ts';
import { getDoor } from '../../../modules/accounts/index.ts';
import {
  esimIdOf,
  getOrderedEsim,
  type Order,
  orderedEsimOf,
  type PlaceOrder,
  placeOrder,
} from '../../../modules/orders/index.ts';
import { write } from '../../../pg/write.ts';
import { readIdempotencyKey } from '../../http/idempotency_key.ts';
import { keepCallback, readCallback } from '../callbacks/index.ts';
import type { Call } from '../route.ts';
import { writeEsimProfile } from './esim_profiles_translate.ts';

export type OrderForm = {
  CallbackUrl?: string;
  CallbackMethod?: 'GET' | 'POST';
  GenerateMatchingId?: boolean;
  Eid?: string;
};

type OrderCall = Call<unknown, OrderForm>;

/** Places the order and answers the profile that it will become; a repeated Idempotency-Key, as it is by now. */
export async function orderEsimProfile(call: OrderCall) {
  const input = await readOrder(call);
  const { CallbackUrl: url, CallbackMethod: method } = call.form;
  const callback = await readCallback(call, { url, method, field: 'CallbackUrl' });
  const order = await namingEid(() =>
    // Without a callback the order shares its statement with others that arrive now.
    callback
      ? write(call.ctx, {}, async (tx) => {
          const placed = await placeOrder(tx, input);
          const resourceId = present(esimIdOf(placed), 'an order for one eSIM');
          await keepCallback(tx, call, { resourceId, topic: 'esim_profile', callback });
          return placed;
        })
      : placeOrder(call.ctx, input),
  );
  return await writeOrdered(call, order);
}

async function readOrder(call: OrderCall): Promise<PlaceOrder> {
  const { account, ctx, form, request } = call;
  checkMethodOfDelivery(form);
  const idempotencyKey = readIdempotencyKey(request);
  const { settings } = await getDoor(ctx, { accountId: account.id, door: 'supersim' });
  const { Eid: eid, CallbackUrl, CallbackMethod } = form;
  const delivery =
    eid === undefined ? { delivery: 'activation_code' as const } : { delivery: 'default_smdp' as const, eid };
  return {
    accountId: account.id,
    currency: account.currency,
    lines: [{ product: settings.product, quantity: 1, ...delivery }],
    whenStockIsEmpty: 'fail',
    allowMaskedEid: account.kind === 'sandbox',
    ...(idempotencyKey !== undefined && { idempotencyKey }),
    ...(CallbackUrl !== undefined && { along: [CallbackUrl, CallbackMethod ?? 'POST'] }),
  };
}

/** Throws `invalid_request` unless it is one of both. */
function checkMethodOfDelivery({ Eid, GenerateMatchingId = false }: OrderForm): void {
  if ((Eid !== undefined) !== GenerateMatchingId) return;
  throw new AppError('invalid_request', 'The form is not valid.', {
    fields: [{ field: 'Eid', detail: 'give either Eid or GenerateMatchingId=true' }],
  });
}

/** What is wrong with the EID of an order line is wrong with the `Eid` of the form. */
async function namingEid<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof AppError) || !error.fields.some(({ field }) => field.endsWith('.eid')))
      throw error;
    const fields = error.fields.map(({ detail }) => ({ field: 'Eid', detail }));
    throw new AppError(error.code, 'The form is not valid.', { fields, cause: error });
  }
}

async function writeOrdered(call: OrderCall, order: Order) {
  const { accountId } = order;
  if (order.status === 'accepted')
    return { ...(await writeEsimProfile(orderedEsimOf(order), call)), status: 'new' };
  const id = present(esimIdOf(order), 'an order for one eSIM');
  return await writeEsimProfile(await getOrderedEsim(call.ctx, { accountId, id }), call);
}
