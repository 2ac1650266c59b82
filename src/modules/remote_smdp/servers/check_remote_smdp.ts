// What an operator says of a remote SM-DP+ is checked whole: an address that can be called, and certificates that fit their key.
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { AppError, type FieldError } from '../../../base/app_error.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import type { PutRemoteSmdp } from './remote_smdp.ts';

/** Throws `invalid_request` naming each field that cannot be. */
export function checkRemoteSmdp(ctx: Ctx, input: PutRemoteSmdp): void {
  const fields = [...formFaults(input), ...identityFaults(ctx, input), ...pemFaults(input)];
  if (fields.length > 0)
    throw new AppError('invalid_request', 'The remote SM-DP+ is not valid.', {
      fields: fields.slice(0, 100),
    });
}

/** The certificates of a PEM text, in its order. Throws when there is none, or one cannot be read. */
export function readCertificates(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]{1,20000}-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw new AppError('invalid_certificate', 'no certificate in PEM');
  return blocks.map((block) => new X509Certificate(block));
}

/** SHA-256 of a certificate in DER, in hex. */
export function fingerprintOf(certificate: X509Certificate): string {
  return certificate.fingerprint256.replaceAll(':', '').toLowerCase();
}

const pemCharsMax = 64 * 1024;
const certificatesMax = 20;
const namePattern = /^[\w.-]{1,64}$/;
const hostPattern = /^[A-Za-z0-9.-]{1,253}(:\d{1,5})?$/;
const identifierPattern = /^[\x21-\x7e]{1,255}$/;

function formFaults(input: PutRemoteSmdp): FieldError[] {
  const rules: [holds: boolean, field: string, detail: string][] = [
    [namePattern.test(input.name), 'name', 'give 1 to 64 letters, digits or _ . -'],
    [isHttpsUrl(input.es2Url), 'es2Url', 'give https://host:port, without user, query or fragment'],
    [
      identifierPattern.test(input.requesterIdentifier),
      'requesterIdentifier',
      'give 1 to 255 characters without blanks, as the operator of the SM-DP+ registered you',
    ],
    [hostPattern.test(input.smdpAddress ?? 'left.out'), 'smdpAddress', 'give a host name'],
    [hostPattern.test(input.smdsAddress ?? 'left.out'), 'smdsAddress', 'give a host name'],
  ];
  return rules.filter(([holds]) => !holds).map(([, field, detail]) => ({ field, detail }));
}

function isHttpsUrl(text: string): boolean {
  const url = text.length <= 500 ? URL.parse(text) : null;
  return (
    url !== null && url.protocol === 'https:' && !url.username && !url.password && !url.search && !url.hash
  );
}

function identityFaults({ now }: Ctx, { certificate, privateKey }: PutRemoteSmdp): FieldError[] {
  const [leaf] = tryToRead(certificate) ?? [];
  if (!leaf) return [{ field: 'certificate', detail: 'give a client certificate in PEM' }];
  if (leaf.validToDate < now)
    return [{ field: 'certificate', detail: `it expired on ${leaf.validToDate.toISOString()}` }];
  if (privateKey === undefined) return [];
  const key = tryToReadKey(privateKey);
  if (!key) return [{ field: 'privateKey', detail: 'give a private key in PEM, not encrypted' }];
  return leaf.checkPrivateKey(key)
    ? []
    : [{ field: 'privateKey', detail: 'it is not the key of the certificate' }];
}

function pemFaults({ ca, peerCertificates = [] }: PutRemoteSmdp): FieldError[] {
  const given: [field: string, pem: string][] = [
    ...(typeof ca === 'string' ? [['ca', ca] as [string, string]] : []),
    ...peerCertificates.map((pem, index): [string, string] => [`peerCertificates[${index}]`, pem]),
  ];
  return [
    ...(peerCertificates.length > certificatesMax
      ? [{ field: 'peerCertificates', detail: `give at most ${certificatesMax}` }]
      : []),
    ...given
      .filter(([, pem]) => !tryToRead(pem))
      .map(([field]) => ({ field, detail: `give 1 to ${certificatesMax} certificates in PEM` })),
  ];
}

function tryToRead(pem: string): X509Certificate[] | undefined {
  try {
    const certificates = pem.length <= pemCharsMax ? readCertificates(pem) : [];
    return certificates.length > 0 && certificates.length <= certificatesMax ? certificates : undefined;
  } catch {
    return undefined;
  }
}

function tryToReadKey(pem: string): KeyObject | undefined {
  try {
    return pem.length <= pemCharsMax ? createPrivateKey(pem) : undefined;
  } catch {
    return undefined;
  }
}
