// Certificate revocation lists in use: a certificate that its issuer has taken back is not to be trusted.
import { AppError } from '../base/app_error.ts';
import { asBuffer, sameBytes } from '../base/bytes.ts';
import { type Certificate, certificateKey } from '../crypto/certificate.ts';
import { keyUsage } from '../crypto/certificate_extensions.ts';
import type { Crl } from '../crypto/crl.ts';
import { verifyEcdsa } from '../crypto/ecdsa.ts';

export type Crls = {
  /**
   * True when a list that `issuer` signed names `certificate`. A list that should have been renewed (nextUpdate) still
   * counts: what is revoked stays so.
   */
  isRevoked(certificate: Certificate, issuer: Certificate): boolean;
};

export const noCrls: Crls = { isRevoked: () => false };

/**
 * Of several lists of the same issuer and scope the newest counts; one that its issuer did not sign counts for nothing.
 * Signatures are verified when an issuer is first asked about, because that of an EUM is known only then.
 */
export function createCrls(crls: readonly Crl[]): Crls {
  const byIssuer = Map.groupBy(crls, ({ issuer }) => nameKey(issuer));
  const verified = new WeakMap<Certificate, readonly Crl[]>();
  const ofIssuer = (issuer: Certificate): readonly Crl[] => {
    const named = byIssuer.get(nameKey(issuer.subject));
    if (!named) return none;
    const known = verified.get(issuer);
    if (known) return known;
    const found = newestOfEachScope(named.filter((crl) => isCrlOf(crl, issuer)));
    verified.set(issuer, found);
    return found;
  };
  return {
    isRevoked: ({ serialNumber }, issuer) => ofIssuer(issuer).some((crl) => crl.isRevoked(serialNumber)),
  };
}

/** True when `issuer` signed the list and may do so (RFC 5280 §6.3.3 f, g). */
export function isCrlOf(crl: Crl, issuer: Certificate): boolean {
  const { authorityKeyId } = crl;
  return (
    sameBytes(crl.issuer, issuer.subject) &&
    (!authorityKeyId ||
      (issuer.subjectKeyId !== undefined && sameBytes(authorityKeyId, issuer.subjectKeyId))) &&
    issuer.keyUsage?.includes(keyUsage.crlSign) === true &&
    isSigned(crl, issuer)
  );
}

/** Negative when `a` is the newer one. */
export function newestFirst(
  a: Pick<Crl, 'thisUpdate' | 'number'>,
  b: Pick<Crl, 'thisUpdate' | 'number'>,
): number {
  return b.thisUpdate.getTime() - a.thisUpdate.getTime() || compareNumbers(b.number, a.number);
}

const none: readonly Crl[] = [];

function newestOfEachScope(crls: readonly Crl[]): Crl[] {
  const sorted = [...crls].sort(newestFirst);
  return sorted.filter(({ scope }, index) => sorted.findIndex((each) => each.scope === scope) === index);
}

/** In hex, of any length. */
function compareNumbers(a = '0', b = '0'): number {
  const difference = BigInt(`0x${a}`) - BigInt(`0x${b}`);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function isSigned({ tbs, signature }: Crl, issuer: Certificate): boolean {
  try {
    return verifyEcdsa(certificateKey(issuer), tbs, signature);
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

function nameKey(name: Uint8Array): string {
  return asBuffer(name).toString('latin1');
}
