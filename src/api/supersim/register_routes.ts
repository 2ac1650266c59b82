// Turns the table of routes into a server: authenticate, read, call, write, the same for all of them.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { present } from '../../base/assert.ts';
import { callParts } from '../http/call_parts.ts';
import type { Core } from '../http/core.ts';
import { fastifyUrl } from '../http/fastify_url.ts';
import { publicBaseUrl } from '../http/public_base_url.ts';
import { readInput } from '../http/read_input.ts';
import { refuseOtherMethods } from '../http/refuse_other_methods.ts';
import type { Call, Route } from './route.ts';
import type { AccessTokens } from './sign_in/access_token.ts';
import { authenticate } from './sign_in/authenticate.ts';
import { listAnswer } from './wire/list_answer.ts';
import { type Form, queryOf, readForm } from './wire/read_forms.ts';

/** Adds `routes` to `app`, and 405 for every other method of their paths. */
export function registerRoutes(
  app: FastifyInstance,
  core: Core,
  tokens: AccessTokens,
  routes: readonly Route[],
): void {
  for (const route of routes) {
    app.route({
      method: route.method,
      url: fastifyUrl(route.path),
      onRequest: authenticate(core, tokens, route.scope),
      config: { ...(route.codes && { superSimCodes: route.codes }) },
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
  // A handler may set another one.
  reply.code('status' in route ? route.status : 200);
  const query = readForm(queryOf(request.url));
  const call = readCall(core, route, { request, reply, query });
  const written = 'list' in route ? await listAnswer(route, call, query) : await route.handler(call);
  if (reply.statusCode === 204) return reply.send();
  return reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(written));
}

type Given = { request: FastifyRequest; reply: FastifyReply; query: Form };

function readCall(core: Core, route: Route, { request, reply, query }: Given): Call {
  const { credential, caller } = present(request.superSimCaller, 'a caller after authentication');
  const form = 'form' in route ? route.form : undefined;
  return {
    ...callParts(core, credential, { request, reply }),
    query: route.query ? readInput(route.query, query, 'The query is not valid.') : {},
    form: form ? readInput(form, request.body ?? {}, 'The form is not valid.') : {},
    base: baseOf(request),
    caller,
  };
}

/** As the client called us, be it by the whole URL: with the prefix of the door, or without it on a host of its own. */
function baseOf(request: FastifyRequest): string {
  const isPrefixed = /^(https?:\/\/[^/]*)?\/supersim\//i.test(request.originalUrl);
  return `${publicBaseUrl(request)}${isPrefixed ? '/supersim' : ''}/v1`;
}
