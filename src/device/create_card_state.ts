// A factory-new eUICC: an EID of its own, and for each certificate issuer a key pair that an EUM of that issuer certified.
import { type KeyObject, randomInt } from 'node:crypto';
import { AppError } from '../base/app_error.ts';
import { present } from '../base/assert.ts';
import { sameBytes, toBase64 } from '../base/bytes.ts';
import { completeEid, isEid } from '../base/digits.ts';
import { isValidAt } from '../crypto/certificate.ts';
import type { Curve } from '../crypto/curve.ts';
import { type SigningKey, writeSigningKey } from '../crypto/signing_key.ts';
import { isSignedByIssuer, namesIssuer } from '../rsp/check_certificate.ts';
import { makeTestEuicc } from '../rsp/pki/make_test_euicc.ts';
import type { Identity, Pki } from '../rsp/pki/read_pki.ts';
import type { CardCredential, CardProperties, CardState } from './card_state.ts';
import { readCredential } from './euicc/credential.ts';

export type CardOrder = {
  pki: Pki;
  now: Date;
  /** 32 digits within the range of every EUM; random if left out. */
  eid?: string;
  /** Only issuers on these curves; all of the PKI if left out, P-256 first. */
  curves?: readonly Curve[];
  /** True: the eUICC certificates and keys of the PKI as they are, instead of new ones. */
  givenEuicc?: boolean;
  defaultSmdp?: string;
  rootSmds?: string;
  properties?: Partial<CardProperties>;
};

const eidDigits = 32;
const validityYears = 30;

/**
 * One key pair and one signature for each issuer. Throws `invalid_certificate` when the PKI lacks what is needed (a CI,
 * an EUM under it with its key), `invalid_request` for an EID that is malformed or outside the EUM's range.
 */
export function createCardState(order: CardOrder): CardState {
  const issuers = order.givenEuicc ? findGiven(order.pki) : findEums(order);
  const eid = order.givenEuicc ? eidOf(issuers) : (order.eid ?? newEid(issuers));
  if (!isEid(eid) || !issuers.every((issuer) => mayGive(issuer, eid)))
    throw new AppError('invalid_request', `The EID ${eid} is not valid, or not one that the EUM may give.`);
  return {
    formatVersion: 1,
    eid,
    credentials: issuers.map((issuer) =>
      issuer.euicc ? givenCredential(issuer, issuer.euicc) : newCredential(issuer, eid, order.now),
    ),
    addresses: {
      ...(order.defaultSmdp === undefined ? {} : { defaultSmdp: order.defaultSmdp }),
      rootSmds: order.rootSmds ?? 'testrootsmds.gsma.com',
    },
    properties: { ...propertiesDefault, ...order.properties },
    rat: [
      {
        pprIds: ['ppr1', 'ppr2'],
        allowedOperators: [{ mccMnc: 'EEEEEE', gid1: '', gid2: '' }],
        consentRequired: true,
      },
    ],
    profiles: [],
    notifications: [],
    lastSeqNumber: 0,
    installedCount: 0,
    oneTimeKeys: [],
  };
}

const propertiesDefault: CardProperties = {
  svn: '2.3.0',
  profileVersion: '2.3.1',
  firmwareVersion: '1.0.0',
  memoryBytes: 1024 * 1024,
  forbiddenProfilePolicyRules: [],
  testProfiles: true,
  ppVersion: '1.0.0',
  sasAccreditationNumber: 'EX-AM-UP-0101',
};

type KeyedIdentity = Identity & { privateKey: KeyObject };
type Issuer = { ci: Identity; eum: Identity; euicc?: KeyedIdentity };

function findEums({ pki, curves, now }: CardOrder): Issuer[] {
  const usable = issuersOf(pki).filter(
    ({ ci, eum }) => isValidAt(eum.certificate, now) && (!curves || curves.includes(ci.certificate.curve)),
  );
  return atLeastOne(
    usable,
    'The PKI has no EUM certificate with its private key under a certificate issuer (CI).',
  );
}

const knownIssuers = new WeakMap<Pki, Issuer[]>();

/** Every CI of the PKI with an EUM that can issue; found once, so that a fleet of cards costs no verifications. */
function issuersOf(pki: Pki): Issuer[] {
  const known = knownIssuers.get(pki);
  if (known) return known;
  const found = pki.ci.filter(firstOfItsKey).flatMap((ci) => {
    const eum = pki.eum.find((each) => hasKey(each) && isIssuedBy(each, ci));
    return eum ? [{ ci, eum }] : [];
  });
  knownIssuers.set(pki, found);
  return found;
}

function findGiven(pki: Pki): Issuer[] {
  const issuers = pki.euicc.filter(hasKey).flatMap((euicc) => {
    const eum = pki.eum.find((each) => isIssuedBy(euicc, each));
    const ci = eum && pki.ci.find((each) => isIssuedBy(eum, each));
    return eum && ci ? [{ ci, eum, euicc }] : [];
  });
  const [first] = issuers;
  const eid = first?.euicc.certificate.subjectName.serialNumber;
  const sameEid = issuers.filter(({ euicc }) => euicc.certificate.subjectName.serialNumber === eid);
  return atLeastOne(sameEid, 'The PKI has no eUICC certificate with its private key under an EUM and a CI.');
}

function atLeastOne(issuers: Issuer[], detail: string): Issuer[] {
  if (issuers.length === 0) throw new AppError('invalid_certificate', detail);
  return [...issuers].sort((a, b) => nistFirst(a.ci, b.ci));
}

function eidOf([first]: Issuer[]): string {
  return first?.euicc?.certificate.subjectName.serialNumber ?? '';
}

function newEid([first]: Issuer[]): string {
  let digits = prefixesOf(present(first, 'there is an issuer'))[0] ?? '';
  while (digits.length < eidDigits - 2) digits += String(randomInt(10));
  return completeEid(digits);
}

function mayGive(issuer: Issuer, eid: string): boolean {
  return prefixesOf(issuer).some((prefix) => eid.startsWith(prefix));
}

/** The EID ranges of an EUM, as the first digits of an EID (SGP.22 §4.5.2.1.0.2). */
function prefixesOf({ eum: { certificate } }: Issuer): string[] {
  return (
    certificate.permittedEins ?? certificate.permittedNames.flatMap(({ serialNumber }) => serialNumber ?? [])
  );
}

function newCredential(issuer: Issuer, eid: string, now: Date): CardCredential {
  const { ci, eum } = issuer;
  const notAfter = new Date(now);
  notAfter.setUTCFullYear(now.getUTCFullYear() + validityYears);
  const { certificate, key } = makeTestEuicc({
    eumKey: signingKeyOf(eum),
    eumName: eum.certificate.subjectName,
    eid,
    notBefore: new Date(now.getTime() - 24 * 3600 * 1000),
    notAfter,
  });
  const stored = {
    ciCertificate: toBase64(ci.certificate.raw),
    eumCertificate: toBase64(eum.certificate.raw),
    euiccCertificate: toBase64(certificate),
    privateKey: writeSigningKey(key),
  };
  readCredential(stored, key.privateKey);
  return stored;
}

function givenCredential({ ci, eum }: Issuer, euicc: KeyedIdentity): CardCredential {
  return {
    ciCertificate: toBase64(ci.certificate.raw),
    eumCertificate: toBase64(eum.certificate.raw),
    euiccCertificate: toBase64(euicc.certificate.raw),
    privateKey: writeSigningKey(signingKeyOf(euicc)),
  };
}

function signingKeyOf({ certificate: { curve, publicPoint }, privateKey }: Identity): SigningKey {
  return { curve, publicPoint, privateKey: present(privateKey, 'the identity has its key') };
}

function isIssuedBy({ certificate }: Identity, issuer: Identity): boolean {
  return namesIssuer(certificate, issuer.certificate) && isSignedByIssuer(certificate, issuer.certificate);
}

function hasKey(identity: Identity): identity is KeyedIdentity {
  return identity.privateKey !== undefined;
}

function nistFirst(a: Identity, b: Identity): number {
  return Number(b.certificate.curve === 'P-256') - Number(a.certificate.curve === 'P-256');
}

/** A CI certificate may lie in the folder twice, as DER and as PEM. */
function firstOfItsKey({ certificate }: Identity, index: number, all: Identity[]): boolean {
  return (
    all.findIndex((other) => sameBytes(other.certificate.publicPoint, certificate.publicPoint)) === index
  );
}
