// Orders on the wire.
import { z } from 'zod';
import { limits } from '../../base/limits.ts';
import { listOf, money, named, text, time } from './schemas.ts';

export const orderStatus = z.enum(['accepted', 'fulfilling', 'completed', 'failed', 'cancelled']);

const delivery = z
  .enum(['activation_code', 'default_smdp'])
  .describe('How a new eSIM reaches its device: by a code, or because the device asks its default SM-DP+.');

const lineInput = named(
  'OrderLineInput',
  z
    .strictObject({
      product: text(100).describe('Name of a product, case-sensitive.'),
      quantity: z
        .int()
        .min(1)
        .max(limits.quantityPerOrderMax)
        .exactOptional()
        .describe('New eSIMs; 1 if left out.'),
      esims: z
        .array(text(40))
        .min(1)
        .max(limits.quantityPerOrderMax)
        .exactOptional()
        .describe('Top up these eSIMs, by id or ICCID, instead of making new ones.'),
      delivery: delivery.exactOptional(),
      eid: text(32).exactOptional().describe('The only eUICC that may download the eSIM; for single eSIMs.'),
      confirmationCode: text(16).exactOptional().describe('4 to 16 digits that the person has to type in.'),
      assign: z
        .boolean()
        .exactOptional()
        .describe('False: bundles for your inventory, to be applied to eSIMs later. True if left out.'),
      activatesAt: z.iso
        .datetime({ offset: true })
        .exactOptional()
        .describe('When the bundles start, at most a year ahead; with the first use if left out.'),
      downloadBy: z.iso
        .datetime({ offset: true })
        .exactOptional()
        .describe('Until when new eSIMs may be downloaded, at most a year ahead; for ever if left out.'),
      allowReassign: z
        .boolean()
        .exactOptional()
        .describe('True: of `esims`, those that the bundle cannot be used on are replaced by new ones.'),
      fromInventory: z
        .boolean()
        .exactOptional()
        .describe('True: the bundles are taken from your inventory, and cost nothing more.'),
      branding: text(100)
        .nullable()
        .exactOptional()
        .describe('Of new eSIMs, by id or name; null for none. Your default if left out.'),
    })
    .describe('New eSIMs of a product, or a bundle for existing ones.'),
);

const lines = z.array(lineInput).min(1).max(limits.linesPerOrderMax);
const expectedTotal = money.exactOptional();

export const quoteOrderBody = named('QuoteOrder', z.strictObject({ lines, expectedTotal }));

export const placeOrderBody = named(
  'PlaceOrder',
  z
    .strictObject({
      lines,
      reference: text(200).exactOptional().describe('Your words for it; orders can be found by them.'),
      expectedTotal,
    })
    .meta({
      examples: [{ lines: [{ product: 'esim_1GB_7D_NL_V2', quantity: 2 }], reference: 'booking 4711' }],
    }),
);

const pricedLine = {
  product: z.string(),
  quantity: z.int(),
  unitPrice: money,
  total: money,
  requestLine: z
    .int()
    .describe('Place, from 0, of the line it was asked for with: two share it when eSIMs were replaced.'),
  esims: z.array(z.string()).nullable().describe('Ids of the eSIMs that are topped up; null for new ones.'),
  delivery,
  eid: z.string().nullable(),
  confirmationCodeRequired: z.boolean(),
  assign: z.boolean().describe('False for bundles that went to the inventory.'),
  activatesAt: time.nullable(),
  downloadBy: time.nullable(),
  allowReassign: z.boolean(),
  fromInventory: z.boolean(),
  lots: z
    .array(z.object({ id: z.string(), quantity: z.int() }))
    .describe('Which lots of the inventory the bundles were taken from; none in a quote.'),
  branding: z
    .string()
    .nullable()
    .describe('Id of the branding that was named; null for none, and for your default.'),
};

export const quote = named(
  'Quote',
  z.object({ lines: z.array(z.object(pricedLine)), quantity: z.int(), total: money }),
);

export const order = named(
  'Order',
  z.object({
    id: z.string(),
    status: orderStatus,
    lines: z.array(named('OrderLine', z.object(pricedLine))),
    quantity: z.int().describe('eSIMs, top-ups and unassigned bundles over all lines.'),
    fulfilled: z.int().describe('How many of them are done.'),
    total: money,
    reference: z.string().nullable(),
    failure: z.object({ code: z.string(), detail: z.string() }).nullable().describe('Why it failed.'),
    createdAt: time,
    endedAt: time.nullable(),
    links: z.object({ self: z.url(), esims: z.url(), qrCodes: z.url().describe('ZIP of all QR codes.') }),
  }),
);

export const orderList = listOf('OrderList', order);
