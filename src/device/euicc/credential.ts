// A credential of the card made ready for use: certificates read, keys imported once, however many cards share them.
import type { KeyObject } from 'node:crypto';
import { fromBase64, toHex } from '../../base/bytes.ts';
import { type Certificate, readCertificate } from '../../crypto/certificate.ts';
import { keyIdOf } from '../../crypto/key_id.ts';
import { readSigningKey } from '../../crypto/signing_key.ts';
import type { CardCredential } from '../card_state.ts';

/** `ciKeyId` in upper-case hex; the certificates of EUM and eUICC as they go into messages. */
export type Credential = {
  ciKeyId: string;
  ci: Certificate;
  eumCertificate: Uint8Array;
  euiccCertificate: Uint8Array;
  privateKey: KeyObject;
};

/** Throws `malformed_der` or `invalid_certificate`. */
export function readCredential(stored: CardCredential, privateKey?: KeyObject): Credential {
  const known = credentials.get(stored);
  if (known) return known;
  const ci = readIssuer(stored.ciCertificate);
  const credential = {
    ciKeyId: toHex(ci.subjectKeyId ?? keyIdOf(ci.publicPoint)),
    ci,
    eumCertificate: fromBase64(stored.eumCertificate),
    euiccCertificate: fromBase64(stored.euiccCertificate),
    privateKey: privateKey ?? readSigningKey(stored.privateKey).privateKey,
  };
  credentials.set(stored, credential);
  return credential;
}

const credentials = new WeakMap<CardCredential, Credential>();

const issuers = new Map<string, Certificate>();
const issuersMax = 32;

function readIssuer(base64: string): Certificate {
  const known = issuers.get(base64);
  if (known) return known;
  const ci = readCertificate(fromBase64(base64));
  if (issuers.size >= issuersMax) issuers.clear();
  issuers.set(base64, ci);
  return ci;
}
