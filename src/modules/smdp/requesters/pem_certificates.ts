// Client certificates of operators in PEM: of any kind that TLS knows, RSA ones too, which no eUICC would take.
import { X509Certificate } from 'node:crypto';
import { AppError } from '../../../base/app_error.ts';

/** The certificates in a PEM text, one or several. Throws `invalid_request` naming `field`. */
export function readPemCertificates(pem: string, field: string): X509Certificate[] {
  const blocks = pem.length <= pemCharsMax ? (pem.match(pemBlock) ?? []) : [];
  if (blocks.length === 0 || blocks.length > certificatesMax)
    throw badPem(field, `give 1 to ${certificatesMax} certificates in PEM`);
  return blocks.map((block) => {
    try {
      return new X509Certificate(block);
    } catch (cause) {
      throw badPem(field, 'this is no X.509 certificate in PEM', cause);
    }
  });
}

/** SHA-256 in lower-case hex. */
export function fingerprintOf({ fingerprint256 }: X509Certificate): string {
  return fingerprint256.replaceAll(':', '').toLowerCase();
}

/** What is to be seen of a certificate. */
export function describeCertificates(pem: string): CertificateDescription[] {
  return readPemCertificates(pem, 'certificate').map((certificate) => ({
    fingerprint: fingerprintOf(certificate),
    subject: certificate.subject.replaceAll('\n', ', '),
    notAfter: new Date(certificate.validTo),
  }));
}

export type CertificateDescription = { fingerprint: string; subject: string; notAfter: Date };

/** True when `now` lies within the validity. */
export function isCurrent({ validFrom, validTo }: X509Certificate, now: Date): boolean {
  return Date.parse(validFrom) <= now.getTime() && now.getTime() <= Date.parse(validTo);
}

const certificatesMax = 10;
const pemCharsMax = 64 * 1024;
const pemBlock = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

function badPem(field: string, detail: string, cause?: unknown): AppError {
  return new AppError('invalid_request', 'A certificate cannot be read.', {
    fields: [{ field, detail }],
    ...(cause !== undefined && { cause }),
  });
}
