// Bundles on the wire.
import { z } from 'zod';
import { listOf, money, named, text, time } from './schemas.ts';

export const bundleState = z.enum([
  'processing',
  'queued',
  'active',
  'depleted',
  'expired',
  'lapsed',
  'revoked',
]);

const allowance = named(
  'Allowance',
  z
    .object({
      kind: z.enum(['data', 'sms', 'voice']),
      unlimited: z.boolean(),
      initial: z.int().nullable().describe('Null when unlimited.'),
      used: z.int(),
      remaining: z.int().nullable(),
    })
    .describe('Data in bytes (base 10), messages, or seconds of voice.'),
);

export const bundle = named(
  'Bundle',
  z.object({
    id: z.string(),
    esimId: z.string(),
    orderId: z.string(),
    product: z.string(),
    state: bundleState,
    allowances: z.array(allowance),
    unlimited: z.boolean().describe('Of data.'),
    initialBytes: z.int().nullable().describe('Null when unlimited, or without data.'),
    remainingBytes: z.int().nullable(),
    usedBytes: z.int(),
    speedKbps: z.int().nullable().describe('What fair use slows it down to now; null for full speed.'),
    validityDays: z.int(),
    countries: z.array(z.string()).describe('ISO 3166-1 alpha-2.'),
    autostart: z.boolean().describe('Starts with the first use instead of by time.'),
    activatesAt: time.nullable().describe('Starts then, or when the bundle before it ends.'),
    assignedAt: time,
    startsAt: time.nullable(),
    endsAt: time.nullable(),
    endedAt: time.nullable().describe('When it was depleted, expired, lapsed or revoked.'),
    lapsesAt: time.nullable().describe('When it lapses if it is not used.'),
    refundableUntil: time.nullable().describe('Until when it can be given back unused.'),
    price: money.nullable().describe('What was paid for it.'),
  }),
);

export const bundleList = listOf('BundleList', bundle);

const refundTo = z.enum(['balance', 'inventory']);

export const revocation = named(
  'Revocation',
  z.object({
    revocable: z.boolean(),
    reason: z.string().nullable().describe('Why not.'),
    refunds: z
      .array(z.object({ to: refundTo, amount: money.nullable().describe('Null for the inventory.') }))
      .describe('What you may ask for in return.'),
    until: time.nullable().describe('Until when there is something in return.'),
  }),
);

export const revokeBody = named(
  'RevokeBundle',
  z.strictObject({
    refundTo: refundTo.nullable().describe('One of the refunds that the revocation names; null for none.'),
  }),
);

export const bundleLot = named(
  'BundleLot',
  z
    .object({
      id: z.string(),
      orderId: z.string(),
      product: z.string(),
      total: z.int(),
      remaining: z.int().describe('Neither applied nor given back.'),
      unitPrice: money.nullable().describe('What was paid for each.'),
      refundableUntil: time.nullable(),
      expiresAt: time.describe('What is left then can be applied no more.'),
      expiredAt: time.nullable(),
      createdAt: time,
    })
    .describe('Bundles of one product that are on no eSIM yet.'),
);

export const bundleLotList = listOf('BundleLotList', bundleLot);

export const applyBody = named(
  'ApplyBundles',
  z.strictObject({
    product: text(100).describe('Name of a product.'),
    esims: z.array(text(40)).min(1).max(1000).describe('A bundle comes onto each, by id or ICCID.'),
    activatesAt: z.iso
      .datetime({ offset: true })
      .exactOptional()
      .describe('When they start, at most a year ahead; with the first use if left out.'),
  }),
);

export const applied = named('BundlesApplied', z.object({ data: z.array(bundle) }));

export const refundLotBody = named(
  'RefundBundleLot',
  z.strictObject({ quantity: z.int().min(1).max(10_000) }),
);
