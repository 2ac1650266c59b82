// A TLS client certificate that signs itself: enough where it is pinned, as function requesters are.
import { keyUsage } from '../../crypto/certificate_extensions.ts';
import { makeCertificate } from '../../crypto/make_certificate.ts';
import { generateSigningKey, writeSigningKey } from '../../crypto/signing_key.ts';
import { type PemIdentity, writeCertificatePem } from './pem_identity.ts';

/** On P-256, valid from a day ago for ten years. */
export function makeClientIdentity({ commonName, now }: { commonName: string; now: Date }): PemIdentity {
  const key = generateSigningKey('P-256');
  const name = { commonName };
  const certificate = makeCertificate({
    subject: name,
    key,
    issuer: { name, key },
    notBefore: new Date(now.getTime() - dayMs),
    notAfter: new Date(now.getTime() + 3650 * dayMs),
    keyUsage: [keyUsage.digitalSignature],
    policies: [],
    extendedKeyUsages: [clientAuth],
  });
  return {
    certificate: writeCertificatePem(certificate),
    privateKey: writeSigningKey(key),
    curve: key.curve,
  };
}

const dayMs = 86_400_000;
const clientAuth = '1.3.6.1.5.5.7.3.2';
