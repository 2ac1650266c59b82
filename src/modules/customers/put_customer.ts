// Customers are made by themselves or with their first order, and changed member by member.
import { AppError } from '../../base/app_error.ts';
import { present } from '../../base/assert.ts';
import { newId } from '../../base/ids.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { emit } from '../events/index.ts';
import { type Customer, type CustomerChange, type CustomerDetails, checkCustomer } from './customer.ts';
import { type CustomerRow, customerColumns, readCustomer } from './customer_row.ts';
import { findCustomer } from './find_customers.ts';

/** What is null is not known. */
export type NewCustomer = Omit<CustomerChange, 'email'> & { accountId: string; email: string };

/** Throws `invalid_request` and `name_taken` when the account has a customer of this identifier. Call it in a `write`. */
export async function createCustomer(tx: Ctx, input: NewCustomer): Promise<Customer> {
  const made = await insertCustomer(tx, input);
  if (!made)
    throw new AppError('name_taken', 'There is a customer with this email already.', {
      fields: [{ field: 'email', detail: 'is taken' }],
    });
  return made;
}

/** The customer with this identifier, made now if the account does not know them. Throws `invalid_request`. Call it in a `write`. */
export async function ensureCustomer(tx: Ctx, input: NewCustomer): Promise<Customer> {
  const { accountId, email } = input;
  return (
    (await findCustomer(tx, { accountId, email })) ??
    (await insertCustomer(tx, input)) ??
    present(await findCustomer(tx, { accountId, email }), 'a customer that was just made')
  );
}

/** Throws `not_found`, `invalid_request` and `name_taken`. Call it in a `write`. */
export async function updateCustomer(
  tx: Ctx,
  { accountId, id, change }: { accountId: string; id: string; change: CustomerChange },
): Promise<Customer> {
  const [row] = await query<CustomerRow>(tx.db, lockText, [accountId, id]);
  if (!row) throw new AppError('not_found', 'There is no such customer.');
  const { email = row.email, ...members } = change;
  const details = merged(row.details, members);
  checkCustomer({ email, ...details });
  const other = await findCustomer(tx, { accountId, email });
  if (other && other.id !== id)
    throw new AppError('name_taken', 'There is another customer with this email.', {
      fields: [{ field: 'email', detail: 'is taken' }],
    });
  const [updated] = await query<CustomerRow>(tx.db, updateText, [id, email, JSON.stringify(details), tx.now]);
  await emit(tx, {
    accountId,
    type: 'customer.updated',
    resourceId: id,
    data: { members: Object.keys(change) },
  });
  return readCustomer(present(updated, 'a customer that was locked'));
}

/** Addresses are changed member by member too. */
function merged<T extends object>(known: T, change: object): T {
  const values = Object.entries(change).map(([name, value]) => {
    const isObject = typeof value === 'object' && value !== null;
    return [name, isObject ? merged((known as Record<string, object>)[name] ?? {}, value) : value];
  });
  const all = Object.entries({ ...known, ...Object.fromEntries(values) });
  return Object.fromEntries(all.filter(([, value]) => value !== null && value !== undefined)) as T;
}

/** Undefined when there is one of this identifier. */
async function insertCustomer(tx: Ctx, input: NewCustomer): Promise<Customer | undefined> {
  const { accountId, email, ...given } = input;
  const details = merged<CustomerDetails>({}, given);
  checkCustomer({ email, ...details });
  const id = newId('customer', tx.now.getTime());
  const [row] = await query<CustomerRow>(tx.db, insertText, [
    id,
    accountId,
    email,
    JSON.stringify(details),
    tx.now,
  ]);
  if (row) await emit(tx, { accountId, type: 'customer.created', resourceId: id, data: {} });
  return row && readCustomer(row);
}

const insertText = `
  insert into customers.customers (id, account_id, email, details, created_at, updated_at)
  values ($1, $2, $3, $4::jsonb, $5, $5) on conflict do nothing returning ${customerColumns}`;

const lockText = `select ${customerColumns} from customers.customers where account_id = $1 and id = $2 for update`;

const updateText = `
  update customers.customers set email = $2, details = $3::jsonb, updated_at = $4 where id = $1
  returning ${customerColumns}`;
