// PrepareDownloadRequest: the SM-DP+'s offer, handed to the eUICC (ES10b.PrepareDownload).
import { fields } from '../../der/fields.ts';
import { octets, readOctets } from '../../der/octets.ts';
import { readTagged, type Tlv } from '../../der/tlv.ts';
import { tlv } from '../../der/write_tlv.ts';
import { readSignature, writeSignature } from './signature.ts';
import { readSmdpSigned2, type SmdpSigned2 } from './smdp_signed2.ts';

/**
 * SGP.22 §5.7.5, BF21:
 *   smdpSigned2 SmdpSigned2, smdpSignature2 [APPLICATION 55] OCTET STRING
 *   hashCc OCTET STRING (32) OPTIONAL, smdpCertificate Certificate
 *   more may follow
 */
export type PrepareDownloadRequest = {
  smdpSigned2: SmdpSigned2;
  smdpSignature2: Uint8Array;
  hashCc?: Uint8Array | undefined;
  smdpCertificate: Uint8Array;
};

export const prepareDownloadTag = 0xbf21;

/** Throws `malformed_der`. */
export function readPrepareDownloadRequest(source: Uint8Array | Tlv): PrepareDownloadRequest {
  const cursor = fields(readTagged(source, prepareDownloadTag));
  const smdpSigned2 = readSmdpSigned2(cursor.next());
  const smdpSignature2 = readSignature(cursor.next());
  const hashCc = cursor.optional(0x04);
  const smdpCertificate = cursor.take(0x30).raw;
  cursor.rest();
  return { smdpSigned2, smdpSignature2, hashCc: hashCc && readOctets(hashCc, 32), smdpCertificate };
}

/** `smdpSigned2` and `smdpCertificate` are whole elements. */
export function writePrepareDownloadRequest(request: {
  smdpSigned2: Uint8Array;
  smdpSignature2: Uint8Array;
  hashCc?: Uint8Array | undefined;
  smdpCertificate: Uint8Array;
}): Uint8Array {
  return tlv(
    prepareDownloadTag,
    request.smdpSigned2,
    writeSignature(request.smdpSignature2),
    ...(request.hashCc ? [octets(request.hashCc)] : []),
    request.smdpCertificate,
  );
}
