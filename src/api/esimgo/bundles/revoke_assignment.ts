// An unused bundle is taken off its eSIM, or what that would mean is said.
import { z } from 'zod';
import { type Bundle, getRevocation, type Refund, type RefundTo } from '../../../modules/bundles/index.ts';
import type { Esim } from '../../../modules/esims/index.ts';
import { revokeBundle } from '../../../modules/orders/index.ts';
import { lockLines } from '../../../modules/sims/index.ts';
import type { Ctx } from '../../http/core.ts';
import { writeOnce } from '../../http/write_once.ts';
import { esimOfPath } from '../esims/esim_of_path.ts';
import type { Call } from '../route.ts';
import { writeAmount } from '../wire/amount.ts';
import { EsimGoRefusal } from '../wire/errors.ts';
import { choice, flag, text } from '../wire/fields.ts';
import { writeTime } from '../wire/time.ts';
import { assignmentOfId, oldestUnused } from './find_assignments.ts';

export const revokeQuery = z.object({
  type: choice(['validate', 'transaction']).default('transaction'),
  refundToBalance: flag.default(false),
  offerId: text(64).exactOptional(),
});

type RevokeCall = Call<z.output<typeof revokeQuery>, unknown>;

/** The assignment that the path or `offerId` names, else the oldest unused one of the name. */
export async function revokeByPath(call: RevokeCall): Promise<{ status: string }> {
  const { ctx, account, query, params, idempotencyKey: key } = call;
  const esim = await esimOfPath(call);
  if (query.type === 'validate') {
    const { revocation } = await loadRevocable(ctx, call, esim);
    return { status: writeOptions(revocation) };
  }
  const once = { accountId: account.id, operation: 'esim_go.revoke', key, input: { params, query } };
  return await writeOnce(ctx, once, (tx) => revokeNow(tx, call, esim));
}

/** Who comes at the same time waits for the line, and then finds the next unused one. */
async function revokeNow(tx: Ctx, call: RevokeCall, esim: Esim): Promise<{ status: string }> {
  const { id: accountId } = call.account;
  await lockLines(tx, { accountId, keys: [esim.id] });
  const { bundle, revocation } = await loadRevocable(tx, call, esim);
  const refundTo = chooseRefund(call.query.refundToBalance, revocation.refunds);
  await revokeBundle(tx, { accountId, bundleId: bundle.id, refundTo });
  return { status: outcomes[refundTo ?? 'nothing'] };
}

type Revocable = { bundle: Bundle; revocation: { refunds: Refund[]; until: Date | null } };

async function loadRevocable(
  ctx: Ctx,
  { account, params, query }: RevokeCall,
  esim: Esim,
): Promise<Revocable> {
  const { id: accountId } = account;
  const of = { accountId, esim, name: params['name'] ?? '' };
  const id = params['assignmentId'] ?? query.offerId;
  const bundle = await (id === undefined ? oldestUnused(ctx, of) : assignmentOfId(ctx, { ...of, id }));
  const revocation = await getRevocation(ctx, { accountId, bundleId: bundle.id });
  if (revocation.revocable) return { bundle, revocation };
  throw new EsimGoRefusal(400, revocation.reason ?? 'This bundle cannot be revoked.', 'bundle_used');
}

/** To the inventory unless the balance is asked for; once the time for it is over, nothing is given back. */
function chooseRefund(toBalance: boolean, refunds: readonly Refund[]): RefundTo | null {
  if (toBalance) return 'balance';
  return refunds.some(({ to }) => to === 'inventory') ? 'inventory' : null;
}

const outcomes = {
  inventory: 'Successfully Revoked Bundle, bundle has been refunded to inventory',
  balance: 'Successfully Revoked Bundle, bundle has been refunded to balance',
  nothing: 'Successfully Revoked Bundle',
} as const;

function writeOptions({ refunds, until }: Revocable['revocation']): string {
  if (refunds.length === 0 || until === null) return 'Bundle can be revoked, without a refund';
  const options = refunds.map((refund) =>
    refund.to === 'inventory'
      ? 'to inventory'
      : `to balance (${writeAmount(refund.amountMinor, refund.currency)} ${refund.currency})`,
  );
  return `Bundle can be revoked, and refunded ${options.join(' or ')} until ${writeTime(until)}`;
}
