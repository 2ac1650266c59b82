// What a dishonest device needs: the messages of its own card taken apart, and the card's key to sign others.
import { AppError } from '../base/app_error.ts';
import { present } from '../base/assert.ts';
import { signEcdsa } from '../crypto/ecdsa.ts';
import {
  type AuthenticateResponseOk,
  readAuthenticateServerResponse,
} from '../rsp/asn1/authenticate_server_response.ts';
import {
  type CancelSessionResponseOk,
  readCancelSessionResponse,
} from '../rsp/asn1/cancel_session_response.ts';
import { readPrepareDownloadResponse } from '../rsp/asn1/prepare_download_response.ts';
import type { Card } from './card.ts';
import { readCredential } from './euicc/credential.ts';

/** Signs as the card did last: with the key of its first credential, which servers that know it choose. */
export function signAsCard({ state }: Card, bytes: Uint8Array): Uint8Array {
  const first = present(state.credentials[0], 'a card has a credential');
  return signEcdsa(readCredential(first).privateKey, bytes);
}

/** Throws `invalid_request` when the card refused; so do the others. */
export function readCardProof(response: Uint8Array): AuthenticateResponseOk {
  const read = readAuthenticateServerResponse(response);
  if ('authenticateResponseOk' in read) return read.authenticateResponseOk;
  throw refused();
}

export function readPrepared(response: Uint8Array) {
  const read = readPrepareDownloadResponse(response);
  if ('downloadResponseOk' in read) return read.downloadResponseOk;
  throw refused();
}

export function readCancellation(response: Uint8Array): CancelSessionResponseOk {
  const read = readCancelSessionResponse(response);
  if ('cancelSessionResponseOk' in read) return read.cancelSessionResponseOk;
  throw refused();
}

/** The bytes with their last bit turned over: a signature or MAC that no longer holds. */
export function flipLastBit(bytes: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  return changed;
}

/** A public key of the right form whose y coordinate lies on no curve. */
export function offCurvePoint(point: Uint8Array): Uint8Array {
  return flipLastBit(point);
}

function refused(): AppError {
  return new AppError('invalid_request', 'the card refused before the fault could be made');
}
