// What the certificates of an SM-DP+ or SM-DS at an address say, before a test CI signs them.
import { isIP } from 'node:net';
import { keyUsage } from '../../crypto/certificate_extensions.ts';
import type { CertificateRequest } from '../../crypto/make_certificate.ts';
import { type CertificateRole, roleOids } from '../certificate_roles.ts';
import { hostOf, ipBytes } from './host.ts';

export type IssuedRequest = Omit<CertificateRequest, 'key' | 'issuer' | 'notBefore' | 'notAfter'>;
export type ServerRole = Extract<CertificateRole, 'dpAuth' | 'dpPb' | 'dpTls' | 'dsAuth' | 'dsTls'>;

export const testSmdpOid = '2.999.10';
export const testSmdsOid = '2.999.15';

/** Folder and name of the files of a role, as GSMA SGP.26 has them. */
export const serverFiles: Record<ServerRole, { folder: string; name: string }> = {
  dpAuth: { folder: 'DPauth', name: 'S_SM_DPauth_ECDSA' },
  dpPb: { folder: 'DPpb', name: 'S_SM_DPpb_ECDSA' },
  dpTls: { folder: 'DPtls', name: 'S_SM_DP_TLS' },
  dsAuth: { folder: 'DSauth', name: 'S_SM_DSauth_ECDSA' },
  dsTls: { folder: 'DStls', name: 'S_SM_DS_TLS' },
};

/** The certificate of this role for a server at `address` (host or host:port) whose identity is `oid`. */
export function serverRequest(role: ServerRole, address: string, oid: string): IssuedRequest {
  const host = hostOf(address);
  const isTls = role === 'dpTls' || role === 'dsTls';
  return {
    subject: { organization: 'Overair', commonName: host.slice(0, 64) },
    keyUsage: [keyUsage.digitalSignature],
    registeredId: oid,
    policies: [roleOids[role]],
    ...(isTls && { extendedKeyUsages: [serverAuth, clientAuth], ...tlsNames(host) }),
  };
}

const serverAuth = '1.3.6.1.5.5.7.3.1';
const clientAuth = '1.3.6.1.5.5.7.3.2';

/** A certificate for this machine answers to all the names that clients on it use. */
function tlsNames(host: string): { dnsNames: string[]; ipAddresses: Uint8Array[] } {
  if (host !== 'localhost' && isIP(host) === 0) return { dnsNames: [host], ipAddresses: [] };
  const addresses = new Set(['127.0.0.1', '::1', ...(isIP(host) ? [host] : [])]);
  return { dnsNames: ['localhost'], ipAddresses: [...addresses].map(ipBytes) };
}
