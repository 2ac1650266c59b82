// Idempotency-Key: the client's name for one attempt to change something, so that it may safely try again.
import type { FastifyRequest } from 'fastify';
import { AppError } from '../../base/app_error.ts';
import { limits } from '../../base/limits.ts';

/** The header's value, or undefined without it. Throws `invalid_request` unless it is 1 to 255 printable ASCII characters. */
export function readIdempotencyKey(request: Pick<FastifyRequest, 'headers'>): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && key.length <= limits.idempotencyKeyCharsMax && /^[\x20-\x7e]+$/.test(key))
    return key;
  throw new AppError('invalid_request', 'The Idempotency-Key is not valid.', {
    fields: [
      {
        field: 'Idempotency-Key',
        detail: `give 1 to ${limits.idempotencyKeyCharsMax} printable ASCII characters`,
      },
    ],
  });
}
