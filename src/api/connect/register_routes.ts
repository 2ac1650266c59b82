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
import { authenticate } from './sign_in/authenticate.ts';
import type { ConnectTokens } from './sign_in/connect_tokens.ts';

export type Entry = {
  /** What its paths begin with. */
  prefix: string;
  isPreproduction: boolean;
};

/** Adds `routes` to `app`, and 405 for every other method of their paths. */
export function registerRoutes(
  app: FastifyInstance,
  core: Core,
  { tokens, entry, routes }: { tokens: ConnectTokens; entry: Entry; routes: readonly Route[] },
): void {
  const all = routes.flatMap((route) => urlsOf(route).map((url) => ({ route, url })));
  for (const { route, url } of all) {
    app.route({
      method: route.method,
      url,
      onRequest: authenticate(core, tokens, { scope: route.scope, ...entry }),
      handler: (request, reply) => answer(core, route, { request, reply, entry }),
    });
  }
  refuseOtherMethods(
    app,
    all.map(({ route: { method }, url }) => ({ method, url })),
  );
}

/** The vendor's documentation writes some paths with a slash before the query. */
function urlsOf({ paths }: Route): string[] {
  return paths.map(fastifyUrl).flatMap((url) => [url, `${url}/`]);
}

type Given = { request: FastifyRequest; reply: FastifyReply; entry: Entry };

async function answer(core: Core, route: Route, given: Given): Promise<FastifyReply> {
  const { reply } = given;
  const written = await route.handler(readCall(core, route, given));
  if (written === null) return reply.send();
  return reply.header('content-type', 'application/json').send(JSON.stringify(written));
}

function readCall(core: Core, route: Route, { request, reply, entry }: Given): Call {
  const credential = present(request.connectCredential, 'a credential after authentication');
  return {
    ...callParts(core, credential, { request, reply }),
    query: route.query ? readInput(route.query, request.query, 'The query is not valid.') : {},
    body: route.body ? readInput(route.body, request.body ?? {}, 'The body is not valid.') : {},
    base: publicBaseUrl(request),
    ...entry,
  };
}
