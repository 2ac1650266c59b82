// Lots expire: what is left of them can be assigned no more.
import type { Ctx } from '../../pg/ctx.ts';
import type { DueWork } from '../../pg/due_work.ts';
import { query } from '../../pg/query.ts';
import { write } from '../../pg/write.ts';
import { emit } from '../events/index.ts';

export const lotsDueWork: DueWork = {
  name: 'bundle lots',
  nextDueAt: async (ctx, accountId) => {
    const [row] = await query<{ expires_at: Date | null }>(ctx.db, selectNext, [accountId]);
    return row?.expires_at ?? null;
  },
  runDue: (ctx, accountId) => write(ctx, {}, (tx) => expireLots(tx, accountId)),
};

const lotsPerRound = 500;

async function expireLots(tx: Ctx, accountId: string | null): Promise<number> {
  const rows = await (accountId === null
    ? query<ExpiredRow>(tx.db, expireSql, [tx.now, lotsPerRound])
    : query<ExpiredRow>(tx.db, expireOfAccountSql, [tx.now, lotsPerRound, accountId]));
  const lost = rows.filter(({ remaining }) => remaining > 0);
  await emit(
    tx,
    ...lost.map((row) => ({
      accountId: row.account_id,
      type: 'bundle_lot.expired' as const,
      resourceId: row.id,
      data: { product: row.product_name, quantity: row.remaining, at: row.expires_at.toISOString() },
    })),
  );
  return rows.length;
}

type ExpiredRow = {
  id: string;
  account_id: string;
  product_name: string;
  remaining: number;
  expires_at: Date;
};

const selectNext = `
  select min(expires_at) as expires_at from orders.bundle_lots where account_id = $1 and expired_at is null`;

function expiryOf(due: string): string {
  return `
  with due as materialized (
    select id from orders.bundle_lots where ${due} and expires_at <= $1 and expired_at is null
    order by expires_at limit $2 for update skip locked
  )
  update orders.bundle_lots l set expired_at = l.expires_at where l.id = any(array(select id from due))
  returning l.id, l.account_id, l.product_name, l.remaining, l.expires_at`;
}

const expireSql = expiryOf('true');
const expireOfAccountSql = expiryOf('account_id = $3');
