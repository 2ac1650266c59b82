// Bundles of the inventory onto eSIMs, old and new: an order whose items were paid for before.
import { z } from 'zod';
import {
  listOrderItems,
  type Order,
  type OrderLineInput,
  placeOrder,
} from '../../../modules/orders/index.ts';
import { writeUuid } from '../../http/uuid_of_id.ts';
import { type Call, type Route, route } from '../route.ts';
import { blank, flag, text, whole } from '../wire/fields.ts';
import { failed } from './order_routes.ts';
import { isUnderWay, waitForOrder } from './wait_for_order.ts';

const bundle = z.object({
  name: text(200),
  repeat: blank(whole(1, 1_000)),
  allowReassign: blank(flag),
});

const applyBody = z
  .object({
    ...bundle.partial().shape,
    iccid: blank(text(22)),
    bundles: blank(
      z
        .array(bundle, 'give a list of bundles')
        .min(1, 'give at least one bundle')
        .max(100, 'give at most 100 bundles'),
    ),
  })
  .superRefine(({ name, bundles, iccid, repeat }, checked) => {
    const fault = (field: string, message: string) =>
      checked.addIssue({ code: 'custom', path: [field], message });
    if ((name === undefined) === (bundles === undefined)) fault('name', 'give either name or bundles');
    else if (iccid !== undefined && bundles !== undefined)
      fault('iccid', 'give it with a single name, not with bundles');
    else if (iccid !== undefined && repeat !== undefined)
      fault('repeat', 'leave it out for an eSIM that is given');
  });

type ApplyCall = Call<unknown, z.output<typeof applyBody>>;

export const applyRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/esims/apply',
    scope: 'orders:write',
    body: applyBody,
    fieldNames: { lines: 'bundles', product: 'name', esims: 'iccid', quantity: 'repeat' },
    handler: apply,
  }),
];

async function apply({ ctx, account, body, idempotencyKey }: ApplyCall) {
  const placed = await placeOrder(ctx, {
    accountId: account.id,
    currency: account.currency,
    lines: readLines(body),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
  });
  const order = await waitForOrder(ctx, placed);
  if (order.status === 'failed') throw failed(order);
  return { esims: await writeApplied({ ctx, account }, order), applyReference: writeUuid(order.id) };
}

function readLines({
  name,
  repeat,
  allowReassign,
  iccid,
  bundles,
}: z.output<typeof applyBody>): OrderLineInput[] {
  const wanted = bundles ?? [{ name: name ?? '', repeat, allowReassign }];
  return wanted.map((each) => {
    const line = { product: each.name, fromInventory: true };
    if (iccid === undefined) return { ...line, quantity: each.repeat ?? 1 };
    return { ...line, esims: [iccid], ...(each.allowReassign && { allowReassign: true }) };
  });
}

/** None of an apply that is being processed: its assignments tell them by its reference. */
async function writeApplied({ ctx, account }: Pick<Call, 'ctx' | 'account'>, order: Order) {
  if (isUnderWay(order)) return [];
  const items = await listOrderItems(ctx, { accountId: account.id, order });
  return items.flatMap(({ line, esims }) =>
    esims.map(({ iccid }) => ({ iccid, status: 'Successfully Applied Bundle', bundle: line.product })),
  );
}
