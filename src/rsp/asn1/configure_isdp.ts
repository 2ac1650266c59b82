// ConfigureISDPRequest: settings of the security domain that will hold the profile.
import { fields } from '../../der/fields.ts';
import { oid, readOid } from '../../der/oid.ts';
import { readTagged, type Tlv } from '../../der/tlv.ts';
import { tlv } from '../../der/write_tlv.ts';

/**
 * SGP.22 §5.5.2, BF24:
 *   dpProprietaryData [24] { dpOid [0] OBJECT IDENTIFIER, more may follow } OPTIONAL
 */
export type ConfigureIsdpRequest = { dpOid?: string | undefined };

export const configureIsdpTag = 0xbf24;

/** Throws `malformed_der`. */
export function readConfigureIsdp(source: Uint8Array | Tlv): ConfigureIsdpRequest {
  const cursor = fields(readTagged(source, configureIsdpTag));
  const data = cursor.optional(0xb8);
  cursor.rest();
  return { dpOid: data && readOid(fields(data).take(0x80)) };
}

export function writeConfigureIsdp({ dpOid }: ConfigureIsdpRequest): Uint8Array {
  return dpOid === undefined ? tlv(configureIsdpTag) : tlv(configureIsdpTag, tlv(0xb8, oid(dpOid, 0x80)));
}
