// Absolute URLs in answers name the host that the client used, so that they work from where it stands.
import type { FastifyRequest } from 'fastify';
import { AppError } from '../../base/app_error.ts';

/**
 * `https://host[:port]` as the client called us: from `Host`, or from `X-Forwarded-Proto` and `-Host` when the server
 * was made to trust its proxy. Throws `invalid_request` when that is no host name.
 */
export function publicBaseUrl(request: Pick<FastifyRequest, 'protocol' | 'host'>): string {
  const { protocol, host } = request;
  if (!hostPattern.test(host ?? ''))
    throw new AppError('invalid_request', 'The Host header is not a host name.', {
      fields: [{ field: 'Host', detail: 'give the name and port of this server' }],
    });
  return `${protocol === 'https' ? 'https' : 'http'}://${host}`;
}

const hostPattern = /^([A-Za-z0-9][A-Za-z0-9._-]{0,252}|\[[0-9A-Fa-f:.]{2,45}\])(:\d{1,5})?$/;
