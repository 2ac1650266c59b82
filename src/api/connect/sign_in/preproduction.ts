// Pre-production is the sandbox of the same account: the same credentials, other data, play money, test SIMs, a clock that can be moved.
import { minorDigits } from '../../../base/money.ts';
import { type Credential, type SandboxAccount, sandboxCredential } from '../../../modules/accounts/index.ts';
import { ensureTestProfileType, generateStock, hasStock } from '../../../modules/inventory/index.ts';
import { topUp } from '../../../modules/ledger/index.ts';
import type { Ctx } from '../../http/core.ts';

// What new eSIMs of pre-production are made from, whatever a product says: the core sees to it.
export { testProfileType } from '../../../modules/inventory/index.ts';

/** The same key for the account's own sandbox, which is made when it is first asked for. */
export function preproductionOf(ctx: Ctx, credential: Credential): Promise<Credential> {
  return sandboxCredential(ctx, credential, furnish);
}

/** 1,000,000.00 of its currency, and test SIMs, of which there are always some from now on. */
async function furnish(tx: Ctx, { id: accountId, currency }: SandboxAccount): Promise<void> {
  await topUp(tx, {
    accountId,
    currency,
    amountMinor: openingBalance * 10n ** BigInt(minorDigits(currency)),
    reference: 'pre-production credit',
  });
  const profileType = await ensureTestProfileType(tx, null);
  if (await hasStock(tx, profileType.id, testSims)) return;
  await generateStock(tx, { accountId, profileType, count: testSims });
}

const openingBalance = 1_000_000n;
const testSims = 1_000;
