// An HTTPS server for RSP interfaces alone: HTTP/1.1, as SGP.22 §6.1 has it, with limits on whoever is slow.
import type { AddressInfo } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import Fastify, { type FastifyInstance } from 'fastify';
import { limits } from '../../base/limits.ts';
import type { PemIdentity } from '../../rsp/pki/pem_identity.ts';

export type RspServerOptions = {
  host: string;
  /** 0 for any free port. */
  port: number;
  tls: PemIdentity;
  /** True: clients are asked for a certificate, which whoever serves them has to look at; none is refused here. */
  asksForCertificate?: boolean;
  /** Adds what is served; each interface in a part of its own (`app.register`). */
  serve: (app: FastifyInstance) => void;
};

export type RspServer = { app: FastifyInstance; port: number; close(): Promise<void> };

// An LPA keeps its connection for the whole download, and a person may think about it in between.
const keepAliveTimeoutMs = 65_000;
const headersTimeoutMs = 10_000;
const requestTimeoutMs = 30_000;
const handshakeTimeoutMs = 10_000;

/** Listens. Unknown paths get 404 without a body. */
export async function createRspServer({
  host,
  port,
  tls,
  asksForCertificate = false,
  serve,
}: RspServerOptions): Promise<RspServer> {
  const app: FastifyInstance = Fastify({
    https: {
      ...tlsOptions(tls),
      ...(asksForCertificate && { requestCert: true, rejectUnauthorized: false }),
      headersTimeout: headersTimeoutMs,
      handshakeTimeout: handshakeTimeoutMs,
    },
    keepAliveTimeout: keepAliveTimeoutMs,
    requestTimeout: requestTimeoutMs,
    bodyLimit: limits.es9BodyBytesMax,
    // What keeps idle connections from holding up a stop.
    forceCloseConnections: 'idle',
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send());
  serve(app);
  await app.listen({ host, port });
  const address = app.server.address() as AddressInfo;
  return { app, port: address.port, close: () => app.close() };
}

/** With a Brainpool certificate TLS must end at 1.2: there is no signature scheme for it in OpenSSL's 1.3. */
function tlsOptions({ certificate, privateKey, curve }: PemIdentity): SecureContextOptions {
  const common: SecureContextOptions = { cert: certificate, key: privateKey, minVersion: 'TLSv1.2' };
  return curve === 'P-256'
    ? common
    : { ...common, maxVersion: 'TLSv1.2', ecdhCurve: 'P-256:brainpoolP256r1' };
}
