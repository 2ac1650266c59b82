// For tests: an RSP server of somebody else over mutual TLS, which refuses, stalls, cuts off and talks nonsense as it is told.
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import type { TLSSocket } from 'node:tls';
import type { Curve } from '../crypto/curve.ts';
import { makeTestPki } from '../rsp/pki/make_test_pki.ts';
import { type PemIdentity, writeCertificatePem, writePemIdentity } from '../rsp/pki/pem_identity.ts';
import { readPki } from '../rsp/pki/read_pki.ts';
import { selectSmdpIdentities } from '../rsp/pki/select_smdp_identities.ts';

/** Certificates of a test CI: its own in PEM, and one for TLS, for servers and clients. */
export type TestIdentity = { ca: string; identity: PemIdentity };

export function testIdentity({
  host = 'localhost',
  curve = 'P-256' as Curve,
  now = new Date(),
} = {}): TestIdentity {
  const files = [...makeTestPki({ smdpAddress: host, now, curve })].map(([path, bytes]) => ({ path, bytes }));
  const pki = readPki(files);
  const { tls, identities } = selectSmdpIdentities(pki, { smdpAddress: host, now });
  const [first] = identities;
  if (!tls || !first) throw new Error('a test PKI has a TLS certificate');
  return { ca: writeCertificatePem(first.ci.raw), identity: writePemIdentity(tls) };
}

export type TestRspServer = {
  /** `https://localhost:port`. */
  url: string;
  own: TestIdentity;
  /** Every request that came whole, in its order. */
  received: ReceivedCall[];
  /** How the next requests are answered. */
  answer: (call: ReceivedCall) => TestAnswer;
  /** Nobody listens any more, on the same port, until it is started again. */
  stop(): Promise<void>;
  start(): Promise<void>;
};

export type ReceivedCall = {
  path: string;
  headers: Record<string, unknown>;
  body: Record<string, unknown>;
  /** Common name of the client's certificate, if it showed one. */
  client: string | undefined;
};

/** Members of a successful answer, a refusal, an HTTP status with a text, or a fault of the line. */
export type TestAnswer =
  | { ok: Record<string, unknown> }
  | { refuse: [subjectCode: string, reasonCode: string] }
  | { status: number; text?: string }
  | 'stall'
  | 'cut';

/** Serves until the tests of the file have ended. */
export async function startTestRspServer(own: TestIdentity = testIdentity()): Promise<TestRspServer> {
  let port = 0;
  let server: Server | undefined;
  const test: TestRspServer = {
    url: '',
    own,
    received: [],
    answer: () => ({ ok: {} }),
    async start() {
      server = listenerOf(test);
      await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve));
      port = (server.address() as AddressInfo).port;
      test.url = `https://localhost:${port}`;
    },
    async stop() {
      server?.closeAllConnections();
      await new Promise((resolve) => server?.close(resolve));
    },
  };
  await test.start();
  after(test.stop);
  return test;
}

function listenerOf(test: TestRspServer): Server {
  const { certificate, privateKey, curve } = test.own.identity;
  const tls = {
    cert: certificate,
    key: privateKey,
    requestCert: true,
    rejectUnauthorized: false,
    ...(curve !== 'P-256' && { maxVersion: 'TLSv1.2' as const, ecdhCurve: 'P-256:brainpoolP256r1' }),
  };
  return createServer(tls, async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const peer = (request.socket as TLSSocket).getPeerX509Certificate();
    const call: ReceivedCall = {
      path: request.url ?? '',
      headers: request.headers,
      body: JSON.parse(Buffer.concat(parts).toString()),
      client: peer?.subject,
    };
    test.received.push(call);
    const answer = test.answer(call);
    if (answer === 'stall') return;
    if (answer === 'cut') return void request.socket.destroy();
    const { status, text } = writeTestAnswer(answer);
    response.writeHead(status, { 'content-type': 'application/json' }).end(text);
  });
}

function writeTestAnswer(answer: Exclude<TestAnswer, string>): { status: number; text: string } {
  if ('status' in answer) return { status: answer.status, text: answer.text ?? '' };
  const execution =
    'ok' in answer
      ? { status: 'Executed-Success' }
      : {
          status: 'Failed',
          statusCodeData: { subjectCode: answer.refuse[0], reasonCode: answer.refuse[1], message: 'No.' },
        };
  const members = 'ok' in answer ? answer.ok : {};
  return {
    status: 200,
    text: JSON.stringify({ header: { functionExecutionStatus: execution }, ...members }),
  };
}
