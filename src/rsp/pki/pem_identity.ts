// A certificate of the PKI and its key as TLS servers and clients want them.
import { toBase64 } from '../../base/bytes.ts';
import type { Curve } from '../../crypto/curve.ts';
import type { TlsIdentity } from './select_identities.ts';

/** Certificate and key in PEM. */
export type PemIdentity = { certificate: string; privateKey: string; curve: Curve };

export function writePemIdentity({ certificate, privateKey }: TlsIdentity): PemIdentity {
  return {
    certificate: writeCertificatePem(certificate.raw),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    curve: certificate.curve,
  };
}

/** A certificate in DER as PEM. */
export function writeCertificatePem(der: Uint8Array): string {
  const body = toBase64(der).replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
}
