// ReplaceSessionKeysRequest: hands the keys of a profile protected ahead of time to the eUICC it is bound to.
import type { BlockKeys } from '../../crypto/block_keys.ts';
import { fields } from '../../der/fields.ts';
import { octets, readOctets } from '../../der/octets.ts';
import { readTagged, type Tlv } from '../../der/tlv.ts';
import { tlv } from '../../der/write_tlv.ts';

export const replaceSessionKeysTag = 0xbf26;

/**
 * SGP.22 §5.5.4, BF26, each 16 bytes:
 *   initialMacChainingValue [0], ppkEnc [1], ppkCmac [2] OCTET STRING
 * Throws `malformed_der`.
 */
export function readReplaceSessionKeys(source: Uint8Array | Tlv): BlockKeys {
  const cursor = fields(readTagged(source, replaceSessionKeysTag));
  const initialMac = readOctets(cursor.take(0x80), 16);
  const encKey = readOctets(cursor.take(0x81), 16);
  const macKey = readOctets(cursor.take(0x82), 16);
  cursor.end();
  return { initialMac, encKey, macKey };
}

export function writeReplaceSessionKeys({ initialMac, encKey, macKey }: BlockKeys): Uint8Array {
  return tlv(replaceSessionKeysTag, octets(initialMac, 0x80), octets(encKey, 0x81), octets(macKey, 0x82));
}
