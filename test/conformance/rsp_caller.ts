// An HTTPS client of RSP interfaces that sends any bytes, and shows the answer as it came.
import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:https';
import { after } from 'node:test';

export type RspAnswer = { status: number; headers: IncomingHttpHeaders; body: Buffer };

export type RspCaller = {
  /** POSTs `payload` to `path` on a connection that is kept alive. */
  post(path: string, payload: Uint8Array | string, headers?: Record<string, string>): Promise<RspAnswer>;
  close(): void;
};

export type RspCallerOptions = {
  port: number;
  /** The name that the TLS certificate must have. */
  serverName: string;
  /** PEM of the certificate issuers that are trusted. */
  ca: readonly string[];
  /** PEM, for mutual TLS. */
  identity?: { certificate: string; privateKey: string };
};

/** A client of the listener at this port of the loopback, closed after the tests of the file. */
export function createRspCaller({ port, serverName, ca, identity }: RspCallerOptions): RspCaller {
  const agent = new Agent({
    keepAlive: true,
    ca: [...ca],
    ecdhCurve: 'P-256:brainpoolP256r1',
    minVersion: 'TLSv1.2',
    ...(identity && { cert: identity.certificate, key: identity.privateKey }),
  });
  after(() => agent.destroy());
  const post: RspCaller['post'] = (path, payload, headers = {}) =>
    new Promise((resolve, reject) => {
      const body = Buffer.from(payload);
      const sent = request({
        agent,
        host: '127.0.0.1',
        port,
        servername: serverName,
        method: 'POST',
        path,
        headers: { host: serverName, 'content-length': body.length, ...headers },
        signal: AbortSignal.timeout(answerMsMax),
      });
      sent.once('error', reject);
      sent.once('response', async (answer) => {
        const chunks: Buffer[] = [];
        for await (const chunk of answer) chunks.push(chunk);
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) });
      });
      sent.end(body);
    });
  return { post, close: () => agent.destroy() };
}

const answerMsMax = 20_000;
