// Calls other RSP servers with the certificate that we have now: a reload of certificates makes the next call with the new one.
import { createRspClient, type RspClient } from '../outgoing/rsp_client.ts';
import { type PemIdentity, writeCertificatePem } from '../rsp/pki/pem_identity.ts';
import type { Trust } from '../rsp/trust.ts';

/** `identityOf` gives the same object for as long as the certificate is the same. */
export function createCurrentClient(identityOf: () => PemIdentity | undefined, trust: Trust): RspClient {
  let made: Made | undefined;
  const current = (): RspClient => {
    const identity = identityOf();
    if (made?.identity === identity && made?.cis === trust.cis) return made.client;
    made?.client.close();
    const ca = trust.cis.map(({ raw }) => writeCertificatePem(raw));
    const client = createRspClient({ ca, ...(identity && { identity }) });
    made = { identity, cis: trust.cis, client };
    return client;
  };
  return { call: (input) => current().call(input), close: () => made?.client.close() };
}

type Made = { identity: PemIdentity | undefined; cis: Trust['cis']; client: RspClient };
