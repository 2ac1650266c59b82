// What fails on our side is logged with the id that its answer named; what a client did wrong is not.
import type { FastifyRequest } from 'fastify';
import type { AppError } from '../../base/app_error.ts';
import type { Core } from './core.ts';

/** Logs `error`, which is answered with `status`: 500 as an error, other 5xx as a warning. */
export function logFailure(core: Core, request: FastifyRequest, error: AppError, status: number): void {
  if (status < 500) return;
  const { code, internal, cause: err } = error;
  const fields = { requestId: request.id, route: request.routeOptions.url, code, internal, err };
  if (status === 500) core.log.error(fields, 'a request failed');
  else core.log.warn(fields, 'a request was refused');
}
