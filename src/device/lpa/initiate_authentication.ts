// The first half of common mutual authentication (SGP.22 §3.1.2): the server's proof, looked at before the card sees it.
import { sameBytes, toBase64 } from '../../base/bytes.ts';
import { readCertificate } from '../../crypto/certificate.ts';
import { readOctets } from '../../der/octets.ts';
import { readTagged } from '../../der/tlv.ts';
import { readEuiccInfo1 } from '../../rsp/asn1/euicc_info1.ts';
import { readServerSigned1, type ServerSigned1 } from '../../rsp/asn1/server_signed1.ts';
import { readSignature } from '../../rsp/asn1/signature.ts';
import { transactionIdFromHex } from '../../rsp/asn1/transaction_id.ts';
import { DeviceError } from '../device_error.ts';
import type { DownloadTarget } from './download_source.ts';
import { bytesIn, readAnswer, textIn } from './es9_answers.ts';
import type { Es9Body, ServerKind } from './es9_client.ts';
import { getEuiccChallenge, getEuiccInfo1 } from './es10_client.ts';
import type { Lpa } from './lpa.ts';

/** `transactionId` as the server wrote it, which goes into every later call. */
export type ServerProof = {
  transactionId: string;
  serverSigned1: ServerSigned1;
  serverSignature1: Uint8Array;
  euiccCiPKIdToBeUsed: Uint8Array;
  serverCertificate: Uint8Array;
};

/** `allowed`: what the server may be. Throws `DeviceError`: as `Es9Client.call`, or `server_misbehaved` when the proof is not for this call. */
export async function initiateAuthentication(
  lpa: Lpa,
  target: DownloadTarget,
  allowed: readonly ServerKind[] = ['smdp'],
): Promise<ServerProof> {
  const euiccChallenge = toBase64(getEuiccChallenge(lpa.card));
  const euiccInfo1 = getEuiccInfo1(lpa.card);
  const { address } = target;
  const body = { euiccChallenge, euiccInfo1: toBase64(euiccInfo1), smdpAddress: address };
  const answer = await lpa.es9.call({ address, functionName: 'initiateAuthentication', body, allowed });
  const proof = readProof(answer);
  checkProof(proof, address, readEuiccInfo1(euiccInfo1).euiccCiPKIdListForVerification);
  checkServerOid(lpa, target, proof);
  return proof;
}

function readProof(answer: Es9Body): ServerProof {
  const read = <T>(name: string, reader: (bytes: Uint8Array) => T) =>
    readAnswer(name, () => reader(bytesIn(answer, name)));
  return {
    transactionId: textIn(answer, 'transactionId'),
    serverSigned1: read('serverSigned1', readServerSigned1),
    serverSignature1: read('serverSignature1', readSignature),
    euiccCiPKIdToBeUsed: read('euiccCiPKIdToBeUsed', (bytes) => readOctets(readTagged(bytes, 0x04), 1, 64)),
    serverCertificate: bytesIn(answer, 'serverCertificate'),
  };
}

function checkProof(proof: ServerProof, address: string, offered: readonly Uint8Array[]): void {
  const { transactionId, serverSigned1, euiccCiPKIdToBeUsed } = proof;
  checkTransactionId(transactionId, serverSigned1.transactionId);
  if (serverSigned1.serverAddress.toLowerCase() !== address.toLowerCase())
    throw misbehaved(`The server signed for ${serverSigned1.serverAddress}, but ${address} was called.`);
  if (!offered.some((keyId) => sameBytes(keyId, euiccCiPKIdToBeUsed)))
    throw misbehaved('The server chose a certificate issuer that the eUICC did not offer.');
}

/** The server that signs is the one that TLS reached, and the one that the activation code names. */
function checkServerOid({ es9 }: Lpa, { address, smdpOid }: DownloadTarget, proof: ServerProof): void {
  const { registeredIds } = readAnswer('serverCertificate', () => readCertificate(proof.serverCertificate));
  const tlsOid = es9.tlsOid(address);
  if (tlsOid !== undefined && !registeredIds.includes(tlsOid))
    throw misbehaved('The server signs as another server than the one of its TLS certificate.');
  if (smdpOid !== undefined && !registeredIds.includes(smdpOid))
    throw misbehaved(`The server is not the one that the activation code names (${smdpOid}).`);
}

/** The transaction in a JSON answer and the one that was signed are the same. Throws `DeviceError`. */
export function checkTransactionId(hex: string, signed: Uint8Array): void {
  const bytes = readAnswer('transactionId', () => transactionIdFromHex(hex));
  if (!sameBytes(bytes, signed)) throw misbehaved('The server signed for another transaction.');
}

function misbehaved(message: string): DeviceError {
  return new DeviceError('server_misbehaved', message);
}
