// What an order asks for: as the vendor documents it, and as clients really send it.
import { z } from 'zod';
import { limits } from '../../../base/limits.ts';
import type { OrderLineInput, QuoteOrder } from '../../../modules/orders/index.ts';
import type { Call } from '../route.ts';
import { blank, choice, flag, text, texts, whole } from '../wire/fields.ts';

const nameCharsMax = 200;
const iccidCharsMax = 22;

const item = z.object({
  type: blank(choice(['bundle'])),
  item: text(nameCharsMax),
  quantity: blank(whole(1, limits.quantityPerOrderMax)),
  iccids: blank(texts(limits.quantityPerOrderMax, iccidCharsMax)),
  allowReassign: blank(flag),
});

/** `order`, or `Order`, or in the older flat form the members of its only item beside the others. */
export const orderBody = z.preprocess(
  (given) => {
    if (typeof given !== 'object' || given === null) return given;
    const { Order, order = Order, ...rest } = given as Record<string, unknown>;
    return order === undefined && 'item' in rest
      ? { ...rest, type: rest['type'], order: [rest] }
      : { ...rest, order };
  },
  z
    .object({
      type: choice(['validate', 'transaction']),
      assign: blank(flag),
      order: z
        .array(z.preprocess(dropOrderType, item), 'give a list of items')
        .min(1, 'give at least one item')
        .max(limits.linesPerOrderMax, `give at most ${limits.linesPerOrderMax} items`),
      profileID: blank(text(nameCharsMax)),
      clientReference: blank(text(200)),
    })
    .superRefine(({ assign = false, order }, checked) => {
      for (const [index, { iccids = [], quantity }] of order.entries()) {
        const fault = (field: string, message: string) =>
          checked.addIssue({ code: 'custom', path: ['order', index, field], message });
        if (iccids.length > 0 && !assign) fault('iccids', 'set assign to true, or leave them out');
        else if (iccids.length > 0 && quantity !== undefined && quantity !== iccids.length)
          fault('quantity', `give ${iccids.length}, as many as there are iccids`);
      }
    }),
);

/** In the flat form, `type` is that of the order. */
function dropOrderType(given: unknown): unknown {
  if (typeof given !== 'object' || given === null) return given;
  const { type, ...rest } = given as Record<string, unknown>;
  return type === 'validate' || type === 'transaction' ? rest : given;
}

export type OrderBody = z.output<typeof orderBody>;

/** The order in the words of the core. */
export function readOrder({ account, body }: Pick<Call<unknown, OrderBody>, 'account' | 'body'>): QuoteOrder {
  const { assign = false, order, profileID } = body;
  return {
    accountId: account.id,
    currency: account.currency,
    lines: order.map(({ item: product, quantity = 1, iccids = [], allowReassign }): OrderLineInput => {
      if (!assign) return { product, quantity, assign: false };
      const branding = profileID !== undefined && { branding: profileID };
      if (iccids.length === 0) return { product, quantity, ...branding };
      return { product, esims: iccids, ...(allowReassign && { allowReassign, ...branding }) };
    }),
  };
}
