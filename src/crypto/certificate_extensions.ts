// The X.509 extensions that SGP.22 certificates carry (SGP.22 §4.5.2.1, RFC 5280 §4.2), read into plain values.
import { readNamedBits } from '../der/bit_string.ts';
import { readBoolean } from '../der/boolean.ts';
import { fields } from '../der/fields.ts';
import { readUnsigned } from '../der/integer.ts';
import { readOctets } from '../der/octets.ts';
import { readOid } from '../der/oid.ts';
import { readUtf8 } from '../der/text.ts';
import { malformed, readTagged, readTlv, readTlvs, type Tlv } from '../der/tlv.ts';
import { type Name, readName } from './certificate_name.ts';

export const extensionOids = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  policies: '2.5.29.32',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  permittedEins: '2.23.146.1.2.2.0',
} as const;

/** Bits of KeyUsage (RFC 5280 §4.2.1.3). */
export const keyUsage = { digitalSignature: 0, keyCertSign: 5, crlSign: 6 } as const;

export type CertificateExtensions = {
  subjectKeyId: Uint8Array | undefined;
  authorityKeyId: Uint8Array | undefined;
  /** Bit numbers as in `keyUsage`; undefined when the extension is absent. */
  keyUsage: number[] | undefined;
  /** Certificate policies; the role of an RSP certificate is one of them. */
  policies: string[];
  basicConstraints: { ca: boolean; pathLength: number | undefined } | undefined;
  dnsNames: string[];
  ipAddresses: Uint8Array[];
  /** Object identifiers in subjectAltName: the identity of an SM-DP+, EUM or CI. */
  registeredIds: string[];
  /** The permitted subtrees that are directory names: of an EUM, `organization` and a `serialNumber` prefix. */
  permittedNames: Name[];
  /** EID prefixes an EUM may issue for, where it says so in the GSMA extension. */
  permittedEins: string[] | undefined;
  extendedKeyUsages: string[];
  crlUrls: string[];
  /** Critical extensions that are not in this list: whoever trusts the certificate must refuse them (RFC 5280 §4.2). */
  unknownCritical: string[];
};

/** Reads the Extensions of a certificate (the SEQUENCE inside A3). Throws `malformed_der`. */
export function readExtensions(list: Tlv | undefined): CertificateExtensions {
  const found = noExtensions();
  const seen = new Set<string>();
  for (const extension of list ? readTlvs(list.value) : []) {
    const cursor = fields(extension);
    const id = readOid(cursor.take(0x06));
    const critical = cursor.optional(0x01);
    const value = cursor.take(0x04).value;
    cursor.end();
    if (seen.has(id)) throw malformed(`the extension ${id} occurs twice`);
    seen.add(id);
    const read = readers.get(id);
    if (read) read(readTlv(value), found);
    else if (critical && readBoolean(critical)) found.unknownCritical.push(id);
  }
  return found;
}

function noExtensions(): CertificateExtensions {
  return {
    subjectKeyId: undefined,
    authorityKeyId: undefined,
    keyUsage: undefined,
    policies: [],
    basicConstraints: undefined,
    dnsNames: [],
    ipAddresses: [],
    registeredIds: [],
    permittedNames: [],
    permittedEins: undefined,
    extendedKeyUsages: [],
    crlUrls: [],
    unknownCritical: [],
  };
}

type Reader = (value: Tlv, found: CertificateExtensions) => void;

const readers = new Map<string, Reader>([
  [
    extensionOids.subjectKeyId,
    (value, found) => (found.subjectKeyId = readOctets(readTagged(value, 0x04), 1, 64)),
  ],
  [extensionOids.keyUsage, (value, found) => (found.keyUsage = readNamedBits(readTagged(value, 0x03)))],
  [extensionOids.subjectAltName, readSubjectAltName],
  [extensionOids.basicConstraints, readBasicConstraints],
  [extensionOids.nameConstraints, readNameConstraints],
  [extensionOids.crlDistributionPoints, readCrlDistributionPoints],
  [extensionOids.policies, readPolicies],
  [extensionOids.authorityKeyId, readAuthorityKeyId],
  [
    extensionOids.extendedKeyUsage,
    (value, found) => (found.extendedKeyUsages = readTlvs(readTagged(value, 0x30).value).map(readOid)),
  ],
  [
    extensionOids.permittedEins,
    (value, found) =>
      (found.permittedEins = readTlvs(readTagged(value, 0x30).value).map((ein) => readUtf8(ein, 32))),
  ],
]);

function readPolicies(value: Tlv, found: CertificateExtensions): void {
  found.policies = readTlvs(readTagged(value, 0x30).value).map((policy) =>
    readOid(fields(policy).take(0x06)),
  );
}

function readSubjectAltName(value: Tlv, found: CertificateExtensions): void {
  for (const name of readTlvs(readTagged(value, 0x30).value)) {
    if (name.tag === 0x82) found.dnsNames.push(readUtf8(name, 255));
    if (name.tag === 0x87) found.ipAddresses.push(name.value);
    if (name.tag === 0x88) found.registeredIds.push(readOid(name));
  }
}

function readBasicConstraints(value: Tlv, found: CertificateExtensions): void {
  const cursor = fields(readTagged(value, 0x30));
  const ca = cursor.optional(0x01);
  const pathLength = cursor.optional(0x02);
  cursor.end();
  found.basicConstraints = {
    ca: ca !== undefined && readBoolean(ca),
    pathLength: pathLength && readUnsigned(pathLength),
  };
}

function readAuthorityKeyId(value: Tlv, found: CertificateExtensions): void {
  const keyId = fields(readTagged(value, 0x30)).optional(0x80);
  found.authorityKeyId = keyId && readOctets(keyId, 1, 64);
}

function readNameConstraints(value: Tlv, found: CertificateExtensions): void {
  const permitted = fields(readTagged(value, 0x30)).optional(0xa0);
  for (const subtree of permitted ? readTlvs(permitted.value) : []) {
    const directoryName = fields(subtree).optional(0xa4);
    if (directoryName) found.permittedNames.push(readName(readTlv(directoryName.value)));
  }
}

function readCrlDistributionPoints(value: Tlv, found: CertificateExtensions): void {
  for (const point of readTlvs(readTagged(value, 0x30).value)) {
    const fullName = fields(fields(point).optional(0xa0) ?? Buffer.alloc(0)).optional(0xa0);
    for (const name of fullName ? readTlvs(fullName.value) : [])
      if (name.tag === 0x86) found.crlUrls.push(readUtf8(name));
  }
}
