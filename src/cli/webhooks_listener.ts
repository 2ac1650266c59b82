// A receiver of webhooks that prints a line for each, and takes only those whose signature is right.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '../base/app_error.ts';
import { findStandardFault } from '../modules/webhooks/index.ts';

export type WebhookListener = { port: number; close(): Promise<void> };

export type WebhookListenerOptions = {
  /** 0 for any free one. */
  port: number;
  /** Looked at for each request: may be filled in later. */
  secrets: readonly string[];
  print: (line: string) => void;
  /** Print what comes instead of a line about it. */
  json: boolean;
};

/** Listens at 127.0.0.1. Throws `unavailable` when the port is in use. */
export async function listenForWebhooks(options: WebhookListenerOptions): Promise<WebhookListener> {
  const server = createServer((request, response) => {
    take(options, request).then(
      (status) => response.writeHead(status).end(),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, '127.0.0.1', resolve);
  }).catch((cause) => {
    throw new AppError(
      'unavailable',
      `Port ${options.port} cannot be opened: give another one with --port.`,
      {
        cause,
      },
    );
  });
  return { port: (server.address() as AddressInfo).port, close: () => close(server) };
}

const bodyBytesMax = 1024 * 1024;

async function take(
  { secrets, print, json }: WebhookListenerOptions,
  request: IncomingMessage,
): Promise<number> {
  const body = await readBody(request);
  if (request.method !== 'POST' || body === undefined) return 400;
  const fault = findStandardFault({ headers: request.headers, body, secrets, now: new Date() });
  print(json ? body.toString() : describe(body, fault));
  return fault === undefined ? 204 : 401;
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > bodyBytesMax) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Anybody on this machine can post here: nothing that a terminal would obey is printed. */
function describe(body: Buffer, fault: string | undefined): string {
  const { type, timestamp, resource } = readTold(body);
  const verdict = fault === undefined ? 'signature ok' : `BAD SIGNATURE: ${fault}`;
  return [timestamp, type.padEnd(24), resource, verdict].join('  ').replace(/[^\x20-\x7e]/g, '?');
}

function readTold(body: Buffer): { type: string; timestamp: string; resource: string } {
  try {
    const { type, timestamp, data } = JSON.parse(body.toString());
    return { type: String(type), timestamp: String(timestamp), resource: String(data?.resourceId) };
  } catch {
    return { type: 'not JSON', timestamp: '-', resource: '-' };
  }
}

async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
