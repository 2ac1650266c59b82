// A customer as it is stored: what is looked up by as columns, everything else as one document.
import type { Id } from '../../base/ids.ts';
import type { Customer, CustomerDetails } from './customer.ts';

export type CustomerRow = {
  id: string;
  account_id: string;
  email: string;
  details: CustomerDetails;
  created_at: Date;
  updated_at: Date;
};

export const customerColumns = 'id, account_id, email, details, created_at, updated_at';

export function readCustomer(row: CustomerRow): Customer {
  return {
    ...row.details,
    id: row.id as Id<'customer'>,
    accountId: row.account_id,
    email: row.email,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
