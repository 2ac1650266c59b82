// Orders on the wire.
import { z } from 'zod';
import { limits } from '../../base/limits.ts';
import { listOf, money, named, text, time } from './schemas.ts';

export const orderStatus = z.enum(['accepted', 'fulfilling', 'completed', 'failed', 'cancelled']);

const delivery = z
  .enum(['activation_code', 'default_smdp', 'smds'])
  .describe(
    'How a new eSIM reaches its device: by a code, because the device asks its default SM-DP+, or because an SM-DS tells it (the code works as well). The last two need an EID.',
  );

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
      withLine: z
        .int()
        .min(0)
        .max(limits.linesPerOrderMax - 1)
        .exactOptional()
        .describe(
          'Place, from 0, of a line before this one that makes new eSIMs: these bundles go onto them, one onto each. Leave `quantity` out.',
        ),
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
    .describe('New eSIMs of a product, a bundle for existing ones, or one for the new ones of another line.'),
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
  withLine: z
    .int()
    .nullable()
    .describe(
      'The bundles go onto the new eSIMs of the line with this `requestLine`; null for any other line.',
    ),
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
    quantity: z
      .int()
      .describe('eSIMs, top-ups, bundles with new eSIMs and unassigned bundles over all lines.'),
    fulfilled: z.int().describe('How many of them are done.'),
    total: money,
    reference: z.string().nullable(),
    customerId: z.string().nullable().describe('Whom it is for, where it was ordered for a customer.'),
    device: z
      .object({
        id: z.string(),
        type: z.string(),
        make: z.string().exactOptional(),
        model: z.string().exactOptional(),
      })
      .nullable()
      .describe('The device it is meant for, as whoever ordered said.'),
    failure: z.object({ code: z.string(), detail: z.string() }).nullable().describe('Why it failed.'),
    createdAt: time,
    endedAt: time.nullable(),
    links: z.object({ self: z.url(), esims: z.url(), qrCodes: z.url().describe('ZIP of all QR codes.') }),
  }),
);

export const orderList = listOf('OrderList', order);
