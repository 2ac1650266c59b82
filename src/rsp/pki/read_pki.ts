// Reads a folder of certificates and keys: roles by what the certificates say, keys by their points, never by file name.
import type { KeyObject } from 'node:crypto';
import { AppError } from '../../base/app_error.ts';
import { asBuffer, toHex } from '../../base/bytes.ts';
import { type Certificate, readCertificate } from '../../crypto/certificate.ts';
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
  /** Files that hold nothing we can use, and why. */
  unusable: { path: string; reason: string }[];
};

export type PkiFile = { path: string; bytes: Uint8Array };

/** Certificates in DER or PEM, keys in PEM, in any mixture; what cannot be read is listed, never thrown. */
export function readPki(files: Iterable<PkiFile>): Pki {
  const pki: Pki = {
    ci: [],
    eum: [],
    euicc: [],
    dpTls: [],
    dpAuth: [],
    dpPb: [],
    dsTls: [],
    dsAuth: [],
    unusable: [],
  };
  const keys = new Map<string, KeyObject>();
  const found: { path: string; certificate: Certificate }[] = [];
  for (const { path, bytes } of files) {
    try {
      const { certificates, privateKeys } = readPkiFile(bytes);
      for (const { publicPoint, privateKey } of privateKeys) keys.set(toHex(publicPoint), privateKey);
      found.push(...certificates.map((certificate) => ({ path, certificate })));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      pki.unusable.push({ path, reason: error.detail });
    }
  }
  for (const { path, certificate } of found) {
    const role = roleOf(certificate);
    const privateKey = keys.get(toHex(certificate.publicPoint));
    if (role) pki[role].push({ certificate, privateKey, signer: privateKey && keySigner(privateKey), path });
    else pki.unusable.push({ path, reason: 'a certificate without a role of SGP.22' });
  }
  return pki;
}

function readPkiFile(bytes: Uint8Array) {
  if (bytes[0] === 0x30) return { certificates: [readCertificate(bytes)], privateKeys: [] };
  const blocks = [...asBuffer(bytes).toString('latin1').matchAll(pemBlock)];
  const certificates = blocks
    .filter(([, label]) => label === 'CERTIFICATE')
    .map(([, , body]) => pemBytes(body));
  const privateKeys = blocks.filter(([, label]) => label?.endsWith('PRIVATE KEY')).map(([pem]) => pem);
  if (certificates.length + privateKeys.length === 0)
    throw new AppError('invalid_certificate', 'neither a certificate nor a private key');
  return { certificates: certificates.map(readCertificate), privateKeys: privateKeys.map(readSigningKey) };
}

const pemBlock = /-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \1-----/g;

function pemBytes(body = ''): Uint8Array {
  return Buffer.from(body, 'base64');
}
