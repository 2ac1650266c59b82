// What the tests of this folder share: the platform's doors for a network, played on 127.0.0.1, for one line.
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { concat, toHex } from '../../base/bytes.ts';
import { challengeAnswers, challengeMacs, writeSqn, xor } from '../../crypto/milenage.ts';
import { testSubscription } from '../../rsp/profile/test_subscription.ts';

type Body = Record<string, unknown>;
export type TestCall = { path: string; headers: IncomingMessage['headers']; body: Body };
export type TestPlatform = Awaited<ReturnType<typeof startTestPlatform>>;

/** Answers can be changed while it runs: `grant` for attachments, `fail` for the next answers of any kind, `onCall` before each. */
export async function startTestPlatform() {
  let sqn = 0n;
  const calls: TestCall[] = [];
  const platform = {
    calls,
    ki: testSubscription.ki as Uint8Array,
    /** Answered in place of what the platform would: a status and a body, or nothing at all. */
    fail: [] as ({ status: number; body: string } | 'hang up')[],
    grant: {} as Body,
    waiting: [] as Body[],
    clock: {} as Body,
    onCall: (_path: string) => {},
    baseUrl: '',
    of: (path: string) => calls.filter((call) => call.path === `/v1${path}`).map(({ body }) => body),
    records: () => platform.of('/usage').flatMap(({ records }) => records as Body[]),
    close: async () => {},
  };
  const doors: Record<string, (body: Body) => Body> = {
    '/v1/network/authentication-vectors': () => {
      sqn += 32n;
      return vector(platform.ki, sqn);
    },
    '/v1/network/attachments': () => ({ ...granted, ...platform.grant }),
    '/v1/network/detachments': () => ({}),
    '/v1/usage': ({ records }) => ({ counted: (records as Body[]).length, repeated: 0, refused: [] }),
    '/v1/clock': () => platform.clock,
    '/v1/network/commands': () => ({ id: 'cmd_1' }),
    '/v1/network/commands/take': () => ({ data: platform.waiting.splice(0) }),
  };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const path = request.url ?? '';
    const body: Body = JSON.parse(Buffer.concat(chunks).toString() || '{}');
    platform.onCall(path);
    calls.push({ path, headers: request.headers, body });
    const failure = platform.fail.shift();
    if (failure === 'hang up') return void request.socket.destroy();
    const answer = failure ?? { status: 200, body: JSON.stringify((doors[path] ?? (() => ({})))(body)) };
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  platform.baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  platform.close = () => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return platform;
}

const granted = {
  allowed: true,
  cause: null,
  ipV4: '100.64.0.7',
  apn: 'internet',
  dataAllowed: true,
  speedKbps: null,
  country: 'NL',
  networkName: 'KPN',
};

export const problem = (status: number, code: string) => ({
  status,
  body: JSON.stringify({ status, code, detail: `because of ${code}` }),
});

function vector(ki: Uint8Array, sqn: bigint): Body {
  const { opc } = testSubscription;
  const rand = randomBytes(16);
  const { ak, res } = challengeAnswers({ ki, opc, rand });
  const amf = Uint8Array.of(0x80, 0);
  const { macA } = challengeMacs({ ki, opc, rand, sqn, amf });
  const autn = concat(xor(writeSqn(sqn), ak), amf, macA);
  return { rand: toHex(rand), autn: toHex(autn), xres: toHex(res) };
}
