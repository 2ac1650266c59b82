// An order from the wire in the words of the core, or everything that is wrong with it at once.
import { AppError, type FieldError } from '../../../base/app_error.ts';
import { assert, present } from '../../../base/assert.ts';
import type { OrderDevice, OrderLineInput, PlaceOrder } from '../../../modules/orders/index.ts';
import { defaultSmdsAddress } from '../../../modules/smdp/index.ts';
import type { Call } from '../route.ts';
import { catalogueFaults } from './catalogue_rules.ts';
import { esimFaults } from './esim_rules.ts';
import { formFaults, productIdOf, type RequiredMembers, requiredMembers } from './form_rules.ts';
import { type OrderInput, orderInput, type Subscription } from './order_form.ts';
import { addFaults, readAllFaults } from './read_all_faults.ts';

export type OrderCall = Pick<Call, 'ctx' | 'account'>;

/** All faults of `input`, those of its form first, and what could be read of it. */
export async function checkOrder(
  call: OrderCall,
  input: unknown,
  required: RequiredMembers = requiredMembers,
): Promise<{ order: OrderInput; faults: FieldError[] }> {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    return {
      order: orderInput.parse({}),
      faults: [{ field: 'input', detail: input === undefined ? 'required' : 'give an object' }],
    };
  const { data: order, faults } = readAllFaults(orderInput, input);
  const rules = [
    formFaults(order, required, call.ctx.now),
    await catalogueFaults(call, order),
    await esimFaults(call, order),
  ];
  return { order, faults: addFaults(faults, rules.flat()) };
}

/** Throws `invalid_request` that names each of them. */
export function refuseFaults(faults: readonly FieldError[]): void {
  if (faults.length > 0)
    throw new AppError('invalid_request', 'The order is not valid.', { fields: [...faults] });
}

/** An order without faults, as the core takes it. */
export function readOrder({ ctx, account }: OrderCall, order: OrderInput): PlaceOrder {
  const device = deviceOf(order);
  return {
    accountId: account.id,
    currency: account.currency,
    lines: order.operationType === 'NEW_ESIM' ? newLines({ ctx }, order) : topUpLines({ ctx }, order),
    ...(device && { device }),
  };
}

function deviceOf({ device }: OrderInput): OrderDevice | undefined {
  if (device?.id === undefined) return undefined;
  const { id, type = 'unknown', make, model } = device;
  return { id, type, ...(make !== undefined && { make }), ...(model !== undefined && { model }) };
}

/** The first subscription makes the eSIM, the others go onto it. */
function newLines({ ctx }: Pick<Call, 'ctx'>, { subscriptions = [], device }: OrderInput): OrderLineInput[] {
  return subscriptions.map((each, index) => {
    const line = lineOf({ ctx }, each);
    return index === 0 ? { ...line, quantity: 1, ...pushOf({ ctx }, device) } : { ...line, withLine: 0 };
  });
}

/**
 * An EID counts for iOS alone: the device is told by an SM-DS. Without one the eSIM is still for that device only, which
 * installs it by its code.
 */
function pushOf({ ctx }: Pick<Call, 'ctx'>, device: OrderInput['device']): Partial<OrderLineInput> {
  if (device?.type !== 'ios' || device.eid === undefined) return {};
  const { eid } = device;
  return defaultSmdsAddress(ctx) === undefined ? { eid } : { eid, delivery: 'smds' };
}

function topUpLines({ ctx }: Pick<Call, 'ctx'>, { subscriptions = [], esim }: OrderInput): OrderLineInput[] {
  const iccid = present(esim?.iccid, 'the eSIM to top up');
  return subscriptions.map((each) => ({ ...lineOf({ ctx }, each), esims: [iccid] }));
}

function lineOf({ ctx }: Pick<Call, 'ctx'>, subscription: Subscription | undefined): OrderLineInput {
  assert(subscription, 'a subscription without faults');
  const { activationDate } = subscription;
  return {
    product: present(productIdOf(subscription), 'a product'),
    ...(activationDate && { activatesAt: new Date(Math.max(activationDate.getTime(), ctx.now.getTime())) }),
  };
}
