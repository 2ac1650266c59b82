// An order is accepted, its customer made with it where there is none, or refused with nothing changed.
import { AppError, type FieldError } from '../../../base/app_error.ts';
import { ensureCustomer, findCustomer } from '../../../modules/customers/index.ts';
import { inTurn, type Order, placeOrder } from '../../../modules/orders/index.ts';
import { write } from '../../../pg/write.ts';
import { readIdempotencyKey } from '../../http/idempotency_key.ts';
import { writeOnce } from '../../http/write_once.ts';
import type { Call } from '../route.ts';
import type { OrderInput } from './order_form.ts';
import { type OrderCall, readOrder, refuseFaults } from './read_order.ts';
import { vendorFields } from './vendor_fields.ts';

export type Accepted = Pick<Order, 'id' | 'createdAt'>;

/** What an order says, and all that is wrong with it. */
export type CheckedOrder = { order: OrderInput; faults: readonly FieldError[] };

/**
 * Accepts the order that `check` gives of `input`; `operation` is what the request names. Top-ups of an account are taken one
 * after the other, since each counts what is on its eSIM. A repetition of an Idempotency-Key gets the first answer, whatever its order would
 * be refused for by now. Throws `invalid_request` naming every fault, and what `placeOrder` throws.
 */
export async function acceptOrder(
  call: Pick<Call, 'ctx' | 'account' | 'request'>,
  { input, operation }: { input: unknown; operation: unknown },
  check: (call: OrderCall) => Promise<CheckedOrder>,
): Promise<Accepted> {
  const { ctx, account, request } = call;
  const key = readIdempotencyKey(request);
  const run = async (at: Call['ctx']): Promise<Accepted> => {
    const { order, faults } = await check({ ctx: at, account });
    refuseFaults(faults);
    const { id, createdAt } = await place({ ctx: at, account }, order);
    return { id, createdAt };
  };
  const once = { accountId: account.id, operation: 'connect.order', key, input };
  if (isTopUp(operation)) return await inTurn(ctx, account.id, () => writeOnce(ctx, once, run));
  return await (key === undefined ? run(ctx) : writeOnce(ctx, once, run));
}

function isTopUp(operation: unknown): boolean {
  return typeof operation === 'string' && operation.startsWith('TOPUP');
}

/** Only an order that makes its customer needs a transaction of its own: all others share the desk's. */
async function place(call: OrderCall, order: OrderInput): Promise<Order> {
  const { ctx, account } = call;
  const { email = '', ...details } = order.customer ?? {};
  const wanted = readOrder(call, order);
  const placeFor = (at: Call['ctx'], customerId?: string) =>
    placeOrder(at, { ...wanted, ...(customerId !== undefined && { customerId }) }).catch(inVendorsWords);
  if (email.trim() === '') return await placeFor(ctx);
  const known = await findCustomer(ctx, { accountId: account.id, email });
  if (known) return await placeFor(ctx, known.id);
  return await write(ctx, {}, async (tx) => {
    const { id } = await ensureCustomer(tx, { accountId: account.id, email, ...given(details) });
    return await placeFor(tx, id);
  });
}

type Details = Omit<NonNullable<OrderInput['customer']>, 'email'>;

/** The members that there are. */
function given(details: Details): { [name in keyof Details]?: string } {
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined));
}

function inVendorsWords(error: unknown): never {
  if (!(error instanceof AppError)) throw error;
  const fields = vendorFields(error.fields);
  // Whatever is unknown was named in the request: it is the order that is at fault.
  const code = error.code === 'not_found' ? 'invalid_request' : error.code;
  throw new AppError(code, error.detail, {
    fields,
    cause: error,
    ...(error.retryAfterSeconds !== undefined && { retryAfterSeconds: error.retryAfterSeconds }),
  });
}
