// Revocation: what is said about it before it is done, by the same rules that then do it.
import type { Ctx } from '../../pg/ctx.ts';
import { areUnused } from './allowance.ts';
import { type Bundle, bundleMoves } from './bundle.ts';
import { getBundle } from './list_bundles.ts';

export type Revocation = {
  revocable: boolean;
  /** Why not. */
  reason: string | null;
  /** What may be asked for in return; nothing may always be asked for. */
  refunds: Refund[];
  /** Until when there is something in return. */
  until: Date | null;
};

export type Refund = { to: 'balance'; amountMinor: bigint; currency: string } | { to: 'inventory' };

export type RefundTo = Refund['to'];

/** What revoking the account's bundle would mean now. Throws `not_found`. */
export async function getRevocation(
  ctx: Ctx,
  of: { accountId: string; bundleId: string },
): Promise<Revocation> {
  return revocationOf(await getBundle(ctx, of), ctx.now);
}

/** The rules: unused bundles can be revoked, and given back for a while. */
export function revocationOf(bundle: Bundle, now: Date): Revocation {
  if (!bundleMoves[bundle.state].includes('revoked') || !areUnused(bundle.allowances)) {
    const reason = `The bundle is ${bundle.state}: only one that was never used can be revoked.`;
    return { revocable: false, reason, refunds: [], until: null };
  }
  const until = bundle.refundableUntil;
  const refunds = until !== null && now <= until ? refundsOf(bundle) : [];
  return { revocable: true, reason: null, refunds, until };
}

function refundsOf({ price }: Bundle): Refund[] {
  const toInventory = { to: 'inventory' as const };
  return price && price.amountMinor > 0n ? [{ to: 'balance', ...price }, toInventory] : [toInventory];
}
