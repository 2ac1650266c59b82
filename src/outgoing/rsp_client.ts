// Calls the RSP functions of other servers (ES2+, ES12, and ES2+ back to operators) over TLS: bounded in time and size, never in the dark about who refused.
import type { IncomingMessage } from 'node:http';
import { Agent, type AgentOptions, request } from 'node:https';
import { rootCertificates } from 'node:tls';
import type { PemIdentity } from '../rsp/pki/pem_identity.ts';
import { readRspAnswer } from './read_rsp_answer.ts';
import { describeCause, RspCallError } from './rsp_call_error.ts';

export type RspClient = {
  /**
   * Posts `body` to `baseUrl` + `path` and gives the members of the answer, header included; none when `answers` is
   * false, where any 2xx will do. A call that a kept connection lost is sent once more, so give it a
   * functionCallIdentifier. Throws `RspCallError`.
   */
  call(input: RspCall): Promise<Record<string, unknown>>;
  /** Ends the connections, and with them what is under way. */
  close(): void;
};

export type RspCall = {
  /** `https://host:port`, with or without a path in front of `path`. */
  baseUrl: string;
  /** `/gsma/rsp2/es2plus/downloadOrder`. */
  path: string;
  body: object;
  /** True if left out. */
  answers?: boolean;
};

export type RspClientOptions = {
  /** Our certificate, for servers that ask for one. */
  identity?: PemIdentity;
  /** Certificates in PEM that the server's must come from. */
  ca: readonly string[];
  /** Also trust what this computer trusts. */
  systemRoots?: boolean;
  /** For a whole call, connecting included. 10 s if left out. */
  timeoutMs?: number;
};

/** A client that keeps its connections for the next call. */
export function createRspClient({
  identity,
  ca,
  systemRoots = false,
  timeoutMs = timeoutMsDefault,
}: RspClientOptions): RspClient {
  const agent = new Agent({
    keepAlive: true,
    timeout: idleSocketMs,
    maxSockets: socketsPerHostMax,
    ca: systemRoots ? [...rootCertificates, ...ca] : [...ca],
    ecdhCurve: 'P-256:brainpoolP256r1',
    minVersion: 'TLSv1.2',
    ...(identity && clientCertificate(identity)),
  });
  return {
    call: (input) => callOnce({ agent, timeoutMs }, input),
    close: () => agent.destroy(),
  };
}

const timeoutMsDefault = 10_000;
const idleSocketMs = 20_000;
const socketsPerHostMax = 32;
const answerBytesMax = 4 * 1024 * 1024;

/** With a Brainpool certificate TLS must end at 1.2: there is no signature scheme for it in OpenSSL's 1.3. */
function clientCertificate({ certificate, privateKey, curve }: PemIdentity): AgentOptions {
  return {
    cert: certificate,
    key: privateKey,
    ...(curve !== 'P-256' && { maxVersion: 'TLSv1.2' as const }),
  };
}

type Connections = { agent: Agent; timeoutMs: number };
type HttpAnswer = { status: number; text: string };

async function callOnce(connections: Connections, call: RspCall): Promise<Record<string, unknown>> {
  const { status, text } = await post(connections, call, AbortSignal.timeout(connections.timeoutMs));
  return readRspAnswer(call.path, { status, text, answers: call.answers ?? true });
}

/** A kept connection that the server closes just as it is used again is no failure of the server. */
async function post(connections: Connections, call: RspCall, signal: AbortSignal): Promise<HttpAnswer> {
  const first = await postOn(connections, call, signal).catch((error: unknown) => {
    if (error instanceof StaleConnection) return undefined;
    throw error;
  });
  return first ?? (await postOn(connections, call, signal));
}

class StaleConnection extends RspCallError {}

function postOn({ agent, timeoutMs }: Connections, call: RspCall, signal: AbortSignal): Promise<HttpAnswer> {
  const url = urlOf(call);
  const body = Buffer.from(JSON.stringify(call.body));
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      agent,
      method: 'POST',
      signal,
      headers: {
        'Content-Type': 'application/json',
        'Content-Length': body.length,
        'User-Agent': 'gsma-rsp-smdpplus',
        'X-Admin-Protocol': 'gsma/rsp/v2.2.0',
      },
    });
    const fail = (cause: unknown) => {
      const reason = signal.aborted ? `none within ${timeoutMs} ms` : describeCause(cause);
      const isStale = outgoing.reusedSocket && (cause as NodeJS.ErrnoException).code === 'ECONNRESET';
      const Failure = isStale && !signal.aborted ? StaleConnection : RspCallError;
      reject(new Failure('unreachable', `${call.path}: no answer from ${url.host} (${reason})`, { cause }));
    };
    outgoing.on('error', fail);
    outgoing.on('response', (answer) => readText(answer).then(resolve, fail));
    outgoing.end(body);
  });
}

function urlOf({ baseUrl, path }: RspCall): URL {
  const text = baseUrl.replace(/\/+$/, '') + path;
  const url = URL.parse(text);
  if (url?.protocol === 'https:') return url;
  throw new RspCallError('unreachable', `${text} is no https URL`);
}

async function readText(answer: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer) {
    size += chunk.length;
    if (size > answerBytesMax) throw new Error(`the answer is longer than ${answerBytesMax} bytes`);
    chunks.push(chunk);
  }
  return { status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') };
}
