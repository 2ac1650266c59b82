// CancelSessionRequestEs9 and -ResponseEs9: the eUICC's word that a download ends, in the ASN.1 binding of ES9+.
import { fields } from '../../der/fields.ts';
import { octets } from '../../der/octets.ts';
import { malformed, readTagged, readTlv, type Tlv } from '../../der/tlv.ts';
import { tlv } from '../../der/write_tlv.ts';
import { cancelSessionTag } from './cancel_session_request.ts';
import { provisioningTags, writeProvisioningOk } from './remote_profile_provisioning.ts';
import { readTransactionId } from './transaction_id.ts';

/**
 * SGP.22 §5.6.5, BF41:
 *   transactionId TransactionId, cancelSessionResponse CancelSessionResponse
 *   more may follow
 * Tagged [0] and [1]. By the rules [1] stands in place of BF41; the tables of SGP.22 want BF41 inside it; and some leave
 * [1] out: all three are taken.
 */
export type CancelSessionRequestEs9 = {
  transactionId: Uint8Array;
  /** The whole element, BF41. */
  cancelSessionResponse: Uint8Array;
};

const tag = provisioningTags.cancelSession;

/** Throws `malformed_der`. */
export function readCancelSessionRequestEs9(source: Uint8Array | Tlv): CancelSessionRequestEs9 {
  const cursor = fields(readTagged(source, tag));
  const transactionId = readTransactionId(cursor.take(0x80));
  const cancelSessionResponse = readResponse(cursor.next());
  cursor.rest();
  return { transactionId, cancelSessionResponse };
}

function readResponse(field: Tlv): Uint8Array {
  if (field.tag === cancelSessionTag) return field.raw;
  if (field.tag !== 0xa1) throw malformed('no CancelSessionResponse');
  const inner = readTlv(field.value);
  return inner.tag === cancelSessionTag ? inner.raw : tlv(cancelSessionTag, field.value);
}

export function writeCancelSessionRequestEs9(request: CancelSessionRequestEs9): Uint8Array {
  return tlv(tag, octets(request.transactionId, 0x80), tlv(0xa1, request.cancelSessionResponse));
}

/**
 * SGP.22 §5.6.5, in BF41:
 *   cancelSessionOk [0] {}
 *   cancelSessionError [1] INTEGER { invalidTransactionId(1), euiccSignatureInvalid(2), undefinedError(127) }
 */
export function writeCancelSessionOk(): Uint8Array {
  return writeProvisioningOk(tag);
}
