// HTTP/1.1 by hand on one socket: so little work per request that the server is what is measured.
import type { Socket } from 'node:net';

export type HttpAnswer = { status: number; body: string };

export type RawHttp = {
  /** Sends a whole request and gives its answer. One at a time. */
  request(bytes: string): Promise<HttpAnswer>;
  close(): void;
};

/** Speaks over `socket`, plain or TLS. Understands answers with Content-Length or without a body only. */
export function createRawHttp(socket: Socket): RawHttp {
  let received = '';
  let waiting: { resolve(answer: HttpAnswer): void; reject(error: Error): void } | undefined;
  socket.setNoDelay(true);
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    received = received === '' ? text : received + text;
    const answer = readAnswer(received);
    if (!answer) return;
    received = received.slice(answer.length);
    const { resolve } = waiting ?? {};
    waiting = undefined;
    resolve?.(answer);
  });
  const fail = (error?: Error) => {
    waiting?.reject(error ?? new Error('the connection was closed'));
    waiting = undefined;
  };
  socket.on('error', fail).on('close', () => fail());
  return {
    request(bytes) {
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(bytes, 'latin1');
      });
    },
    close: () => void socket.destroy(),
  };
}

const lengthPattern = /\r\ncontent-length: (\d+)/i;

function readAnswer(text: string): (HttpAnswer & { length: number }) | undefined {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const bodyLength = Number(lengthPattern.exec(text.slice(0, headEnd))?.[1] ?? 0);
  const length = headEnd + 4 + bodyLength;
  if (text.length < length) return undefined;
  return { status: Number(text.slice(9, 12)), body: text.slice(headEnd + 4, length), length };
}

export type RequestParts = {
  method: string;
  path: string;
  host: string;
  headers?: string;
  body?: string;
  /** JSON unless given. */
  bodyType?: string;
};

/** A request as bytes; `headers` are whole lines, each with its line end. */
export function writeRequest({ method, path, host, headers = '', body, ...parts }: RequestParts): string {
  const { bodyType = 'application/json' } = parts;
  const bodyHeaders =
    body === undefined ? '' : `Content-Type: ${bodyType}\r\nContent-Length: ${body.length}\r\n`;
  return `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\n${headers}${bodyHeaders}\r\n${body ?? ''}`;
}
