// ExtendedCardResourceInformation (ETSI TS 102 226 §8.2.1.7.2): how much an eUICC has left.

import { concat } from '../../base/bytes.ts';
import { fields } from '../../der/fields.ts';
import { integer, readUnsigned } from '../../der/integer.ts';

/** 81 installed applications, 82 free non-volatile memory, 83 free volatile memory. */
export type ExtCardResource = {
  installedApplications: number;
  freeNonVolatileBytes: number;
  freeVolatileBytes: number;
};

/** Throws `malformed_der`. */
export function readExtCardResource(bytes: Uint8Array): ExtCardResource {
  const cursor = fields(bytes, 'ber');
  return {
    installedApplications: readUnsigned(cursor.take(0x81)),
    freeNonVolatileBytes: readUnsigned(cursor.take(0x82)),
    freeVolatileBytes: readUnsigned(cursor.take(0x83)),
  };
}

export function writeExtCardResource(resource: ExtCardResource): Uint8Array {
  return concat(
    integer(resource.installedApplications, 0x81),
    integer(resource.freeNonVolatileBytes, 0x82),
    integer(resource.freeVolatileBytes, 0x83),
  );
}
