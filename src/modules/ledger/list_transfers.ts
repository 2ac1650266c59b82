// The statement of an account: its transfers, newest first, page by page.
import { limits } from '../../base/limits.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';

export type Transfer = {
  /** `trf_…` */
  id: string;
  currency: string;
  debit: string;
  credit: string;
  amountMinor: bigint;
  reason: 'top_up' | 'order_hold' | 'order_settle' | 'order_release' | 'refund';
  /** The order's id, or the words given with a top-up. */
  reference: string;
  createdAt: Date;
};

/** Up to `limit` transfers of the account older than the id `before`. */
export async function listTransfers(
  ctx: Ctx,
  filter: { accountId: string; before?: string; limit?: number },
): Promise<Transfer[]> {
  const before = filter.before === undefined ? 2n ** 62n : BigInt(`0x${filter.before.slice(4)}`);
  const limit = Math.min(filter.limit ?? limits.pageSizeDefault, limits.pageSizeMax);
  const rows = await query<TransferRow>(ctx.db, selectTransfers, [filter.accountId, before, limit]);
  return rows.map((row) => ({
    id: `trf_${row.position.toString(16).padStart(32, '0')}`,
    currency: row.currency,
    debit: row.debit,
    credit: row.credit,
    amountMinor: row.amount_minor,
    reason: row.reason,
    reference: row.reference,
    createdAt: row.created_at,
  }));
}

type TransferRow = {
  position: bigint;
  currency: string;
  debit: string;
  credit: string;
  amount_minor: bigint;
  reason: Transfer['reason'];
  reference: string;
  created_at: Date;
};

const selectTransfers = `
  select position, currency, debit, credit, amount_minor, reason, reference, created_at
  from ledger.transfers where account_id = $1 and position < $2 order by position desc limit $3`;
