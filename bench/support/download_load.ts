// A process full of eUICCs that only prove themselves: they sign what a card signs, and look at nothing they are given.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { fromBase64, fromHex, toBase64 } from '../../src/base/bytes.ts';
import { readCertificate } from '../../src/crypto/certificate.ts';
import type { Curve } from '../../src/crypto/curve.ts';
import { readSigningKey } from '../../src/crypto/signing_key.ts';
import { createCardState } from '../../src/device/create_card_state.ts';
import { readPkiFolder } from '../../src/main/pki_files.ts';
import type { OfferedProfile } from '../../src/modules/smdp/index.ts';
import {
  createTestCard,
  euiccInfo1,
  installationResult,
  prepareDownload,
  proveCard,
  type TestCard,
} from '../../src/modules/smdp/testing/test_card.ts';
import type { ServerProof } from '../../src/rsp/authentication/start_authentication.ts';
import { readPki } from '../../src/rsp/pki/read_pki.ts';
import { answerParent } from './child.ts';
import { percentile } from './numbers.ts';
import { createRawHttp, type RawHttp, writeRequest } from './raw_http.ts';

export type DownloadLoad = {
  smdp: { port: number; address: string; pkiDir: string };
  /** One download for each. */
  matchingIds: readonly string[];
  clients: number;
  /** Of the certificates and keys of the eUICCs, and of the server's that they ask for. */
  curve: Curve;
  /** For how long a connection is kept: each new one costs a full handshake. */
  connection: 'client' | 'download' | 'call';
};

export type DownloadResult = { perSecond: number; p50Ms: number; p99Ms: number };

const cardCount = 500;
const cardsOf = new Map<Curve, TestCard[]>();

answerParent(async (load: DownloadLoad): Promise<DownloadResult> => {
  const cards = cardsOf.get(load.curve) ?? (await makeCards(load));
  cardsOf.set(load.curve, cards);
  const waiting = [...load.matchingIds.entries()];
  const times: number[] = [];
  const since = performance.now();
  await Promise.all(
    Array.from({ length: load.clients }, async () => {
      const kept = load.connection === 'client' ? await connectTo(load) : undefined;
      for (let next = waiting.pop(); next; next = waiting.pop()) {
        const [number, matchingId] = next;
        const begun = performance.now();
        const http = kept ?? (load.connection === 'download' ? await connectTo(load) : undefined);
        await download(http, load, cards[number % cards.length] as TestCard, matchingId);
        if (!kept) http?.close();
        times.push(performance.now() - begun);
      }
      kept?.close();
    }),
  );
  const perSecond = (times.length * 1000) / (performance.now() - since);
  return { perSecond, p50Ms: percentile(times, 50), p99Ms: percentile(times, 99) };
});

async function makeCards({ smdp: { pkiDir }, curve }: DownloadLoad): Promise<TestCard[]> {
  const now = new Date();
  const pki = readPki(await readPkiFolder(pkiDir));
  return Array.from({ length: cardCount }, () => {
    const { credentials } = createCardState({ pki, now, curves: [curve] });
    const [credential] = credentials;
    if (!credential) throw new Error(`the PKI has no issuer on ${curve}`);
    return createTestCard({
      key: readSigningKey(credential.privateKey),
      euiccCertificate: fromBase64(credential.euiccCertificate),
      eumCertificate: fromBase64(credential.eumCertificate),
      ci: readCertificate(fromBase64(credential.ciCertificate)),
    });
  });
}

async function connectTo({ smdp }: DownloadLoad): Promise<RawHttp> {
  const socket: TLSSocket = connect({
    host: '127.0.0.1',
    port: smdp.port,
    servername: 'localhost',
    rejectUnauthorized: false,
  });
  await once(socket, 'secureConnect');
  return createRawHttp(socket);
}

/** The four calls of a download (SGP.22 §3.1.3), the package not opened; without `http` each on its own connection. */
async function download(
  http: RawHttp | undefined,
  load: DownloadLoad,
  card: TestCard,
  matchingId: string,
): Promise<void> {
  const { address } = load.smdp;
  const call = async (name: string, body: object) => {
    const own = http ?? (await connectTo(load));
    const answer = await callFunction(own, address, name, body);
    if (!http) own.close();
    return answer;
  };
  const initiated = await call('initiateAuthentication', {
    euiccChallenge: toBase64(randomBytes(16)),
    euiccInfo1: toBase64(euiccInfo1(card)),
    smdpAddress: address,
  });
  const { transactionId = '' } = initiated;
  const proof = { serverSigned1: bytesOf(initiated, 'serverSigned1') } as ServerProof;
  const offered = await call('authenticateClient', {
    transactionId,
    authenticateServerResponse: toBase64(proveCard(card, proof, { matchingId })),
  });
  const offer = {
    smdpSigned2: bytesOf(offered, 'smdpSigned2'),
    smdpSignature2: bytesOf(offered, 'smdpSignature2'),
    smdpCertificate: bytesOf(offered, 'smdpCertificate'),
  } as OfferedProfile;
  const bound = await call('getBoundProfilePackage', {
    transactionId,
    prepareDownloadResponse: toBase64(prepareDownload(card, offer)),
  });
  bytesOf(bound, 'boundProfilePackage');
  await call('handleNotification', {
    pendingNotification: toBase64(installationResult(card, fromHex(transactionId))),
  });
}

async function callFunction(
  http: RawHttp,
  host: string,
  name: string,
  body: object,
): Promise<Record<string, string>> {
  const { status, body: text } = await http.request(
    writeRequest({
      method: 'POST',
      path: `/gsma/rsp2/es9plus/${name}`,
      host,
      headers: 'X-Admin-Protocol: gsma/rsp/v2.2.0\r\n',
      body: JSON.stringify(body),
    }),
  );
  if (status === 204) return {};
  if (status === 200) return JSON.parse(text);
  throw new Error(`${name} was answered with ${status}: ${text}`);
}

function bytesOf(answer: Record<string, string>, name: string): Uint8Array {
  const text = answer[name];
  if (text === undefined) throw new Error(`no ${name} in ${JSON.stringify(answer)}`);
  return fromBase64(text);
}
