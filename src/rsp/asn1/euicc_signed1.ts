// EuiccSigned1: what an eUICC signs to prove itself to a server.
import { fields } from '../../der/fields.ts';
import { octets, readOctets } from '../../der/octets.ts';
import { readUtf8, utf8 } from '../../der/text.ts';
import { readTagged, type Tlv } from '../../der/tlv.ts';
import { sequence } from '../../der/write_tlv.ts';
import { type CtxParams1, readCtxParams1 } from './ctx_params1.ts';
import { type EuiccInfo2, readEuiccInfo2 } from './euicc_info2.ts';
import { readTransactionId } from './transaction_id.ts';

/**
 * SGP.22 §5.7.13, SEQUENCE:
 *   transactionId [0] OCTET STRING (1..16), serverAddress [3] UTF8String, serverChallenge [4] OCTET STRING (16)
 *   euiccInfo2 [34] EUICCInfo2, ctxParams1 CtxParams1
 *   more may follow
 */
export type EuiccSigned1 = {
  raw: Uint8Array;
  transactionId: Uint8Array;
  serverAddress: string;
  serverChallenge: Uint8Array;
  euiccInfo2: EuiccInfo2;
  ctxParams1: CtxParams1;
};

/** Throws `malformed_der`. */
export function readEuiccSigned1(source: Uint8Array | Tlv): EuiccSigned1 {
  const whole = readTagged(source, 0x30);
  const cursor = fields(whole);
  const transactionId = readTransactionId(cursor.take(0x80));
  const serverAddress = readUtf8(cursor.take(0x83), 255);
  const serverChallenge = readOctets(cursor.take(0x84), 16);
  const euiccInfo2 = readEuiccInfo2(cursor.next());
  const ctxParams1 = readCtxParams1(cursor.next());
  cursor.rest();
  return { raw: whole.raw, transactionId, serverAddress, serverChallenge, euiccInfo2, ctxParams1 };
}

/** `euiccInfo2` and `ctxParams1` are whole elements; the latter goes in byte for byte as the LPA sent it. */
export function writeEuiccSigned1(signed: {
  transactionId: Uint8Array;
  serverAddress: string;
  serverChallenge: Uint8Array;
  euiccInfo2: Uint8Array;
  ctxParams1: Uint8Array;
}): Uint8Array {
  return sequence(
    octets(signed.transactionId, 0x80),
    utf8(signed.serverAddress, 0x83),
    octets(signed.serverChallenge, 0x84),
    signed.euiccInfo2,
    signed.ctxParams1,
  );
}
