// X.509 v3 certificates with EC keys and ECDSA-SHA256 signatures, walked by hand: a third of the cost of X509Certificate.
import { hash, type KeyObject } from 'node:crypto';
import { AppError } from '../base/app_error.ts';
import { sameBytes } from '../base/bytes.ts';
import { readBitStringBytes } from '../der/bit_string.ts';
import { fields } from '../der/fields.ts';
import { readUnsigned } from '../der/integer.ts';
import { readOid } from '../der/oid.ts';
import { readTime } from '../der/time.ts';
import { malformed, readTagged, readTlv, type Tlv } from '../der/tlv.ts';
import { type CertificateExtensions, readExtensions } from './certificate_extensions.ts';
import { type Name, readName } from './certificate_name.ts';
import { type Curve, curveOfOid } from './curve.ts';
import { signatureBytes, verifyEcdsa } from './ecdsa.ts';
import { pointBytes, readPublicPoint } from './public_key.ts';

/**
 * Everything is a view on `raw`, the bytes as received; `issuer` and `subject` are raw Names, to be compared bytewise.
 * `signature` is r||s, 64 bytes; `publicPoint` 65 bytes, not yet checked to be on `curve` (`certificateKey` does).
 */
export type Certificate = CertificateExtensions & {
  raw: Uint8Array;
  tbs: Uint8Array;
  serialNumber: Uint8Array;
  issuer: Uint8Array;
  subject: Uint8Array;
  subjectName: Name;
  notBefore: Date;
  notAfter: Date;
  curve: Curve;
  publicPoint: Uint8Array;
  signature: Uint8Array;
};

const ecdsaWithSha256 = '1.2.840.10045.4.3.2';
const idEcPublicKey = '1.2.840.10045.2.1';

/**
 * Reads a DER certificate (RFC 5280 §4.1), given as bytes or as the element found inside a message.
 * Throws `malformed_der`, or `invalid_certificate` for another version, algorithm or curve.
 */
export function readCertificate(source: Uint8Array | Tlv): Certificate {
  const whole = readTagged(source, 0x30);
  const outer = fields(whole);
  const tbs = outer.take(0x30);
  const algorithm = outer.take(0x30);
  checkSignatureAlgorithm(algorithm);
  checkSameAlgorithm(tbs, algorithm);
  const signature = readEcdsaSignature(outer.take(0x03));
  outer.end();
  return { raw: whole.raw, tbs: tbs.raw, signature, ...readTbs(tbs) };
}

/** The public key, checked to be on its curve; imported once per certificate. Throws `invalid_certificate`. */
export function certificateKey(certificate: Certificate): KeyObject {
  const known = importedKeys.get(certificate);
  if (known) return known;
  const key = readPublicPoint(certificate.curve, certificate.publicPoint);
  importedKeys.set(certificate, key);
  return key;
}

/** True when `issuerKey` signed the certificate. Says nothing about dates, roles or names. */
export function isSignedBy(certificate: Certificate, issuerKey: KeyObject): boolean {
  return verifyEcdsa(issuerKey, certificate.tbs, certificate.signature);
}

/** True when `now` lies within the validity, both ends included. */
export function isValidAt(certificate: Certificate, now: Date): boolean {
  return certificate.notBefore <= now && now <= certificate.notAfter;
}

/** SHA-256 of the whole certificate in base64, a key for caches. */
export function certificateFingerprint(raw: Uint8Array): string {
  return hash('sha256', raw, 'base64');
}

const importedKeys = new WeakMap<Certificate, KeyObject>();

function readTbs(tbs: Tlv) {
  const cursor = fields(tbs);
  const version = cursor.optional(0xa0);
  if (!version || readUnsigned(readTlv(version.value)) !== 2)
    throw new AppError('invalid_certificate', 'the certificate is not of version 3');
  const serialNumber = cursor.take(0x02).value;
  checkSignatureAlgorithm(cursor.take(0x30));
  const issuer = cursor.take(0x30);
  const validity = fields(cursor.take(0x30));
  const notBefore = readTime(validity.next());
  const notAfter = readTime(validity.next());
  validity.end();
  const subject = cursor.take(0x30);
  const key = readPublicKeyInfo(cursor.take(0x30));
  cursor.optional(0x81);
  cursor.optional(0x82);
  const extensions = cursor.optional(0xa3);
  cursor.end();
  return {
    serialNumber,
    issuer: issuer.raw,
    subject: subject.raw,
    subjectName: readName(subject),
    notBefore,
    notAfter,
    ...key,
    ...readExtensions(extensions && readTagged(extensions.value, 0x30)),
  };
}

function readPublicKeyInfo(info: Tlv): { curve: Curve; publicPoint: Uint8Array } {
  const cursor = fields(info);
  const algorithm = fields(cursor.take(0x30));
  const publicPoint = readBitStringBytes(cursor.take(0x03));
  cursor.end();
  if (readOid(algorithm.take(0x06)) !== idEcPublicKey || publicPoint.length !== pointBytes)
    throw new AppError('invalid_certificate', 'the key is not an uncompressed EC key of 256 bits');
  const curve = curveOfOid(readOid(algorithm.take(0x06)));
  algorithm.end();
  return { curve, publicPoint };
}

/** Throws `invalid_certificate` unless it is ECDSA with SHA-256. */
export function checkSignatureAlgorithm(algorithm: Tlv): void {
  if (readOid(fields(algorithm).take(0x06)) !== ecdsaWithSha256)
    throw new AppError('invalid_certificate', 'the signature is not ECDSA with SHA-256');
}

/** What is not signed must repeat what is (RFC 5280 §4.1.1.2), or one certificate would have many encodings. */
function checkSameAlgorithm(tbs: Tlv, algorithm: Tlv): void {
  const cursor = fields(tbs);
  cursor.optional(0xa0);
  cursor.take(0x02);
  if (!sameBytes(cursor.take(0x30).raw, algorithm.raw))
    throw new AppError('invalid_certificate', 'the signature algorithm is not the one that was signed');
}

/** ECDSA-Sig-Value {r, s} in a BIT STRING as 64 bytes r||s (RFC 5480 §A). Throws `malformed_der`. */
export function readEcdsaSignature(field: Tlv): Uint8Array {
  const cursor = fields(readTagged(readBitStringBytes(field), 0x30));
  const out = Buffer.alloc(signatureBytes);
  for (const end of [signatureBytes / 2, signatureBytes]) {
    const { value } = cursor.take(0x02);
    const digits = value[0] === 0 ? value.subarray(1) : value;
    if (digits.length > signatureBytes / 2 || (value[0] ?? 0x80) >= 0x80)
      throw malformed('a signature of a wrong size');
    out.set(digits, end - digits.length);
  }
  cursor.end();
  return out;
}
