// The answer of ES11.AuthenticateClient in the ASN.1 binding: the events that wait for an eUICC.
import { fields } from '../../der/fields.ts';
import { octets } from '../../der/octets.ts';
import { readUtf8, utf8 } from '../../der/text.ts';
import { readTlvs, type Tlv } from '../../der/tlv.ts';
import { sequence, tlv } from '../../der/write_tlv.ts';
import { provisioningTags, writeProvisioningOk } from './remote_profile_provisioning.ts';
import { readTransactionId } from './transaction_id.ts';

/**
 * SGP.22 §5.8.2, in BF40:
 *   authenticateClientOkEs11 [0] { transactionId [0], eventEntries [1] SEQUENCE OF EventEntries }
 *   authenticateClientErrorEs11 [1] INTEGER {
 *     eumCertificateInvalid(1), eumCertificateExpired(2), euiccCertificateInvalid(3), euiccCertificateExpired(4)
 *     euiccSignatureInvalid(5), eventIdUnknown(6), invalidTransactionId(7), undefinedError(127) }
 *   EventEntries ::= SEQUENCE { eventId [0] UTF8String, rspServerAddress [1] UTF8String }
 */
export type AuthenticateClientOkEs11 = {
  transactionId: Uint8Array;
  eventEntries: readonly { eventId: string; rspServerAddress: string }[];
};

export function writeAuthenticateClientOkEs11(ok: AuthenticateClientOkEs11): Uint8Array {
  const entries = ok.eventEntries.map(({ eventId, rspServerAddress }) =>
    sequence(utf8(eventId, 0x80), utf8(rspServerAddress, 0x81)),
  );
  return writeProvisioningOk(
    provisioningTags.es11AuthenticateClient,
    octets(ok.transactionId, 0x80),
    tlv(0xa1, ...entries),
  );
}

/** The elements inside `ok` of a response. Throws `malformed_der`. */
export function readAuthenticateClientOkEs11(ok: Tlv): AuthenticateClientOkEs11 {
  const cursor = fields(ok);
  const transactionId = readTransactionId(cursor.take(0x80));
  const eventEntries = readTlvs(cursor.take(0xa1).value).map(readEntry);
  cursor.end();
  return { transactionId, eventEntries };
}

function readEntry(entry: Tlv): { eventId: string; rspServerAddress: string } {
  const cursor = fields(entry);
  const read = { eventId: readUtf8(cursor.take(0x80)), rspServerAddress: readUtf8(cursor.take(0x81)) };
  cursor.end();
  return read;
}
