// EUM certificates whose signature by a CI was verified before: saves a parse and a verification for each download.
import { type Certificate, certificateFingerprint } from '../crypto/certificate.ts';

/** Holds only what never changes, the signature: dates, revocation and trust in the CI are checked again at each use. */
export type EumCache = {
  /** The certificate with these bytes, and the CI that was found to have signed it. */
  get(raw: Uint8Array): VerifiedEum | undefined;
  put(verified: VerifiedEum): void;
  /** Those it holds. */
  all(): VerifiedEum[];
};

export type VerifiedEum = { certificate: Certificate; issuer: Certificate };

/** A cache of at most `entriesMax` certificates, about 3 kB each; the oldest goes first. */
export function createEumCache(entriesMax = 1000): EumCache {
  const entries = new Map<string, VerifiedEum>();
  return {
    get(raw) {
      return entries.get(certificateFingerprint(raw));
    },
    all: () => [...entries.values()],
    put(verified) {
      const oldest = entries.size >= entriesMax ? entries.keys().next().value : undefined;
      if (oldest !== undefined) entries.delete(oldest);
      entries.set(certificateFingerprint(verified.certificate.raw), verified);
    },
  };
}
