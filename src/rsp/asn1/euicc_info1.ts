// EUICCInfo1: what an eUICC shows to a server before it is authenticated.
import { fields } from '../../der/fields.ts';
import { readTagged, type Tlv } from '../../der/tlv.ts';
import { tlv } from '../../der/write_tlv.ts';
import { readKeyIdList, writeKeyIdList } from './key_id_list.ts';
import { readVersion, writeVersion } from './version_type.ts';

/**
 * SGP.22 §5.7.8, BF20:
 *   svn [2] VersionType
 *   euiccCiPKIdListForVerification [9] SEQUENCE OF SubjectKeyIdentifier
 *   euiccCiPKIdListForSigning [10] SEQUENCE OF SubjectKeyIdentifier
 *   more may follow
 */
export type EuiccInfo1 = {
  raw: Uint8Array;
  svn: string;
  euiccCiPKIdListForVerification: Uint8Array[];
  euiccCiPKIdListForSigning: Uint8Array[];
};

export const euiccInfo1Tag = 0xbf20;

/** Throws `malformed_der`. */
export function readEuiccInfo1(source: Uint8Array | Tlv): EuiccInfo1 {
  const whole = readTagged(source, euiccInfo1Tag);
  const cursor = fields(whole);
  const svn = readVersion(cursor.take(0x82));
  const euiccCiPKIdListForVerification = readKeyIdList(cursor.take(0xa9));
  const euiccCiPKIdListForSigning = readKeyIdList(cursor.take(0xaa));
  cursor.rest();
  return { raw: whole.raw, svn, euiccCiPKIdListForVerification, euiccCiPKIdListForSigning };
}

export function writeEuiccInfo1(info: Omit<EuiccInfo1, 'raw'>): Uint8Array {
  return tlv(
    euiccInfo1Tag,
    writeVersion(info.svn, 0x82),
    writeKeyIdList(info.euiccCiPKIdListForVerification, 0xa9),
    writeKeyIdList(info.euiccCiPKIdListForSigning, 0xaa),
  );
}
