// Accounts, wallets and transfers on the wire.
import { z } from 'zod';
import { listOf, money, named, text, time } from './schemas.ts';

export const wallet = named(
  'Wallet',
  z
    .object({
      available: money.describe('May be spent.'),
      held: money.describe('Kept aside for orders under way.'),
      spent: money,
      funded: money.describe('Put in: available + held + spent.'),
    })
    .describe('The balance, by where it stands.'),
);

export const account = named(
  'Account',
  z.object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(['live', 'sandbox']),
    currency: z.string(),
    parentId: z.string().nullable().describe('The account that this is a subaccount of.'),
    thresholds: z
      .array(z.int())
      .describe('Percentages of an allowance at which `bundle.threshold_reached` is told.'),
    createdAt: time,
    wallet,
  }),
);

export const accountSettingsBody = named(
  'AccountSettings',
  z
    .strictObject({
      thresholds: z
        .array(z.int().min(1).max(100))
        .max(20)
        .describe('Ascending percentages; for products that have none of their own.'),
    })
    .meta({ examples: [{ thresholds: [1, 50, 80, 100] }] }),
);

export const subaccount = named(
  'Subaccount',
  z.object({
    id: z.string().describe('Give it as `Overair-Account` to act for it.'),
    name: z.string(),
    kind: z.enum(['live', 'sandbox']),
    currency: z.string(),
    createdAt: time,
  }),
);

export const subaccountList = listOf('SubaccountList', subaccount);

export const createSubaccountBody = named('CreateSubaccount', z.strictObject({ name: text(100) }));

const side = z.enum(['funded', 'available', 'held', 'spent']);

const transfer = named(
  'Transfer',
  z.object({
    id: z.string(),
    debit: side,
    credit: side,
    amount: money,
    reason: z.enum(['top_up', 'order_hold', 'order_settle', 'order_release', 'refund']),
    reference: z.string().describe('The id of the order, or the words given with a top-up.'),
    createdAt: time,
  }),
);

export type TransferJson = z.output<typeof transfer>;
export const transferList = listOf('TransferList', transfer);

export const topUpBody = named(
  'TopUpBalance',
  z.strictObject({ amount: money, reference: text(200).exactOptional() }),
);
