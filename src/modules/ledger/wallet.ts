// A wallet: what an account has in one currency, and where it stands.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';

export type Wallet = {
  currency: string;
  /** Put in, less paid out: available + held + spent. */
  fundedMinor: bigint;
  availableMinor: bigint;
  /** Kept aside for orders under way. */
  heldMinor: bigint;
  spentMinor: bigint;
};

/** The account's wallet in this currency; an empty one when nothing was ever put in. */
export async function getWallet(ctx: Ctx, of: { accountId: string; currency: string }): Promise<Wallet> {
  const [row] = await query<WalletRow>(ctx.db, selectWallet, [of.accountId, of.currency]);
  return {
    currency: of.currency,
    fundedMinor: row?.funded_minor ?? 0n,
    availableMinor: row?.available_minor ?? 0n,
    heldMinor: row?.held_minor ?? 0n,
    spentMinor: row?.spent_minor ?? 0n,
  };
}

type WalletRow = { funded_minor: bigint; available_minor: bigint; held_minor: bigint; spent_minor: bigint };

const selectWallet = `
  select funded_minor, available_minor, held_minor, spent_minor
  from ledger.wallets where account_id = $1 and currency = $2`;
