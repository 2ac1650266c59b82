// For tests: a real HTTP receiver on loopback that answers as it is told and keeps what it was sent.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type Received = {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
  atMs: number;
};
export type Reply = (request: Received, response: ServerResponse) => void;

export type Receiver = {
  url: string;
  received: Received[];
  /** How it answers from now on; 204 at first. */
  reply: Reply;
  /** Resolves once `count` requests have come. Rejects after ten seconds. */
  has(count: number): Promise<Received[]>;
  close(): Promise<void>;
};

export async function openReceiver(reply: Reply = answer(204)): Promise<Receiver> {
  const server = createServer((request, response) => void take(receiver, request, response));
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/hook`,
    received: [],
    reply,
    has: (count) => waitFor(() => receiver.received.length >= count && receiver.received),
    close: () => closeServer(server),
  };
  return receiver;
}

/** Answers with this status, body and headers. */
export function answer(status: number, body = '', headers: Record<string, string> = {}): Reply {
  return (_request, response) => void response.writeHead(status, headers).end(body);
}

/** What `look` gives once that is something; rejects after ten seconds. */
export async function waitFor<T>(
  look: () => T | false | undefined | Promise<T | false | undefined>,
): Promise<T> {
  for (const deadline = performance.now() + 10_000; performance.now() < deadline; await sleep(5)) {
    const seen = await look();
    if (seen !== false && seen !== undefined) return seen;
  }
  throw new Error('waited for ten seconds in vain');
}

async function take(receiver: Receiver, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const received = {
    method: request.method ?? '',
    url: request.url ?? '',
    headers: request.headers as Record<string, string>,
    body: Buffer.concat(parts).toString(),
    atMs: performance.now(),
  };
  receiver.received.push(received);
  receiver.reply(received, response);
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
