// Turns the table of routes into a server: authenticate, read, call, write, the same for all of them.
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { z } from 'zod';
import { AppError } from '../../base/app_error.ts';
import { present } from '../../base/assert.ts';
import { callParts } from '../http/call_parts.ts';
import type { Core } from '../http/core.ts';
import { fastifyUrl } from '../http/fastify_url.ts';
import { readInput } from '../http/read_input.ts';
import { refuseOtherMethods } from '../http/refuse_other_methods.ts';
import { authenticate } from './authenticate.ts';
import type { Call, Route } from './route.ts';

/** Adds `routes` to `app`, and 405 for every other method of their paths. */
export function registerRoutes(app: FastifyInstance, core: Core, routes: readonly Route[]): void {
  for (const route of routes.filter(({ isStreamed }) => !isStreamed)) app.route(optionsOf(core, route));
  void app.register((streams, _options, done) => {
    streams.removeAllContentTypeParsers();
    streams.addContentTypeParser('*', (_request, payload, parsed) => parsed(null, payload));
    for (const route of routes.filter(({ isStreamed }) => isStreamed)) streams.route(optionsOf(core, route));
    done();
  });
  refuseOtherMethods(
    app,
    routes.map(({ method, path }) => ({ method, url: fastifyUrl(path) })),
  );
}

function optionsOf(core: Core, route: Route): RouteOptions {
  return {
    method: route.method,
    url: fastifyUrl(route.path),
    ...(route.bodyBytesMax !== undefined && { bodyLimit: route.bodyBytesMax }),
    onRequest: authenticate(core, route.scope),
    ...(route.body && { preParsing: checkMediaType(route) }),
    handler: async (request, reply) => sendAnswer(reply, route, await callRoute(core, route, request, reply)),
  };
}

/** A text that one route takes is none for the others. Throws `unsupported_media_type`. */
function checkMediaType({ bodyMediaType }: Route) {
  const wanted: string[] = [bodyMediaType ?? 'application/json'].flat();
  return async ({ headers }: FastifyRequest): Promise<void> => {
    const given = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
    if (given !== undefined && !wanted.includes(given))
      throw new AppError('unsupported_media_type', `Send the body as ${wanted.join(' or ')}.`);
  };
}

function callRoute(core: Core, route: Route, request: FastifyRequest, reply: FastifyReply): unknown {
  const credential = present(request.credential, 'a credential after authentication');
  const call: Call = {
    ...callParts(core, credential, { request, reply }),
    params: route.params ? readParams(route.params, request.params) : {},
    query: route.query ? readInput(route.query, request.query, 'The query is not valid.') : {},
    body:
      route.body && !route.isStreamed
        ? readInput(route.body, request.body, 'The body is not valid.')
        : undefined,
  };
  return route.handler(call);
}

/** A path that cannot name anything names nothing. */
function readParams(schema: z.ZodObject, params: unknown): Record<string, unknown> {
  const read = schema.safeParse(params);
  if (!read.success) throw new AppError('not_found');
  return read.data;
}

/** JSON is written here, so that fastify has nothing left to look at. */
function sendAnswer(reply: FastifyReply, { response }: Route, answer: unknown): FastifyReply {
  reply.code(response.status);
  if (response.mediaType !== undefined) return reply.header('content-type', response.mediaType).send(answer);
  return reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(answer));
}
