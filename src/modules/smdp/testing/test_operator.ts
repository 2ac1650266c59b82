// An operator's ES2+ server for tests: what it is told of downloads, over mutual TLS, and how it behaves meanwhile.
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { makeIdentity } from './test_es2.ts';

/** What to do with a report: answer with a status, break the connection, or keep it waiting. */
export type Behaviour = number | 'break' | 'stall';

/** The JSON of a report. */
export type Told = {
  header: { functionRequesterIdentifier: string; functionCallIdentifier: string };
  eid?: string;
  iccid: string;
  notificationPointId: number;
  notificationPointStatus: {
    status: string;
    statusCodeData?: { subjectCode: string; reasonCode: string; message?: string };
  };
  resultData?: string;
};

export type TestOperator = {
  url: string;
  /** PEM, for `progressCa`. */
  ca: string;
  /** The bodies, in the order in which they came, those that were not taken too. */
  told: Told[];
  /** The certificates that we showed, in hex of SHA-256, and the headers that came. */
  shown: { fingerprint: string | undefined; headers: Record<string, unknown>; path: string | undefined }[];
  behave: (body: Told, count: number) => Behaviour;
  /** Waits until so many reports have come. */
  until(count: number): Promise<Told[]>;
};

/** Listens until the tests of the file have ended; takes everything unless told otherwise. */
export async function openTestOperator(): Promise<TestOperator> {
  const { certificate, privateKey } = makeIdentity({ commonName: 'operator', dnsNames: ['localhost'] });
  const server = createServer(
    {
      cert: certificate,
      key: privateKey,
      requestCert: true,
      rejectUnauthorized: false,
      // Clients may have certificates on a Brainpool curve.
      ecdhCurve: 'P-256:brainpoolP256r1',
    },
    async (incoming, answer) => {
      let text = '';
      for await (const part of incoming) text += part;
      const body = JSON.parse(text);
      operator.told.push(body);
      const fingerprint = (incoming.socket as TLSSocket).getPeerX509Certificate()?.fingerprint256;
      operator.shown.push({ fingerprint, headers: incoming.headers, path: incoming.url });
      const behaviour = operator.behave(body, operator.told.length);
      if (behaviour === 'break') incoming.socket.destroy();
      else if (behaviour !== 'stall') answer.writeHead(behaviour).end();
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const operator: TestOperator = {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    ca: certificate,
    told: [],
    shown: [],
    behave: () => 204,
    async until(count) {
      for (let tries = 0; operator.told.length < count; tries++) {
        if (tries === 1000) throw new Error(`only ${operator.told.length} of ${count} reports came`);
        await sleep(10);
      }
      return operator.told;
    },
  };
  return operator;
}
