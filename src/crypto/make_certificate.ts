// Writes and signs X.509 v3 certificates: what a test PKI of our own is made of.
import { randomBytes, sign } from 'node:crypto';
import { bitString, namedBits } from '../der/bit_string.ts';
import { boolean } from '../der/boolean.ts';
import { integer } from '../der/integer.ts';
import { octets } from '../der/octets.ts';
import { oid } from '../der/oid.ts';
import { utf8 } from '../der/text.ts';
import { time } from '../der/time.ts';
import { sequence, tlv } from '../der/write_tlv.ts';
import { extensionOids } from './certificate_extensions.ts';
import { type Name, writeName } from './certificate_name.ts';
import { curves } from './curve.ts';
import { keyIdOf } from './key_id.ts';
import type { SigningKey } from './signing_key.ts';

export type CertificateRequest = {
  subject: Name;
  /** The point of this key goes into the certificate; its private half is not touched. */
  key: Pick<SigningKey, 'curve' | 'publicPoint'>;
  /** `name` as bytes where the issuer's certificate is not ours: names are compared bytewise. Likewise its `keyId`. */
  issuer: { name: Name | Uint8Array; key: SigningKey; keyId?: Uint8Array | undefined };
  notBefore: Date;
  notAfter: Date;
  /** Bit numbers, see `keyUsage`. */
  keyUsage: number[];
  policies: string[];
  /** Given for a CA only. */
  ca?: { pathLength?: number };
  registeredId?: string;
  dnsNames?: string[];
  /** 4 or 16 bytes each. */
  ipAddresses?: Uint8Array[];
  permittedName?: Name;
  permittedEins?: string[];
  extendedKeyUsages?: string[];
  crlUrls?: string[];
};

/** The signed certificate in DER, with a random serial number and both key identifiers. */
export function makeCertificate(request: CertificateRequest): Uint8Array {
  const algorithm = sequence(oid('1.2.840.10045.4.3.2'));
  const tbs = sequence(
    tlv(0xa0, integer(2)),
    integer(BigInt(`0x7${randomBytes(8).toString('hex')}`)),
    algorithm,
    issuerName(request.issuer.name),
    sequence(time(request.notBefore), time(request.notAfter)),
    writeName(request.subject),
    publicKeyInfo(request.key),
    tlv(0xa3, sequence(...extensions(request))),
  );
  const signature = sign('sha256', tbs, { key: request.issuer.key.privateKey, dsaEncoding: 'der' });
  return sequence(tbs, algorithm, bitString(signature));
}

function issuerName(name: Name | Uint8Array): Uint8Array {
  return name instanceof Uint8Array ? name : writeName(name);
}

function publicKeyInfo({ curve, publicPoint }: Pick<SigningKey, 'curve' | 'publicPoint'>): Uint8Array {
  return sequence(sequence(oid('1.2.840.10045.2.1'), oid(curves[curve].oid)), bitString(publicPoint));
}

function extensions(request: CertificateRequest): Uint8Array[] {
  const ids = extensionOids;
  const critical = true;
  return [
    extension(
      ids.authorityKeyId,
      sequence(tlv(0x80, request.issuer.keyId ?? keyIdOf(request.issuer.key.publicPoint))),
    ),
    extension(ids.subjectKeyId, octets(keyIdOf(request.key.publicPoint))),
    extension(ids.keyUsage, namedBits(request.keyUsage), critical),
    request.policies.length > 0 &&
      extension(
        ids.policies,
        listOf(request.policies, (policy) => sequence(oid(policy))),
        critical,
      ),
    request.ca && extension(ids.basicConstraints, basicConstraints(request.ca), critical),
    request.extendedKeyUsages &&
      extension(
        ids.extendedKeyUsage,
        listOf(request.extendedKeyUsages, (id) => oid(id)),
        critical,
      ),
    subjectAltName(request),
    request.permittedName && extension(ids.nameConstraints, nameConstraints(request.permittedName), critical),
    request.permittedEins &&
      extension(
        ids.permittedEins,
        listOf(request.permittedEins, (ein) => tlv(0x13, Buffer.from(ein))),
      ),
    request.crlUrls && extension(ids.crlDistributionPoints, listOf(request.crlUrls, distributionPoint)),
  ].filter((bytes) => bytes instanceof Uint8Array);
}

function extension(id: string, value: Uint8Array, critical = false): Uint8Array {
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), octets(value));
}

function subjectAltName(request: CertificateRequest): Uint8Array | undefined {
  const names = [
    ...(request.dnsNames ?? []).map((name) => utf8(name, 0x82)),
    ...(request.ipAddresses ?? []).map((address) => octets(address, 0x87)),
    ...(request.registeredId ? [oid(request.registeredId, 0x88)] : []),
  ];
  return names.length > 0 ? extension(extensionOids.subjectAltName, sequence(...names)) : undefined;
}

function basicConstraints({ pathLength }: { pathLength?: number }): Uint8Array {
  return sequence(boolean(true), ...(pathLength === undefined ? [] : [integer(pathLength)]));
}

function nameConstraints(permitted: Name): Uint8Array {
  return sequence(tlv(0xa0, sequence(tlv(0xa4, writeName(permitted)))));
}

function distributionPoint(url: string): Uint8Array {
  return sequence(tlv(0xa0, tlv(0xa0, utf8(url, 0x86))));
}

function listOf(values: readonly string[], write: (value: string) => Uint8Array): Uint8Array {
  return sequence(...values.map(write));
}
