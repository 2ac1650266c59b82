// SEQUENCE OF SubjectKeyIdentifier: the CI keys an eUICC knows, best first (SGP.22 §4.3).
import { readOctets } from '../../der/octets.ts';
import { malformed, readTlvs, type Tlv } from '../../der/tlv.ts';
import { tlv } from '../../der/write_tlv.ts';

const keyIdsMax = 64;

/** Throws `malformed_der`. */
export function readKeyIdList(field: Tlv): Uint8Array[] {
  const ids = readTlvs(field.value);
  if (ids.length > keyIdsMax || ids.some((id) => id.tag !== 0x04))
    throw malformed('not a list of key identifiers');
  return ids.map((id) => readOctets(id, 1, 64));
}

export function writeKeyIdList(ids: readonly Uint8Array[], tag: number): Uint8Array {
  return tlv(tag, ...ids.map((id) => tlv(0x04, id)));
}
