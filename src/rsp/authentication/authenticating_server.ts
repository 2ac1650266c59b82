// A server that proves itself to eUICCs and has them prove themselves: an SM-DP+ or an SM-DS (SGP.22 §3.0.1).
import type { Certificate } from '../../crypto/certificate.ts';
import type { Signer } from '../../crypto/signer.ts';
import type { RspErrorCode } from '../rsp_error.ts';
import type { Trust } from '../trust.ts';

export type AuthenticatingServer = {
  /** The addresses that mean this server, in lower case. */
  ownAddresses: ReadonlySet<string>;
  /** One for each CI under which this server has certificates, the preferred one first. */
  identities: readonly AuthIdentity[];
  trust: Trust;
  /** The specification versions of eUICCs that are served, both ends included. */
  svnMin: string;
  svnMax: string;
  /** The codes of what InitiateAuthentication refuses: each kind of server has its own. */
  refusals: Record<'address' | 'svn' | 'ciKey' | 'certificate', RspErrorCode>;
};

/** What a server proves itself with under one CI: CERT.DPauth or CERT.DSauth. `ciKeyId` is the CI's subjectKeyIdentifier. */
export type AuthIdentity = {
  ciKeyId: Uint8Array;
  oid: string;
  auth: { certificate: Certificate; signer: Signer };
};

/** True when a client that was given `address` was sent to this server. */
export function isOwnAddress(
  { ownAddresses }: Pick<AuthenticatingServer, 'ownAddresses'>,
  address: string,
): boolean {
  return ownAddresses.has(address.toLowerCase());
}

/** The address as configured, and its host with and without the port, which is 443 unless it is given. */
export function ownAddressesOf(address: string): ReadonlySet<string> {
  const full = address.toLowerCase();
  const host = /^(.*):\d+$/.exec(full)?.[1] ?? full;
  const bare = /^\[([^\]]+)\]$/.exec(host)?.[1] ?? host;
  return new Set([full, host, bare, ...(host === full ? [`${host}:443`] : [])]);
}
