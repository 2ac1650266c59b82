// Ledger: the money of the accounts, by double entry.
// Owns: ledger.wallets, ledger.transfers. Emits: balance.topped_up, balance.refunded.
// Invariants: every transfer debits one side and credits another by the same amount; available + held + spent =
// funded in every wallet, kept by the database; nothing goes below zero; an order is held, settled and released at
// most once each.

export { endHolds, type HoldToEnd } from './end_holds.ts';
export { holdFundsSql } from './hold_funds_sql.ts';
export { listTransfers, type Transfer } from './list_transfers.ts';
export { type Refund, refund } from './refund.ts';
export { type ToppedUp, topUp } from './top_up.ts';
export { topUpWithinDay } from './top_up_within_day.ts';
export { getWallet, type Wallet } from './wallet.ts';
