// Writes and signs X.509 v2 certificate revocation lists: what a test CI or EUM takes back certificates with.
import { sign } from 'node:crypto';
import { bitString } from '../der/bit_string.ts';
import { boolean } from '../der/boolean.ts';
import { integer } from '../der/integer.ts';
import { octets } from '../der/octets.ts';
import { oid } from '../der/oid.ts';
import { utf8 } from '../der/text.ts';
import { time } from '../der/time.ts';
import { sequence, tlv } from '../der/write_tlv.ts';
import { type Name, writeName } from './certificate_name.ts';
import { keyIdOf } from './key_id.ts';
import type { SigningKey } from './signing_key.ts';

export type CrlRequest = {
  issuer: { name: Name | Uint8Array; key: SigningKey };
  thisUpdate: Date;
  nextUpdate?: Date;
  /** Serial numbers as their certificates have them. */
  revoked: readonly Uint8Array[];
  number?: number;
  /** The URL of the part of a split list that this is. */
  distributionPoint?: string;
  /** Further extensions, for those that readers must refuse. */
  extensions?: { id: string; critical: boolean; value: Uint8Array }[];
};

/** The signed list in DER. */
export function makeCrl(request: CrlRequest): Uint8Array {
  const { issuer, thisUpdate, nextUpdate, revoked } = request;
  const algorithm = sequence(oid('1.2.840.10045.4.3.2'));
  const at = time(thisUpdate);
  const tbs = sequence(
    integer(1),
    algorithm,
    issuer.name instanceof Uint8Array ? issuer.name : writeName(issuer.name),
    at,
    ...(nextUpdate ? [time(nextUpdate)] : []),
    ...(revoked.length > 0
      ? [sequence(Buffer.concat(revoked.map((serialNumber) => sequence(octets(serialNumber, 0x02), at))))]
      : []),
    tlv(0xa0, sequence(...extensions(request))),
  );
  const signature = sign('sha256', tbs, { key: issuer.key.privateKey, dsaEncoding: 'der' });
  return sequence(tbs, algorithm, bitString(signature));
}

function extensions({ issuer, number = 1, distributionPoint, extensions: more = [] }: CrlRequest) {
  return [
    extension('2.5.29.35', sequence(tlv(0x80, keyIdOf(issuer.key.publicPoint)))),
    extension('2.5.29.20', integer(number)),
    ...(distributionPoint === undefined
      ? []
      : [extension('2.5.29.28', sequence(tlv(0xa0, tlv(0xa0, utf8(distributionPoint, 0x86)))), true)]),
    ...more.map(({ id, critical, value }) => extension(id, value, critical)),
  ];
}

function extension(id: string, value: Uint8Array, critical = false): Uint8Array {
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), octets(value));
}
