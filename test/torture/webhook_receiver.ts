// Receives webhooks while the server is killed again and again, refuses some, and knows which orders it was told of.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type WebhookReceiver = {
  url: string;
  /** How often each order was told as ended, by its id, and each eSIM profile as available, by its SID. */
  told: Map<string, number>;
  /** Deliveries that came again after they had been taken: allowed, but told. */
  repeats(): number;
  close(): Promise<void>;
};

/** Listens on loopback; refuses the share of requests that `random` picks below `refusals`. */
export async function openWebhookReceiver(random: () => number, refusals: number): Promise<WebhookReceiver> {
  const told = new Map<string, number>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (random() < refusals) return response.writeHead(500).end();
      const id = readTold(request.headers['content-type'], Buffer.concat(chunks).toString());
      told.set(id, (told.get(id) ?? 0) + 1);
      return response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    told,
    repeats: () => [...told.values()].reduce((sum, times) => sum + times - 1, 0),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Webhooks are JSON, callbacks of the Super SIM door are forms. */
function readTold(contentType: string | undefined, body: string): string {
  if (contentType?.startsWith('application/x-www-form-urlencoded'))
    return new URLSearchParams(body).get('ESimProfileSid') ?? '';
  return (JSON.parse(body) as { data: { resourceId: string } }).data.resourceId;
}
