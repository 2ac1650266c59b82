// eUICC certificates seen a moment ago: a download reads the same one three times, and importing its key costs most.
import { type Certificate, certificateFingerprint, readCertificate } from '../../../crypto/certificate.ts';

export type CertificateCache = {
  /** The certificate of these bytes, read now or before. Says nothing about trust. Throws as `readCertificate` does. */
  read(raw: Uint8Array): Certificate;
  put(certificate: Certificate): void;
};

/** At most `entriesMax` certificates, about 3 kB each; the oldest goes first. */
export function createCertificateCache(entriesMax = 2000): CertificateCache {
  const entries = new Map<string, Certificate>();
  const keep = (fingerprint: string, certificate: Certificate) => {
    const oldest = entries.size >= entriesMax ? entries.keys().next().value : undefined;
    if (oldest !== undefined) entries.delete(oldest);
    entries.set(fingerprint, certificate);
    return certificate;
  };
  return {
    read(raw) {
      const fingerprint = certificateFingerprint(raw);
      return entries.get(fingerprint) ?? keep(fingerprint, readCertificate(raw));
    },
    put: (certificate) => void keep(certificateFingerprint(certificate.raw), certificate),
  };
}
