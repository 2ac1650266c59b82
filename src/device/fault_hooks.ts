// How a fault gets into a download: between the LPA and the server, or between the LPA and the card.
import { randomBytes } from 'node:crypto';
import { fromBase64, toBase64 } from '../base/bytes.ts';
import { readTlvHead } from '../der/tlv.ts';
import { writeAuthenticateServerResponse } from '../rsp/asn1/authenticate_server_response.ts';
import {
  type EuiccCancelSessionSigned,
  writeCancelSessionResponse,
  writeEuiccCancelSessionSigned,
} from '../rsp/asn1/cancel_session_response.ts';
import { writeEuiccSigned1 } from '../rsp/asn1/euicc_signed1.ts';
import { type EuiccSigned2, writeEuiccSigned2 } from '../rsp/asn1/euicc_signed2.ts';
import {
  prepareDownloadTag,
  readPrepareDownloadRequest,
  writePrepareDownloadRequest,
} from '../rsp/asn1/prepare_download_request.ts';
import { writePrepareDownloadResponse } from '../rsp/asn1/prepare_download_response.ts';
import { euiccSignature2Bytes } from '../rsp/signed_bytes.ts';
import type { Card } from './card.ts';
import { segmentTags } from './card.ts';
import { DeviceError } from './device_error.ts';
import { readCancellation, readCardProof, readPrepared, signAsCard } from './forgery.ts';
import type { Es9Body, Es9Call, Es9Function } from './lpa/es9_client.ts';
import type { Lpa } from './lpa/lpa.ts';

/** Either hook may be left out; the message then passes as it is. */
export type Fault = {
  call?: (call: Es9Call, next: Next, context: FaultContext) => Promise<Es9Body>;
  command?: (command: Uint8Array, context: FaultContext) => Uint8Array;
};

export type Next = (call: Es9Call) => Promise<Es9Body>;

/** `count` gives 1, 2, … for each name; `kept` is for what a fault needs later; `prepareRequest` the last BF21 to the card. */
export type FaultContext = {
  card: Card;
  count: (name: string) => number;
  kept: Map<string, unknown>;
  prepareRequest: () => Uint8Array;
};

/** The LPA with this fault built in, for one download: pass it to `downloadProfile` instead of the sound one. */
export function withFault(lpa: Lpa, card: Card, fault: Fault): Lpa {
  const counts = new Map<string, number>();
  const count = (name: string) => {
    counts.set(name, (counts.get(name) ?? 0) + 1);
    return counts.get(name) ?? 0;
  };
  let prepareRequest: Uint8Array = new Uint8Array();
  const context = { card, count, kept: new Map<string, unknown>(), prepareRequest: () => prepareRequest };
  const next: Next = (call) => lpa.es9.call(call);
  return {
    card: {
      storeData(command) {
        if (readTlvHead(command, 0).tag === prepareDownloadTag) prepareRequest = command;
        return lpa.card.storeData(fault.command?.(command, context) ?? command);
      },
    },
    es9: {
      call: (call) => fault.call?.(call, next, context) ?? next(call),
      tlsOid: (address) => lpa.es9.tlsOid(address),
      serverKind: (address) => lpa.es9.serverKind(address),
      close: () => lpa.es9.close(),
    },
  };
}

type Call = NonNullable<Fault['call']>;
type Command = NonNullable<Fault['command']>;

/** Changes the members of one function's request. */
export function changeRequest(
  functionName: Es9Function,
  change: (body: Es9Body, context: FaultContext) => Es9Body,
): Call {
  return (call, next, context) =>
    next(call.functionName === functionName ? { ...call, body: change(call.body, context) } : call);
}

type ChangeBytes = (bytes: Uint8Array, context: FaultContext) => Uint8Array;

/** Changes one base64 member of one function's request. */
export function changeBytes(functionName: Es9Function, member: string, change: ChangeBytes): Call {
  return changeRequest(functionName, (body, context) => ({
    ...body,
    [member]: toBase64(change(fromBase64(String(body[member])), context)),
  }));
}

type CardProof = ReturnType<typeof readCardProof>;
type Signed1 = Parameters<typeof writeEuiccSigned1>[0];

/** The card's proof with other contents, signed again with the card's own key: only the server can tell. */
export function otherProof(change: (proof: CardProof) => Partial<Signed1>): Call {
  return changeBytes('authenticateClient', 'authenticateServerResponse', (bytes, { card }) => {
    const proof = readCardProof(bytes);
    const signed = proof.euiccSigned1;
    const elements = { euiccInfo2: signed.euiccInfo2.raw, ctxParams1: signed.ctxParams1.raw };
    const euiccSigned1 = writeEuiccSigned1({ ...signed, ...elements, ...change(proof) });
    const euiccSignature1 = signAsCard(card, euiccSigned1);
    return writeAuthenticateServerResponse({
      authenticateResponseOk: { ...proof, euiccSigned1, euiccSignature1 },
    });
  });
}

/** The card's proof with something else around what it signed. */
export function otherParts(change: (proof: CardProof) => Partial<Omit<CardProof, 'euiccSigned1'>>): Call {
  return changeBytes('authenticateClient', 'authenticateServerResponse', (bytes) => {
    const proof = readCardProof(bytes);
    const authenticateResponseOk = { ...proof, ...change(proof), euiccSigned1: proof.euiccSigned1.raw };
    return writeAuthenticateServerResponse({ authenticateResponseOk });
  });
}

type Prepared = ReturnType<typeof readPrepared>;
type OtherPrepared = Partial<Omit<EuiccSigned2, 'raw'>> & { euiccSignature2?: Uint8Array };

/** The card's request for the package with other contents, signed again, or with another signature. */
export function otherPrepared(change: (prepared: Prepared) => OtherPrepared): Call {
  return changeBytes(
    'getBoundProfilePackage',
    'prepareDownloadResponse',
    (bytes, { card, prepareRequest }) => {
      const prepared = readPrepared(bytes);
      const changed = change(prepared);
      const euiccSigned2 = writeEuiccSigned2({ ...prepared.euiccSigned2, ...changed });
      const { smdpSignature2 } = readPrepareDownloadRequest(prepareRequest());
      const euiccSignature2 =
        changed.euiccSignature2 ?? signAsCard(card, euiccSignature2Bytes(euiccSigned2, smdpSignature2));
      return writePrepareDownloadResponse({ downloadResponseOk: { euiccSigned2, euiccSignature2 } });
    },
  );
}

/** A cancellation with other contents, signed again. */
export function otherCancellation(change: Partial<Omit<EuiccCancelSessionSigned, 'raw'>>): Call {
  return changeBytes('cancelSession', 'cancelSessionResponse', (bytes, { card }) => {
    const signed = { ...readCancellation(bytes).euiccCancelSessionSigned, ...change };
    const euiccCancelSessionSigned = writeEuiccCancelSessionSigned(signed);
    const euiccCancelSessionSignature = signAsCard(card, euiccCancelSessionSigned);
    return writeCancelSessionResponse({
      cancelSessionResponseOk: { euiccCancelSessionSigned, euiccCancelSessionSignature },
    });
  });
}

/** The answer never arrives, though the server did its work. */
export function loseAnswer(functionName: Es9Function): Call {
  return async (call, next) => {
    const answer = await next(call);
    if (call.functionName === functionName) throw lost(call);
    return answer;
  };
}

/** The requests never arrive. */
export function loseRequest(...functionNames: Es9Function[]): Call {
  return async (call, next) => {
    if (functionNames.includes(call.functionName)) throw lost(call);
    return next(call);
  };
}

function lost({ functionName, address }: Es9Call): DeviceError {
  return new DeviceError('unreachable', `${functionName}: the connection to ${address} was lost`);
}

/** A wrong code in the first `times` requests for a package, then the right one. */
export function wrongCode(times: number): Command {
  return (command, { count }) => {
    if (readTlvHead(command, 0).tag !== prepareDownloadTag || count('prepare') > times) return command;
    const asked = readPrepareDownloadRequest(command);
    const hashCc = randomBytes(32);
    return writePrepareDownloadRequest({ ...asked, smdpSigned2: asked.smdpSigned2.raw, hashCc });
  };
}

/** Changes the nth segment of the bound profile package, counted from 1. */
export function changeSegment(number: number, change: (bytes: Uint8Array) => Uint8Array): Command {
  return (command, { count }) => {
    const isSegment = segmentTags.includes(readTlvHead(command, 0).tag);
    return isSegment && count('segment') === number ? change(command) : command;
  };
}
