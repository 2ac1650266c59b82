// ServerSigned1: what a server signs to prove itself to an eUICC.
import { fields } from '../../der/fields.ts';
import { octets, readOctets } from '../../der/octets.ts';
import { readUtf8, utf8 } from '../../der/text.ts';
import { readTagged, type Tlv } from '../../der/tlv.ts';
import { sequence } from '../../der/write_tlv.ts';
import { readTransactionId } from './transaction_id.ts';

/**
 * SGP.22 §5.6.1, SEQUENCE:
 *   transactionId [0] OCTET STRING (1..16), euiccChallenge [1] OCTET STRING (16)
 *   serverAddress [3] UTF8String, serverChallenge [4] OCTET STRING (16)
 *   more may follow
 */
export type ServerSigned1 = {
  raw: Uint8Array;
  transactionId: Uint8Array;
  euiccChallenge: Uint8Array;
  serverAddress: string;
  serverChallenge: Uint8Array;
};

/** Throws `malformed_der`. */
export function readServerSigned1(source: Uint8Array | Tlv): ServerSigned1 {
  const whole = readTagged(source, 0x30);
  const cursor = fields(whole);
  const transactionId = readTransactionId(cursor.take(0x80));
  const euiccChallenge = readOctets(cursor.take(0x81), 16);
  const serverAddress = readUtf8(cursor.take(0x83), 255);
  const serverChallenge = readOctets(cursor.take(0x84), 16);
  cursor.rest();
  return { raw: whole.raw, transactionId, euiccChallenge, serverAddress, serverChallenge };
}

export function writeServerSigned1(signed: Omit<ServerSigned1, 'raw'>): Uint8Array {
  return sequence(
    octets(signed.transactionId, 0x80),
    octets(signed.euiccChallenge, 0x81),
    utf8(signed.serverAddress, 0x83),
    octets(signed.serverChallenge, 0x84),
  );
}
