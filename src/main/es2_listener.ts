// The port of mutual TLS, where other servers call: ES2+ for operators and from remote SM-DP+ servers, and ES12 where there is an SM-DS.
import { es2, es2Progress } from '../api/es2/index.ts';
import { type Core, ctxFor } from '../api/http/core.ts';
import { createRspServer, type RspServer, type RspServerOptions } from '../api/rsp/index.ts';
import { es12 } from '../api/smds/index.ts';
import type { Smdp } from '../modules/smdp/index.ts';
import type { Smds } from '../modules/smds/index.ts';

export type Es2Listener = Pick<RspServerOptions, 'host' | 'port' | 'tls'> & {
  core: Core;
  smdp: Smdp;
  smds: Smds | undefined;
};

/** Listens. Every client is asked for a certificate; each interface decides whom it serves. */
export function openEs2Listener({ core, smdp, smds, ...listening }: Es2Listener): Promise<RspServer> {
  return createRspServer({
    ...listening,
    asksForCertificate: true,
    serve(app) {
      app.register(es2, { ctxFor: (request) => ({ ...ctxFor(core, request), smdp }) });
      const { profileMoved } = smdp;
      app.register(es2Progress, { ctxFor: (request) => ({ ...ctxFor(core, request), profileMoved }) });
      if (smds) app.register(es12, { ctxFor: (request) => ({ ...ctxFor(core, request), smds }) });
    },
  });
}
