// The id of the customer that a request names.
import { AppError } from '../../../base/app_error.ts';
import { isId } from '../../../base/ids.ts';

/** Throws `not_found` for what cannot be one. */
export function customerIdOf({ params: { id = '' } }: { params: { id?: string } }): string {
  if (isId('customer', id)) return id;
  throw new AppError('not_found', 'There is no such customer.');
}
