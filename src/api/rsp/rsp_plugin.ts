// The functions of an RSP interface as routes: any body gets an answer in the form of SGP.22 §6.5, never an exception.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { limits } from '../../base/limits.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { addAsn1Route } from './asn1_route.ts';
import { callFunction, type RspAnswer } from './call_function.ts';
import { checkProtocolVersion, protocolHeader, protocolVersion } from './protocol_version.ts';
import type { RspFunction } from './rsp_function.ts';
import { sendJson, writeServerFault } from './server_fault.ts';

export type RspRoutes<C extends Ctx> = {
  /** `/gsma/rsp2/es9plus`. */
  prefix: string;
  functions: readonly RspFunction<C>[];
  /** The context of one request: its id, the clock, the database, who calls. What it throws is an HTTP status. */
  ctxFor: (request: FastifyRequest) => C | Promise<C>;
  /** What faults of ours are logged with. */
  logCtx: (request: FastifyRequest) => Pick<Ctx, 'log' | 'requestId'>;
};

const otherMethods = ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/**
 * Adds the routes `POST {prefix}/{function}` to this server, or to a part of it that has nothing else, and the ASN.1
 * binding of those functions that have a form in it.
 */
export function addRspRoutes<C extends Ctx>(app: FastifyInstance, routes: RspRoutes<C>): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    '*',
    { parseAs: 'string', bodyLimit: limits.es9BodyBytesMax },
    (_request, body, next) => next(null, body),
  );
  app.addHook('onSend', (_request, reply, payload, next) => {
    reply.header(protocolHeader, protocolVersion);
    next(null, payload);
  });
  app.setErrorHandler((error, request, reply) => writeServerFault(error, routes.logCtx(request), reply));

  if (routes.functions.some(({ asn1 }) => asn1)) addAsn1Route(app, routes);
  for (const each of routes.functions) {
    const url = `${routes.prefix}/${each.name}`;
    app.post(url, async (request, reply) => {
      const answer = await callFunction(await routes.ctxFor(request), each, () => {
        checkProtocolVersion(request.headers[protocolHeader]);
        return request.body;
      });
      return writeAnswer(reply, answer);
    });
    app.route({
      method: otherMethods,
      url,
      handler: (_request, reply) => reply.code(405).header('allow', 'POST').send(),
    });
  }
}

/** 200 with JSON, or 204 where the function has no answer. */
function writeAnswer(reply: FastifyReply, answer: RspAnswer): FastifyReply {
  if (answer === undefined) return reply.code(204).send();
  return sendJson(reply, 200, answer);
}
