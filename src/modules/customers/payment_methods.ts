// The ways a customer pays, as they are shown: never with their token.
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { emit } from '../events/index.ts';
import { getCustomer } from './find_customers.ts';

export type PaymentMethod = {
  id: string;
  kind: string;
  gateway: string;
  name: string | null;
  lastDigits: string;
  expiryMonth: number;
  expiryYear: number;
  createdAt: Date;
};

/** All of them, oldest first: at most 20. Throws `not_found` for an unknown customer. */
export async function listPaymentMethods(
  ctx: Ctx,
  { accountId, customerId }: { accountId: string; customerId: string },
): Promise<PaymentMethod[]> {
  await getCustomer(ctx, { accountId, id: customerId });
  const rows = await query<PaymentMethodRow>(ctx.db, selectText, [customerId]);
  return rows.map(({ last_digits, expiry_month, expiry_year, created_at, ...same }) => ({
    ...same,
    lastDigits: last_digits,
    expiryMonth: expiry_month,
    expiryYear: expiry_year,
    createdAt: created_at,
  }));
}

/** Throws `not_found`. Call it in a `write`. */
export async function removePaymentMethod(
  tx: Ctx,
  of: { accountId: string; customerId: string; id: string },
): Promise<void> {
  const rows = await query(tx.db, deleteText, [of.accountId, of.customerId, of.id]);
  if (rows.length === 0) throw new AppError('not_found', 'There is no such payment method.');
  const { accountId, customerId, id } = of;
  await emit(tx, {
    accountId,
    type: 'payment_method.removed',
    resourceId: customerId,
    data: { paymentMethod: id },
  });
}

type PaymentMethodRow = Pick<PaymentMethod, 'id' | 'kind' | 'gateway' | 'name'> & {
  last_digits: string;
  expiry_month: number;
  expiry_year: number;
  created_at: Date;
};

const selectText = `
  select id, kind, gateway, name, last_digits, expiry_month, expiry_year, created_at
  from customers.payment_methods where customer_id = $1 order by id`;

const deleteText = `
  delete from customers.payment_methods where account_id = $1 and customer_id = $2 and id = $3 returning 1`;
