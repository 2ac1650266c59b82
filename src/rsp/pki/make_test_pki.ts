// Makes a whole test PKI: CI, EUM, one eUICC, and the certificates of an SM-DP+ and an SM-DS at addresses of our choice.
import { completeEid } from '../../base/digits.ts';
import { keyUsage } from '../../crypto/certificate_extensions.ts';
import type { Curve } from '../../crypto/curve.ts';
import { makeCertificate } from '../../crypto/make_certificate.ts';
import { generateSigningKey, type SigningKey, writeSigningKey } from '../../crypto/signing_key.ts';
import { roleOids } from '../certificate_roles.ts';
import { makeTestEuicc, testEumName } from './make_test_euicc.ts';
import {
  type IssuedRequest,
  type ServerRole,
  serverFiles,
  serverRequest,
  testSmdpOid,
  testSmdsOid,
} from './server_requests.ts';

export type TestPkiInput = {
  /** host or host:port; the TLS certificate is for the host, and for loopback too if that is where it is. */
  smdpAddress: string;
  now: Date;
  curve?: Curve;
  validityYears?: number;
  smdpOid?: string;
  /** Of an SM-DS; without it there are no certificates for one. */
  smdsAddress?: string;
  /** 32 digits starting with 89049032, the range of the test EUM. */
  eid?: string;
  crlUrls?: string[];
};

/** EIDs of the test EUM start like this. */
export const testEumEidPrefix = '89049032';
export const testEid = completeEid('890490321234512345123456789012');

const ciName = {
  commonName: 'Overair Test CI',
  organizationalUnit: 'TESTCERT',
  organization: 'Overair',
  country: 'IT',
};

/** The files of the PKI by relative path, laid out as GSMA SGP.26 lays out its test certificates; keys are PKCS #8 PEM. */
export function makeTestPki(input: TestPkiInput): Map<string, Uint8Array> {
  const { curve = 'P-256', now, eid = testEid } = input;
  const files = new Map<string, Uint8Array>();
  const suffix = curve === 'P-256' ? 'NIST' : 'BRP';
  const add = (folder: string, name: string, certificate: Uint8Array, key: SigningKey) => {
    files.set(`${folder}/CERT_${name}_${suffix}.der`, certificate);
    files.set(`${folder}/SK_${name}_${suffix}.pem`, Buffer.from(writeSigningKey(key)));
  };

  const ciKey = generateSigningKey(curve);
  const validity = { notBefore: startOf(now), notAfter: yearsLater(now, input.validityYears ?? 10) };
  const crl = input.crlUrls ? { crlUrls: input.crlUrls } : {};
  const issue = (key: SigningKey, request: IssuedRequest) =>
    makeCertificate({ ...request, ...validity, ...crl, key, issuer: { name: ciName, key: ciKey } });

  add('CertificateIssuer', 'CI_ECDSA', issue(ciKey, ciRequest), ciKey);
  const eumKey = generateSigningKey(curve);
  add('EUM', 'EUM_ECDSA', issue(eumKey, eumRequest), eumKey);
  const euicc = makeTestEuicc({ eumKey, eid, ...validity });
  add('eUICC', 'EUICC_ECDSA', euicc.certificate, euicc.key);
  for (const [role, request] of serverRequests(input)) {
    const key = generateSigningKey(curve);
    add(serverFiles[role].folder, serverFiles[role].name, issue(key, request), key);
  }
  return files;
}

function serverRequests(input: TestPkiInput): [ServerRole, IssuedRequest][] {
  const { smdpAddress, smdpOid = testSmdpOid, smdsAddress } = input;
  const smdp = (['dpAuth', 'dpPb', 'dpTls'] as const).map((role): [ServerRole, IssuedRequest] => [
    role,
    serverRequest(role, smdpAddress, smdpOid),
  ]);
  if (smdsAddress === undefined) return smdp;
  const smds = (['dsAuth', 'dsTls'] as const).map((role): [ServerRole, IssuedRequest] => [
    role,
    serverRequest(role, smdsAddress, testSmdsOid),
  ]);
  return [...smdp, ...smds];
}

const ciRequest: IssuedRequest = {
  subject: ciName,
  keyUsage: [keyUsage.keyCertSign, keyUsage.crlSign],
  policies: [roleOids.ci],
  ca: {},
  registeredId: '2.999.1',
};

const eumRequest: IssuedRequest = {
  subject: testEumName,
  keyUsage: [keyUsage.keyCertSign, keyUsage.crlSign],
  policies: [roleOids.eum],
  ca: { pathLength: 0 },
  registeredId: '2.999.5',
  permittedName: { organization: testEumName.organization, serialNumber: testEumEidPrefix },
};

/** A day early, so that a device whose clock is a little behind accepts the certificates too. */
function startOf(now: Date): Date {
  return new Date(now.getTime() - 24 * 3600 * 1000);
}

function yearsLater(now: Date, years: number): Date {
  const later = new Date(now);
  later.setUTCFullYear(later.getUTCFullYear() + years);
  return later;
}
