// Pages of the origins that the operator allows may call; the headers are those that the vendor's document lists.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiSettings } from '../../http/core.ts';

/** Adds the headers to every answer of `app`, errors included, and answers preflights itself. */
export function allowOrigins(app: FastifyInstance, { corsOrigins = anyOrigin }: ApiSettings): void {
  app.addHook('onRequest', async (request, reply) => {
    addCorsHeaders(request, reply, corsOrigins);
    if (request.method !== 'OPTIONS') return undefined;
    return reply.header('access-control-max-age', preflightSecondsMax).code(204).send();
  });
}

/**
 * Any origin without credentials; or, where origins are listed, the listed one that asks, with credentials. An origin
 * that may not call is told nothing.
 */
export function addCorsHeaders(
  request: FastifyRequest,
  reply: FastifyReply,
  corsOrigins: readonly string[] = anyOrigin,
): void {
  const { origin } = request.headers;
  const isAny = corsOrigins.includes('*');
  if (!isAny) reply.header('vary', 'Origin');
  const allowed = isAny ? '*' : corsOrigins.find((each) => each === origin);
  if (allowed === undefined) return;
  reply.headers({
    'access-control-allow-origin': allowed,
    'access-control-allow-methods': 'GET, POST, DELETE, OPTIONS',
    'access-control-allow-headers': 'Accept, Authorization, Content-Type, Idempotency-Key, X-Request-Id',
    'access-control-expose-headers': 'Allow, Retry-After, WWW-Authenticate, X-Request-Id',
    ...(!isAny && { 'access-control-allow-credentials': 'true' }),
  });
}

const anyOrigin = ['*'];
const preflightSecondsMax = '7200';
