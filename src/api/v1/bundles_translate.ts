// Bundles between the wire and the core.
import type { z } from 'zod';
import { type Bundle, type Revocation, remainingOf } from '../../modules/bundles/index.ts';
import type { ApplyBundles, BundleLot } from '../../modules/orders/index.ts';
import type { applyBody, bundle, bundleLot, revocation } from './bundles_schemas.ts';
import { type MoneyJson, writeMoney, writeTime } from './money_translate.ts';

type BundleJson = z.output<typeof bundle>;

export function writeBundle(from: Bundle): BundleJson {
  const { data } = from.allowances;
  return {
    id: from.id,
    esimId: from.esimId,
    orderId: from.orderId,
    product: from.productName,
    state: from.state,
    allowances: writeAllowances(from),
    unlimited: data?.initial === null,
    initialBytes: writeAmount(data?.initial ?? null),
    remainingBytes: writeAmount(data ? remainingOf(data) : null),
    usedBytes: Number(data?.used ?? 0n),
    speedKbps: from.speedKbps,
    validityDays: from.validityDays,
    countries: from.countries,
    autostart: from.autostart,
    activatesAt: writeTime(from.activatesAt),
    assignedAt: from.assignedAt.toISOString(),
    startsAt: writeTime(from.startsAt),
    endsAt: writeTime(from.endsAt),
    endedAt: writeTime(from.endedAt),
    lapsesAt: writeTime(from.lapsesAt),
    refundableUntil: writeTime(from.refundableUntil),
    price: writePrice(from.price),
  };
}

function writeAllowances({ allowances }: Bundle): BundleJson['allowances'] {
  return Object.entries(allowances).map(([kind, allowance]) => ({
    kind: kind as BundleJson['allowances'][number]['kind'],
    unlimited: allowance.initial === null,
    initial: writeAmount(allowance.initial),
    used: Number(allowance.used),
    remaining: writeAmount(remainingOf(allowance)),
  }));
}

function writeAmount(amount: bigint | null): number | null {
  return amount === null ? null : Number(amount);
}

function writePrice(price: { amountMinor: bigint; currency: string } | null): MoneyJson | null {
  return price && writeMoney(price.amountMinor, price.currency);
}

export function writeRevocation(from: Revocation): z.output<typeof revocation> {
  return {
    revocable: from.revocable,
    reason: from.reason,
    refunds: from.refunds.map((refund) => ({
      to: refund.to,
      amount: refund.to === 'balance' ? writePrice(refund) : null,
    })),
    until: writeTime(from.until),
  };
}

export function writeBundleLot(from: BundleLot): z.output<typeof bundleLot> {
  return {
    id: from.id,
    orderId: from.orderId,
    product: from.product,
    total: from.total,
    remaining: from.remaining,
    unitPrice: writePrice(from.unitPrice),
    refundableUntil: writeTime(from.refundableUntil),
    expiresAt: from.expiresAt.toISOString(),
    expiredAt: writeTime(from.expiredAt),
    createdAt: from.createdAt.toISOString(),
  };
}

export function readApplyBundles(
  { activatesAt, ...same }: z.output<typeof applyBody>,
  accountId: string,
): ApplyBundles {
  return { accountId, ...same, ...(activatesAt !== undefined && { activatesAt: new Date(activatesAt) }) };
}
