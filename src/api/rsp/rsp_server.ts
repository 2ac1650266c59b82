// An HTTPS server for RSP interfaces alone: HTTP/1.1, as SGP.22 §6.1 has it, with limits on whoever is slow.
import { constants } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { Server as TlsServer } from 'node:tls';
import Fastify, { type FastifyInstance } from 'fastify';
import { limits } from '../../base/limits.ts';
import { createServerNames, type TlsIdentities, tlsOptions } from './rsp_tls.ts';

export type RspServerOptions = {
  host: string;
  /** 0 for any free port. */
  port: number;
  /** One, or one for each name that clients ask for: the first is for those that ask for none, or for another. */
  tls: TlsIdentities;
  /** True: clients are asked for a certificate, which whoever serves them has to look at; none is refused here. */
  asksForCertificate?: boolean;
  /** Adds what is served; each interface in a part of its own (`app.register`). */
  serve: (app: FastifyInstance) => void;
};

export type RspServer = {
  app: FastifyInstance;
  port: number;
  /** Shows these certificates to whoever connects from now on; connections that are open go on. */
  replaceTls(tls: TlsIdentities): void;
  close(): Promise<void>;
};

// An LPA keeps its connection for the whole download, and a person may think about it in between.
const keepAliveTimeoutMs = 65_000;
const headersTimeoutMs = 10_000;
const requestTimeoutMs = 30_000;
const handshakeTimeoutMs = 10_000;
// Node looks every 30 seconds unless told otherwise: ten seconds would be forty.
const checkIntervalMs = 5_000;

/** Listens. Unknown paths get 404 without a body. */
export async function createRspServer({
  host,
  port,
  tls,
  asksForCertificate = false,
  serve,
}: RspServerOptions): Promise<RspServer> {
  const names = createServerNames(tls);
  // A session that is resumed from a ticket does not hold the certificates that a client sent along with its own.
  const contextOptions = (of: TlsIdentities) => ({
    ...tlsOptions(of),
    ...(asksForCertificate && { secureOptions: constants.SSL_OP_NO_TICKET }),
  });
  const app: FastifyInstance = Fastify({
    https: {
      ...contextOptions(tls),
      SNICallback: names.find,
      ...(asksForCertificate && { requestCert: true, rejectUnauthorized: false }),
      headersTimeout: headersTimeoutMs,
      connectionsCheckingInterval: checkIntervalMs,
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
  return {
    app,
    port: address.port,
    replaceTls(identities) {
      (app.server as unknown as TlsServer).setSecureContext(contextOptions(identities));
      names.replace(identities);
    },
    close: () => app.close(),
  };
}
