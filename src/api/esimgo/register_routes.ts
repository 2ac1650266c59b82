// Turns the table of routes into a server: authenticate, read, call, write, the same for all of them.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { present } from '../../base/assert.ts';
import { callParts } from '../http/call_parts.ts';
import type { Core } from '../http/core.ts';
import { fastifyUrl } from '../http/fastify_url.ts';
import { readIdempotencyKey } from '../http/idempotency_key.ts';
import { publicBaseUrl } from '../http/public_base_url.ts';
import { readInput } from '../http/read_input.ts';
import { refuseOtherMethods } from '../http/refuse_other_methods.ts';
import type { Call, Route } from './route.ts';
import { authenticate } from './sign_in/authenticate.ts';
import { checkScope } from './sign_in/check_scope.ts';
import { limitRequests } from './sign_in/limit_requests.ts';
import { chooseMediaType } from './wire/choose_media_type.ts';
import { readQuery } from './wire/read_query.ts';

/** Adds `routes` to `app`, and 405 for every other method of their paths. */
export function registerRoutes(app: FastifyInstance, core: Core, routes: readonly Route[]): void {
  for (const route of routes) {
    app.route({
      method: route.method,
      url: fastifyUrl(route.path),
      onRequest: [authenticate(core), limitRequests(core), checkScope(route.scope)],
      config: {
        esimGo: { fieldNames: route.fieldNames ?? {}, textErrors: route.textErrors === true },
      },
      handler: (request, reply) => answer(core, route, request, reply),
    });
  }
  refuseOtherMethods(
    app,
    routes.map(({ method, path }) => ({ method, url: fastifyUrl(path) })),
  );
}

async function answer(
  core: Core,
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const call = readCall(core, route, { request, reply });
  const written = await route.handler(call);
  if (written === reply) return reply;
  return reply.header('content-type', 'application/json').send(JSON.stringify(written));
}

function readCall(
  core: Core,
  route: Route,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): Call {
  const credential = present(request.esimGoCredential, 'a credential after authentication');
  return {
    ...callParts(core, credential, { request, reply }),
    accepted: acceptedType(route, request, reply),
    query: route.query ? readInput(route.query, readQuery(request.query), 'The query is not valid.') : {},
    body: route.body ? readInput(route.body, request.body ?? {}, 'The body is not valid.') : {},
    idempotencyKey: route.method === 'GET' ? undefined : readIdempotencyKey(request),
    base: publicBaseUrl(request),
  };
}

function acceptedType(
  { accept = ['application/json'] }: Route,
  { headers }: FastifyRequest,
  reply: FastifyReply,
) {
  if (accept.length > 1) reply.header('vary', 'Accept');
  return chooseMediaType(headers.accept, accept);
}
