// The five ES9+ functions as routes: any body gets an answer in the form of SGP.22 §6.5, never an exception.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { limits } from '../../base/limits.ts';
import type { SmdpCtx } from '../../modules/smdp/index.ts';
import { callFunction, type Es9Answer } from './call_function.ts';
import { es9Functions } from './es9_functions.ts';
import { checkProtocolVersion, protocolHeader, protocolVersion } from './protocol_version.ts';
import { sendJson, writeServerFault } from './server_fault.ts';

export type Es9Options = {
  /** The context of one request: its id, the clock, the database, the SM-DP+. */
  ctxFor: (request: FastifyRequest) => SmdpCtx;
};

const prefix = '/gsma/rsp2/es9plus';
const otherMethods = ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** The routes `POST /gsma/rsp2/es9plus/{function}`, for a fastify server of their own or beside others. */
export function es9(app: FastifyInstance, { ctxFor }: Es9Options, done: () => void): void {
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
  app.setErrorHandler((error, request, reply) => writeServerFault(error, ctxFor(request), reply));

  for (const each of es9Functions) {
    const url = `${prefix}/${each.name}`;
    app.post(url, async (request, reply) => {
      const ctx = ctxFor(request);
      const answer = await callFunction(ctx, each, () => {
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
  done();
}

/** 200 with JSON, or 204 where the function has no answer. */
function writeAnswer(reply: FastifyReply, answer: Es9Answer): FastifyReply {
  if (answer === undefined) return reply.code(204).send();
  return sendJson(reply, 200, answer);
}
