// The connections of this process to remote servers: one client per server, made anew when its settings change.
import type { Curve } from '../../../crypto/curve.ts';
import { createRspClient, type RspClient } from '../../../outgoing/rsp_client.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { readCertificates } from '../servers/check_remote_smdp.ts';
import { keyOwner } from '../servers/put_remote_smdp.ts';
import type { RemoteSmdp } from '../servers/remote_smdp.ts';

export type RemoteClients = {
  clientOf(ctx: Ctx, server: RemoteSmdp & { privateKey: Buffer }): RspClient;
  /** Ends all connections, and with them the calls under way. */
  close(): void;
};

export function createRemoteClients({ timeoutMs = 10_000 } = {}): RemoteClients {
  const held = new Map<string, { version: bigint; client: RspClient }>();
  return {
    clientOf(ctx, server) {
      const known = held.get(server.id);
      if (known?.version === server.version) return known.client;
      const client = createRspClient({
        identity: {
          certificate: server.certificate,
          privateKey: ctx.vault.open(server.privateKey, keyOwner(server.id)).toString(),
          curve: curveOf(server.certificate),
        },
        ca: server.ca === null ? [] : [server.ca],
        systemRoots: server.ca === null,
        timeoutMs,
      });
      held.set(server.id, { version: server.version, client });
      known?.client.close();
      return client;
    },
    close() {
      for (const { client } of held.values()) client.close();
      held.clear();
    },
  };
}

/** All but Brainpool is served alike by TLS. */
function curveOf(pem: string): Curve {
  const name = readCertificates(pem)[0]?.publicKey.asymmetricKeyDetails?.namedCurve;
  return name?.startsWith('brainpool') ? 'brainpoolP256r1' : 'P-256';
}
