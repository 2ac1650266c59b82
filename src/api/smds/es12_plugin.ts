// ES12 and ES15 as a part of a server that asks clients for a certificate: who may call is looked at before anything is read.
import type { TLSSocket } from 'node:tls';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { checkRegistrant, type RegistrantRole, type SmdsCtx } from '../../modules/smds/index.ts';
import { addRspRoutes } from '../rsp/rsp_plugin.ts';
import { es12Functions } from './es12_functions.ts';

export type Es12Options = {
  /** The context of one request: its id, the clock, the database, the SM-DS. */
  ctxFor: (request: FastifyRequest) => SmdsCtx;
};

/** An SM-DS that passes events on may call either interface: other servers know only the paths of ES12. */
const interfaces: Record<string, readonly RegistrantRole[]> = {
  '/gsma/rsp2/es12': ['dpTls', 'dsTls'],
  '/gsma/rsp2/es15': ['dsTls'],
};

export function es12(app: FastifyInstance, { ctxFor }: Es12Options, done: () => void): void {
  for (const [prefix, roles] of Object.entries(interfaces))
    app.register((part, _, ready) => {
      // Before the body: nobody unknown makes this server read one.
      part.addHook('onRequest', async (request) => {
        checkRegistrant(ctxFor(request), clientCertificate(request), roles);
      });
      addRspRoutes(part, {
        prefix,
        functions: es12Functions,
        ctxFor: (request) => {
          const ctx = ctxFor(request);
          return { ...ctx, ...checkRegistrant(ctx, clientCertificate(request), roles) };
        },
        logCtx: ctxFor,
      });
      ready();
    });
  done();
}

/** As the client gave it in the handshake, DER; undefined when it gave none. */
function clientCertificate({ raw }: FastifyRequest): Uint8Array | undefined {
  return (raw.socket as TLSSocket).getPeerX509Certificate?.()?.raw;
}
