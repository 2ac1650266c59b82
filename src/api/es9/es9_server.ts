// The HTTPS server of ES9+ alone: for the address that LPAs talk to.
import type { AddressInfo } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import Fastify, { type FastifyInstance } from 'fastify';
import { limits } from '../../base/limits.ts';
import type { TlsIdentity } from '../../modules/smdp/index.ts';
import { type Es9Options, es9 } from './es9_plugin.ts';

export type Es9ServerOptions = Es9Options & {
  host: string;
  /** 0 for any free port. */
  port: number;
  tls: TlsIdentity;
};

export type Es9Server = { app: FastifyInstance; port: number; close(): Promise<void> };

// An LPA keeps its connection for the whole download, and a person may think about it in between.
const keepAliveTimeoutMs = 65_000;
const headersTimeoutMs = 10_000;
const requestTimeoutMs = 30_000;
const handshakeTimeoutMs = 10_000;

/** Listens; HTTP/1.1 only, as SGP.22 §6.1 has it. Unknown paths get 404 without a body. */
export async function createEs9Server({ host, port, tls, ctxFor }: Es9ServerOptions): Promise<Es9Server> {
  const app: FastifyInstance = Fastify({
    https: { ...tlsOptions(tls), headersTimeout: headersTimeoutMs, handshakeTimeout: handshakeTimeoutMs },
    keepAliveTimeout: keepAliveTimeoutMs,
    requestTimeout: requestTimeoutMs,
    bodyLimit: limits.es9BodyBytesMax,
    // What keeps idle connections from holding up a stop.
    forceCloseConnections: 'idle',
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send());
  await app.register(es9, { ctxFor });
  await app.listen({ host, port });
  const address = app.server.address() as AddressInfo;
  return { app, port: address.port, close: () => app.close() };
}

/** With a Brainpool certificate TLS must end at 1.2: there is no signature scheme for it in OpenSSL's 1.3. */
function tlsOptions({ certificate, privateKey, curve }: TlsIdentity): SecureContextOptions {
  const common: SecureContextOptions = { cert: certificate, key: privateKey, minVersion: 'TLSv1.2' };
  return curve === 'P-256'
    ? common
    : { ...common, maxVersion: 'TLSv1.2', ecdhCurve: 'P-256:brainpoolP256r1' };
}
