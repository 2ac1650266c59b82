// What a form asks to be made is made in one transaction, and once for an Idempotency-Key, which the vendor has not.
import type { Ctx } from '../../http/core.ts';
import { readIdempotencyKey } from '../../http/idempotency_key.ts';
import { writeOnce } from '../../http/write_once.ts';
import type { Call } from '../route.ts';

/**
 * Gives what `run` made of the form of this call. With the header, a repetition gets what was made the first time.
 * Throws `invalid_request` for a malformed key, `idempotency_key_reused` for one that came with another form.
 */
export function createOnce<T>(
  { ctx, account, form, request }: Pick<Call, 'ctx' | 'account' | 'request'> & { form: unknown },
  operation: string,
  run: (tx: Ctx) => Promise<T>,
): Promise<T> {
  const key = readIdempotencyKey(request);
  return writeOnce(ctx, { accountId: account.id, operation: `supersim.${operation}`, key, input: form }, run);
}
