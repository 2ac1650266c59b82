// Accounts, wallets and transfers between the wire and the core.
import type { z } from 'zod';
import { AppError } from '../../base/app_error.ts';
import type { Account, Credential } from '../../modules/accounts/index.ts';
import type { Transfer, Wallet } from '../../modules/ledger/index.ts';
import type { account, subaccount, TransferJson, topUpBody, wallet } from './account_schemas.ts';
import { readMoney, writeMoney } from './money_translate.ts';

export function writeAccount(
  from: Account,
  { wallet, thresholds }: { wallet: Wallet; thresholds: number[] },
): z.output<typeof account> {
  return { ...writeSubaccount(from), parentId: from.parentId, thresholds, wallet: writeWallet(wallet) };
}

export function writeSubaccount({
  id,
  name,
  kind,
  currency,
  createdAt,
}: Account): z.output<typeof subaccount> {
  return { id, name, kind, currency, createdAt: createdAt.toISOString() };
}

export function writeWallet(from: Wallet): z.output<typeof wallet> {
  return {
    available: writeMoney(from.availableMinor, from.currency),
    held: writeMoney(from.heldMinor, from.currency),
    spent: writeMoney(from.spentMinor, from.currency),
    funded: writeMoney(from.fundedMinor, from.currency),
  };
}

export function writeTransfer(from: Transfer): TransferJson {
  return {
    id: from.id,
    debit: from.debit as TransferJson['debit'],
    credit: from.credit as TransferJson['credit'],
    amount: writeMoney(from.amountMinor, from.currency),
    reason: from.reason,
    reference: from.reference,
    createdAt: from.createdAt.toISOString(),
  };
}

/** Throws `currency_mismatch` for another currency than the account's. */
export function readTopUp(body: z.output<typeof topUpBody>, { id, currency }: Credential['account']) {
  if (body.amount.currency !== currency)
    throw new AppError('currency_mismatch', `This account is billed in ${currency}.`, {
      fields: [{ field: 'amount.currency', detail: `give ${currency}` }],
    });
  const amountMinor = readMoney(body.amount, 'amount');
  return { accountId: id, currency, amountMinor, reference: body.reference ?? '' };
}
