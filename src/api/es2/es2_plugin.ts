// ES2+ as a part of a server that asks clients for a certificate: the routes `POST /gsma/rsp2/es2plus/{function}`.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { authenticateRequester, type FunctionRequester, type SmdpCtx } from '../../modules/smdp/index.ts';
import { addRspRoutes } from '../rsp/rsp_plugin.ts';
import { es2Functions } from './es2_functions.ts';
import { peerCertificates } from './peer_certificates.ts';

export type Es2Options = {
  /** The context of one request: its id, the wall clock, the database, the SM-DP+. */
  ctxFor: (request: FastifyRequest) => SmdpCtx;
};

export function es2(app: FastifyInstance, { ctxFor }: Es2Options, done: () => void): void {
  const callers = new WeakMap<FastifyRequest, readonly FunctionRequester[]>();
  // Before the body: nobody unknown makes this server read one.
  app.addHook('onRequest', async (request) => {
    callers.set(request, await authenticateRequester(ctxFor(request), peerCertificates(request)));
  });
  addRspRoutes(app, {
    prefix: '/gsma/rsp2/es2plus',
    functions: es2Functions,
    ctxFor: (request) => ({ ...ctxFor(request), requesters: callers.get(request) ?? [] }),
    logCtx: ctxFor,
  });
  done();
}
