// Reads a folder of certificates and keys: roles by what the certificates say, keys by their points, never by file name.
import type { KeyObject } from 'node:crypto';
import { AppError } from '../../base/app_error.ts';
import { asBuffer, toHex } from '../../base/bytes.ts';
import { type Certificate, readCertificate } from '../../crypto/certificate.ts';
import { type Crl, looksLikeCrl, readCrl } from '../../crypto/crl.ts';
import { keySigner, type Signer } from '../../crypto/signer.ts';
import { readSigningKey } from '../../crypto/signing_key.ts';
import { type CertificateRole, roleOf } from '../certificate_roles.ts';

/** `privateKey` is there when some file held the key of this certificate, `signer` also when a token holds it. */
export type Identity = {
  certificate: Certificate;
  privateKey: KeyObject | undefined;
  signer: Signer | undefined;
  path: string;
};

export type Pki = Record<CertificateRole, Identity[]> & {
  crls: { crl: Crl; path: string }[];
  /** Files that hold nothing we can use, and why. */
  unusable: { path: string; reason: string }[];
};

export type PkiFile = { path: string; bytes: Uint8Array };

/** A private key that a token keeps: certificates find it by their public point, 65 bytes. */
export type TokenKey = { publicPoint: Uint8Array; signer: Signer };

/** Certificates and CRLs in DER or PEM, keys in PEM, in any mixture; what cannot be read is listed, never thrown. */
export function readPki(files: Iterable<PkiFile>, tokenKeys: readonly TokenKey[] = []): Pki {
  const pki: Pki = {
    ci: [],
    eum: [],
    euicc: [],
    dpTls: [],
    dpAuth: [],
    dpPb: [],
    dsTls: [],
    dsAuth: [],
    crls: [],
    unusable: [],
  };
  const keys = new Map<string, KeyObject>();
  const signers = new Map(tokenKeys.map(({ publicPoint, signer }) => [toHex(publicPoint), signer]));
  const found: { path: string; certificate: Certificate }[] = [];
  for (const { path, bytes } of files) {
    try {
      const { certificates, privateKeys, crls } = readPkiFile(bytes);
      for (const { publicPoint, privateKey } of privateKeys) keys.set(toHex(publicPoint), privateKey);
      found.push(...certificates.map((certificate) => ({ path, certificate })));
      pki.crls.push(...crls.map((crl) => ({ path, crl })));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      pki.unusable.push({ path, reason: error.detail });
    }
  }
  for (const { path, certificate } of found) {
    const role = roleOf(certificate);
    const point = toHex(certificate.publicPoint);
    const privateKey = keys.get(point);
    const signer = signers.get(point) ?? (privateKey && keySigner(privateKey));
    if (role) pki[role].push({ certificate, privateKey, signer, path });
    else pki.unusable.push({ path, reason: 'a certificate without a role of SGP.22' });
  }
  return pki;
}

function readPkiFile(bytes: Uint8Array) {
  if (bytes[0] === 0x30) return readParts([bytes], []);
  const blocks = [...asBuffer(bytes).toString('latin1').matchAll(pemBlock)];
  const ders = blocks
    .filter(([, label = '']) => label === 'CERTIFICATE' || label === 'X509 CRL')
    .map(([, , body]) => pemBytes(body));
  const keys = blocks.filter(([, label]) => label?.endsWith('PRIVATE KEY')).map(([pem]) => pem);
  if (ders.length + keys.length === 0)
    throw new AppError('invalid_certificate', 'neither a certificate, a CRL nor a private key');
  return readParts(ders, keys);
}

function readParts(ders: readonly Uint8Array[], keys: readonly string[]) {
  return {
    certificates: ders.filter((der) => !looksLikeCrl(der)).map((der) => readCertificate(der)),
    crls: ders.filter(looksLikeCrl).map(readCrl),
    privateKeys: keys.map(readSigningKey),
  };
}

const pemBlock = /-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \1-----/g;

function pemBytes(body = ''): Uint8Array {
  return Buffer.from(body, 'base64');
}
