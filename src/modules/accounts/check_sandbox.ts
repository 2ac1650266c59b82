// What only a sandbox may be given: money and stock out of nothing.
import { AppError } from '../../base/app_error.ts';
import type { Account } from './account.ts';

/** Throws `forbidden` for a live account. */
export function checkSandbox({ kind }: Pick<Account, 'kind'>): void {
  if (kind !== 'sandbox') throw new AppError('forbidden', 'Only sandbox accounts may do this.');
}
