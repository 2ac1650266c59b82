// EUICCSigned2: what an eUICC signs to ask for its profile to be bound.
import { fields } from '../../der/fields.ts';
import { octets, readOctets } from '../../der/octets.ts';
import { readTagged, type Tlv } from '../../der/tlv.ts';
import { sequence } from '../../der/write_tlv.ts';
import { readTransactionId } from './transaction_id.ts';

/**
 * SGP.22 §5.7.5, SEQUENCE:
 *   transactionId [0] OCTET STRING (1..16), euiccOtpk [APPLICATION 73] OCTET STRING (65)
 *   hashCc OCTET STRING (32) OPTIONAL
 *   more may follow
 */
export type EuiccSigned2 = {
  raw: Uint8Array;
  transactionId: Uint8Array;
  euiccOtpk: Uint8Array;
  hashCc?: Uint8Array | undefined;
};

/** Throws `malformed_der`. */
export function readEuiccSigned2(source: Uint8Array | Tlv): EuiccSigned2 {
  const whole = readTagged(source, 0x30);
  const cursor = fields(whole);
  const transactionId = readTransactionId(cursor.take(0x80));
  const euiccOtpk = readOctets(cursor.take(0x5f49), 65);
  const hashCc = cursor.optional(0x04);
  cursor.rest();
  return { raw: whole.raw, transactionId, euiccOtpk, hashCc: hashCc && readOctets(hashCc, 32) };
}

export function writeEuiccSigned2(signed: Omit<EuiccSigned2, 'raw'>): Uint8Array {
  return sequence(
    octets(signed.transactionId, 0x80),
    octets(signed.euiccOtpk, 0x5f49),
    ...(signed.hashCc ? [octets(signed.hashCc)] : []),
  );
}
