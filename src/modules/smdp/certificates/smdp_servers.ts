// The addresses of an SM-DP+ with what it shows at each: a TLS certificate, and a signing pair for each CI.
import { AppError } from '../../../base/app_error.ts';
import { sameBytes } from '../../../base/bytes.ts';
import { isOwnAddress, ownAddressesOf } from '../../../rsp/authentication/authenticating_server.ts';
import { type PemIdentity, writePemIdentity } from '../../../rsp/pki/pem_identity.ts';
import type { Pki } from '../../../rsp/pki/read_pki.ts';
import { type SmdpIdentity, selectSmdpIdentities } from '../../../rsp/pki/select_smdp_identities.ts';
import { RspError } from '../../../rsp/rsp_error.ts';

export type SmdpServer = {
  /** Host name, optionally with a port, as it is configured. */
  address: string;
  /** What LPAs may call it, in lower case. */
  ownAddresses: ReadonlySet<string>;
  /** One for each CI, the preferred one first. */
  identities: readonly SmdpIdentity[];
  /** Undefined when the PKI has no TLS certificate for this address. */
  tls: PemIdentity | undefined;
};

/** Throws `invalid_certificate` when no CI has a usable DPauth and DPpb pair of this server under it. */
export function smdpServers(pki: Pki, addresses: readonly string[], now: Date): SmdpServer[] {
  return addresses.map((address) => {
    const { identities, tls } = selectSmdpIdentities(pki, { smdpAddress: address, now });
    if (identities.length === 0) throw noIdentity(pki);
    return { address, ownAddresses: ownAddressesOf(address), identities, tls: tls && writePemIdentity(tls) };
  });
}

/** The server that a client which dialled `address` was sent to; undefined for somebody else's. */
export function serverAt<Server extends Pick<SmdpServer, 'ownAddresses'>>(
  { servers }: { servers: readonly Server[] },
  address: string,
): Server | undefined {
  return servers.find((server) => isOwnAddress(server, address));
}

/**
 * The identity that a session was started with: under this CI, at the address that it was started at (the first one when
 * the session does not say). Throws RspError `transaction_unknown` when a reload has taken it away.
 */
export function identityOf(
  { servers }: { servers: readonly SmdpServer[] },
  ciKeyId: Uint8Array,
  serverAddress?: string | null,
): SmdpIdentity {
  const server = serverAddress ? servers.find(({ address }) => address === serverAddress) : servers[0];
  const identity = server?.identities.find((each) => sameBytes(each.ciKeyId, ciKeyId));
  if (!identity)
    throw new RspError('transaction_unknown', 'The certificates of this session are no longer in use.');
  return identity;
}

function noIdentity(pki: Pki): AppError {
  return new AppError(
    'invalid_certificate',
    'No usable SM-DP+ identity: give DPauth and DPpb certificates with the same OID, valid now, their private keys, and the CI certificate that signed them.',
    { internal: pki.unusable.map(({ path, reason }) => `${path}: ${reason}`).join('; ') },
  );
}
