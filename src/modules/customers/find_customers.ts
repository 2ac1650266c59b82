// Customers are found by id, or by the address or identifier that the account knows them by.
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { Customer } from './customer.ts';
import { type CustomerRow, customerColumns, readCustomer } from './customer_row.ts';

/** Throws `not_found`. */
export async function getCustomer(ctx: Ctx, of: { accountId: string; id: string }): Promise<Customer> {
  const [row] = await query<CustomerRow>(ctx.db, selectById, [of.accountId, of.id]);
  if (!row) throw new AppError('not_found', 'There is no such customer.');
  return readCustomer(row);
}

/** The customer with this address or identifier, whatever its case. */
export async function findCustomer(
  ctx: Ctx,
  of: { accountId: string; email: string },
): Promise<Customer | undefined> {
  const [row] = await query<CustomerRow>(ctx.db, selectByEmail, [of.accountId, of.email]);
  return row && readCustomer(row);
}

const select = `select ${customerColumns} from customers.customers where account_id = $1`;
const selectById = `${select} and id = $2`;
const selectByEmail = `${select} and lower(email) = lower($2)`;
