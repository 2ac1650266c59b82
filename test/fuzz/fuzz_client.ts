// A client that keeps its connection, as an LPA does, and says how a connection ended that should not have.
import { Agent, request } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { connect } from 'node:tls';
import type { FuzzAnswer } from './check_answer.ts';
import type { FuzzRequest } from './fuzz_request.ts';

export type FuzzClient = {
  /** Rejects when there is no whole answer. */
  send(request: FuzzRequest): Promise<FuzzAnswer>;
  close(): void;
};

export type ClientOptions = { port: number; cert?: string; key?: string };

const timeoutMs = 20_000;

export function createFuzzClient({ port, ...identity }: ClientOptions): FuzzClient {
  // What the server is has been tested elsewhere.
  const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false, ...identity });
  return {
    send: ({ path, headers, body }) =>
      new Promise((resolve, reject) => {
        const sent = request({
          agent,
          host: '127.0.0.1',
          port,
          method: 'POST',
          path,
          headers: { ...headers, 'content-length': Buffer.byteLength(body) },
          signal: AbortSignal.timeout(timeoutMs),
        });
        sent.on('error', reject);
        sent.on('response', (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', reject);
          answer.on('end', () =>
            resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
          );
        });
        sent.end(body);
      }),
    close: () => agent.destroy(),
  };
}

/** Writes these pieces as they are on a connection of its own, and gives what came back until it ended or was quiet. */
export async function sendRaw(port: number, pieces: readonly Buffer[], quietMs = 150): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
  const chunks: Buffer[] = [];
  const ended = new Promise<void>((resolve) => {
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('close', () => resolve());
    socket.on('error', () => resolve());
    socket.setTimeout(quietMs, () => resolve());
  });
  socket.on('secureConnect', () => writeAll(socket, pieces));
  await ended;
  socket.destroy();
  return Buffer.concat(chunks).toString('latin1');
}

function writeAll(socket: TLSSocket, pieces: readonly Buffer[]): void {
  for (const piece of pieces) if (socket.writable) socket.write(piece);
}
