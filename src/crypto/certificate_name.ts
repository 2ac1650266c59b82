// X.501 names, as far as SGP.22 certificates use them: a handful of attributes, each one string.

import { fields } from '../der/fields.ts';
import { oid, readOid } from '../der/oid.ts';
import { readUtf8 } from '../der/text.ts';
import { malformed, readTlvs, type Tlv } from '../der/tlv.ts';
import { sequence, tlv } from '../der/write_tlv.ts';

/** Attribute types by name (RFC 5280 §A.1). `serialNumber` carries the EID in an eUICC certificate. */
const attributeOids = {
  commonName: '2.5.4.3',
  serialNumber: '2.5.4.5',
  country: '2.5.4.6',
  organization: '2.5.4.10',
  organizationalUnit: '2.5.4.11',
} as const;

export type NameAttribute = keyof typeof attributeOids;
export type Name = Partial<Record<NameAttribute, string>>;

const attributeByOid = new Map<string, NameAttribute>(
  (Object.keys(attributeOids) as NameAttribute[]).map((name) => [attributeOids[name], name]),
);
const printableOnly: readonly NameAttribute[] = ['country', 'serialNumber'];
const printableString = 0x13;
const stringTags: readonly number[] = [0x0c, printableString, 0x16];

/** The attributes of a Name (tag 30) that we know; others are left out. Throws `malformed_der`, also for one that occurs twice. */
export function readName(name: Pick<Tlv, 'value'>): Name {
  const found: Name = {};
  for (const set of readTlvs(name.value)) {
    if (set.tag !== 0x31) throw malformed('a name holds something other than a SET');
    for (const pair of readTlvs(set.value)) readAttribute(pair, found);
  }
  return found;
}

/** A Name with these attributes, in the order they are given, each in a set of its own. */
export function writeName(name: Name): Uint8Array {
  const attributes = Object.entries(name) as [NameAttribute, string][];
  return sequence(
    ...attributes.map(([attribute, text]) => {
      const tag = printableOnly.includes(attribute) ? printableString : 0x0c;
      return tlv(0x31, sequence(oid(attributeOids[attribute]), tlv(tag, Buffer.from(text, 'utf8'))));
    }),
  );
}

function readAttribute(pair: Tlv, found: Name): void {
  if (pair.tag !== 0x30) throw malformed('a name holds something other than attributes');
  const cursor = fields(pair);
  const attribute = attributeByOid.get(readOid(cursor.take(0x06)));
  const value = cursor.next();
  cursor.end();
  if (!attribute || !stringTags.includes(value.tag)) return;
  if (attribute in found && attribute !== 'organizationalUnit')
    throw malformed(`a name with two ${attribute}s`);
  found[attribute] = readUtf8(value, 256);
}
