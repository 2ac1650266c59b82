// SmdpSigned2: what the SM-DP+ signs to offer a profile to an eUICC.
import { boolean, readBoolean } from '../../der/boolean.ts';
import { fields } from '../../der/fields.ts';
import { octets, readOctets } from '../../der/octets.ts';
import { readTagged, type Tlv } from '../../der/tlv.ts';
import { sequence } from '../../der/write_tlv.ts';
import { readTransactionId } from './transaction_id.ts';

/**
 * SGP.22 §5.7.5, SEQUENCE:
 *   transactionId [0] OCTET STRING (1..16), ccRequiredFlag BOOLEAN
 *   bppEuiccOtpk [APPLICATION 73] OCTET STRING OPTIONAL
 *   more may follow
 */
export type SmdpSigned2 = {
  raw: Uint8Array;
  transactionId: Uint8Array;
  ccRequiredFlag: boolean;
  bppEuiccOtpk?: Uint8Array | undefined;
};

/** Throws `malformed_der`. */
export function readSmdpSigned2(source: Uint8Array | Tlv): SmdpSigned2 {
  const whole = readTagged(source, 0x30);
  const cursor = fields(whole);
  const transactionId = readTransactionId(cursor.take(0x80));
  const ccRequiredFlag = readBoolean(cursor.take(0x01));
  const otpk = cursor.optional(0x5f49);
  cursor.rest();
  return { raw: whole.raw, transactionId, ccRequiredFlag, bppEuiccOtpk: otpk && readOctets(otpk, 65) };
}

export function writeSmdpSigned2(signed: Omit<SmdpSigned2, 'raw'>): Uint8Array {
  return sequence(
    octets(signed.transactionId, 0x80),
    boolean(signed.ccRequiredFlag),
    ...(signed.bppEuiccOtpk ? [octets(signed.bppEuiccOtpk, 0x5f49)] : []),
  );
}
