// ES11.AuthenticateClient as an LPA calls it (SGP.22 §5.8.2): the card proves itself, and gets what is registered for it.
import { toBase64 } from '../../base/bytes.ts';
import { DeviceError } from '../device_error.ts';
import { authenticateServer, refusedByCard } from './authenticate_client.ts';
import type { BegunDownload, DownloadOptions } from './download_profile.ts';
import { textIn } from './es9_answers.ts';
import type { Es9Body } from './es9_client.ts';
import { checkTransactionId } from './initiate_authentication.ts';
import type { Lpa } from './lpa.ts';

/** The profile is at this address, under this matching id. */
export type EventEntry = { eventId: string; rspServerAddress: string };

/** A refusal of the card is reported to the server all the same, and then thrown as `DeviceError`. */
export async function readEvents(
  lpa: Lpa,
  { target, proof }: BegunDownload,
  { deviceInfo }: Pick<DownloadOptions, 'deviceInfo'> = {},
): Promise<EventEntry[]> {
  const cardProof = authenticateServer(lpa, target, proof, deviceInfo);
  const { transactionId, serverSigned1 } = proof;
  const call = lpa.es9.call({
    address: target.address,
    functionName: 'authenticateClient',
    body: { transactionId, authenticateServerResponse: toBase64(cardProof.response) },
    allowed: ['smds'],
  });
  if (cardProof.error !== undefined) {
    await call.catch(() => undefined);
    throw refusedByCard(cardProof.error);
  }
  const answer = await call;
  checkTransactionId(textIn(answer, 'transactionId'), serverSigned1.transactionId);
  return readEntries(answer);
}

const entriesMax = 1_000;

function readEntries({ eventEntries }: Es9Body): EventEntry[] {
  if (!Array.isArray(eventEntries) || eventEntries.length > entriesMax || !eventEntries.every(isEntry))
    throw new DeviceError('server_misbehaved', 'The answer has no eventEntries that can be followed.');
  return eventEntries.map(({ eventId, rspServerAddress }) => ({ eventId, rspServerAddress }));
}

function isEntry(value: unknown): value is EventEntry {
  const { eventId, rspServerAddress } = (value ?? {}) as Record<string, unknown>;
  return typeof eventId === 'string' && eventId !== '' && typeof rspServerAddress === 'string';
}
