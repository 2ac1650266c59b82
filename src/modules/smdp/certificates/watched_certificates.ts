// What must be renewed in time: the certificates this installation works with, the CIs it trusts, and the lists of both.
import { toHex } from '../../../base/bytes.ts';
import type { Certificate } from '../../../crypto/certificate.ts';
import type { Crl } from '../../../crypto/crl.ts';
import { keyIdOf } from '../../../crypto/key_id.ts';
import type { Identity, Pki } from '../../../rsp/pki/read_pki.ts';

export type WatchedCertificate = {
  role: 'CI' | 'DPauth' | 'DPpb' | 'DPtls' | 'DSauth' | 'DStls' | 'CRL';
  /** The common name, and the OID if it has one; of a list the name of its issuer. */
  subject: string;
  /** The subject key identifier in hex; of a list that of its issuer. */
  keyId: string;
  notAfter: Date;
  /** The file, or the URL of a list. */
  path: string;
};

const roles = [
  ['ci', 'CI'],
  ['dpAuth', 'DPauth'],
  ['dpPb', 'DPpb'],
  ['dpTls', 'DPtls'],
  ['dsAuth', 'DSauth'],
  ['dsTls', 'DStls'],
] as const;

/** Those with a key (and all CIs) that no other one of the same purpose outlasts. */
export function watchedCertificates(
  pki: Pki,
  lists: readonly { crl: Crl; source: string }[] = [],
): WatchedCertificate[] {
  const certificates = roles.flatMap(([key, role]) =>
    pki[key]
      .filter(({ signer }) => key === 'ci' || signer !== undefined)
      .filter((identity, index, all) => !all.some((other, at) => outlasts(other, identity, at < index)))
      .map(({ certificate, path }) => ({ role, path, ...describe(certificate) })),
  );
  const ownLists = pki.crls.map(({ crl, path }) => ({ crl, source: path }));
  return [...certificates, ...[...ownLists, ...lists].flatMap((list) => describeList(list, pki))];
}

/** `other` does the same as `identity`, for longer; of two equal ones the first is kept. */
function outlasts(other: Identity, identity: Identity, isEarlier: boolean): boolean {
  if (other === identity || purposeOf(other) !== purposeOf(identity)) return false;
  const longer = other.certificate.notAfter.getTime() - identity.certificate.notAfter.getTime();
  return longer > 0 || (longer === 0 && isEarlier);
}

function purposeOf({ certificate }: Identity): string {
  const { curve, authorityKeyId, registeredIds, dnsNames, ipAddresses, subject } = certificate;
  const issuer = authorityKeyId ?? certificate.issuer;
  const names = [...dnsNames, ...ipAddresses.map(toHex)].sort();
  return JSON.stringify([curve, toHex(issuer), registeredIds, names.length > 0 ? names : toHex(subject)]);
}

function describe(certificate: Certificate): Pick<WatchedCertificate, 'subject' | 'keyId' | 'notAfter'> {
  const { subjectName, registeredIds, subjectKeyId, publicPoint, notAfter } = certificate;
  const subject = [subjectName.commonName ?? subjectName.organization ?? '', ...registeredIds].join(' ');
  return { subject: subject.trim(), keyId: toHex(subjectKeyId ?? keyIdOf(publicPoint)), notAfter };
}

/** A list without an end is never late. */
function describeList({ crl, source }: { crl: Crl; source: string }, pki: Pki): WatchedCertificate[] {
  const { nextUpdate, authorityKeyId, issuer } = crl;
  if (!nextUpdate) return [];
  const by = [...pki.ci, ...pki.eum].find(
    ({ certificate }) => Buffer.compare(certificate.subject, issuer) === 0,
  );
  const subject = by ? describe(by.certificate).subject : '';
  return [
    { role: 'CRL', subject, keyId: toHex(authorityKeyId ?? issuer), notAfter: nextUpdate, path: source },
  ];
}
