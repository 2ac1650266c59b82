// One request to a host that somebody else named: only to addresses we may call, without redirects, in bounded time and size.
import http, { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import { describeFailure, describeStatus, forbiddenAddress, tooSlow } from '../delivery/describe_failure.ts';
import { addressRules } from './address_rules.ts';
import { type Resolve, systemResolve } from './resolve_host.ts';

/** Calls strangers. Its connections are kept for the next request; `close` drops them, and fails what is under way. */
export type Outgoing = {
  /** Never throws: what went wrong is in `error`. */
  send(request: OutgoingRequest): Promise<OutgoingAnswer>;
  /** The addresses of this host name that may be called. Rejects when it cannot be resolved. */
  addressesOf(hostname: string): Promise<string[]>;
  close(): void;
};

export type OutgoingRequest = {
  method: 'GET' | 'POST';
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string | null;
};

export type OutgoingAnswer = {
  /** Null when none came. */
  status: number | null;
  headers: IncomingHttpHeaders;
  /** The beginning of the answer. */
  text: string;
  /** Why this counts as failed, in words; null for a complete answer with 2xx. */
  error: string | null;
  durationMs: number;
};

export type OutgoingOptions = {
  /** Networks (CIDR) that may be called although they are none of the public internet. */
  allowedNetworks?: readonly string[];
  resolve?: Resolve;
  /** For the whole request, connecting included. */
  timeoutMs?: number;
};

export const answerBytesMax = 64 * 1024;
const answerBytesKept = 1024;
const defaultTimeoutMs = 15_000;
const idleSocketMs = 20_000;
const idleSocketsPerHostMax = 8;

/** Throws `invalid_request` when `allowedNetworks` names none. */
export function createOutgoing(options: OutgoingOptions = {}): Outgoing {
  const { resolve = systemResolve(), timeoutMs = defaultTimeoutMs } = options;
  const mayCall = addressRules(options.allowedNetworks);
  const keep = { keepAlive: true, maxFreeSockets: idleSocketsPerHostMax, timeout: idleSocketMs } as const;
  const agents = { 'http:': new http.Agent(keep), 'https:': new https.Agent(keep) };
  const addressesOf = async (hostname: string) => {
    const addresses = isIP(hostname) === 0 ? await resolve(hostname) : [{ address: hostname }];
    return addresses.map((each) => each.address).filter(mayCall);
  };
  const call: Call = { agents, mayCall, lookup: allowedLookup(addressesOf), timeoutMs, isClosed: false };
  return {
    addressesOf,
    async send(request) {
      const startedAt = performance.now();
      const answer = await sendSafely(call, request);
      return { ...answer, durationMs: Math.round(performance.now() - startedAt) };
    },
    close: () => {
      call.isClosed = true;
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

/** The host of a URL as sockets want it: IPv6 without brackets. */
export function hostnameOf({ hostname }: URL): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}

type Call = {
  agents: { 'http:': http.Agent; 'https:': https.Agent };
  mayCall: (address: string) => boolean;
  lookup: LookupFunction;
  timeoutMs: number;
  isClosed: boolean;
};

type Answer = Omit<OutgoingAnswer, 'durationMs'>;

async function sendSafely(call: Call, request: OutgoingRequest): Promise<Answer> {
  const ended = Promise.withResolvers<never>();
  const timer = setTimeout(() => ended.reject(tooSlow(call.timeoutMs)), call.timeoutMs);
  ended.promise.catch(() => {});
  try {
    const url = new URL(request.url);
    if (isIP(hostnameOf(url)) !== 0 && !call.mayCall(hostnameOf(url))) throw forbiddenAddress();
    return await sendAgainIfStale(call, url, request, ended.promise);
  } catch (error) {
    return { status: null, headers: {}, text: '', error: describeFailure(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** A kept connection that its host closes just as it is used again is no failure of the host. */
async function sendAgainIfStale(
  call: Call,
  url: URL,
  request: OutgoingRequest,
  ended: Promise<never>,
): Promise<Answer> {
  const first = startRequest(call, url, request);
  try {
    return await readAnswer(call, first, ended);
  } catch (error) {
    const isStale = first.reusedSocket && (error as NodeJS.ErrnoException).code === 'ECONNRESET';
    if (!isStale || call.isClosed) throw error;
    return await readAnswer(call, startRequest(call, url, request), ended);
  }
}

function startRequest({ agents, lookup }: Call, url: URL, { method, headers, body }: OutgoingRequest) {
  const isTls = url.protocol === 'https:';
  const request = (isTls ? https : http).request(url, {
    method,
    agent: agents[isTls ? 'https:' : 'http:'],
    lookup,
    headers: {
      'user-agent': 'Overair/1',
      accept: '*/*',
      ...headers,
      ...(body !== null && { 'content-length': String(Buffer.byteLength(body)) }),
    },
  });
  request.end(body ?? undefined);
  return request;
}

async function readAnswer(call: Call, request: ClientRequest, ended: Promise<never>): Promise<Answer> {
  const answered = new Promise<Answer>((resolve, reject) => {
    request.on('error', reject);
    request.on('socket', (socket) =>
      whenConnected(socket, () => {
        // The rules were applied to what the name led to; this is what the connection led to.
        if (!call.mayCall(socket.remoteAddress ?? '')) request.destroy(forbiddenAddress());
      }),
    );
    request.on('response', (response) => readBody(response).then(resolve, reject));
  });
  try {
    return await Promise.race([answered, ended]);
  } catch (error) {
    answered.catch(() => {});
    request.destroy();
    throw error;
  }
}

function whenConnected(socket: Socket, then: () => void): void {
  if (socket.connecting) socket.once('connect', then);
  else then();
}

/** Reads to the end, or to `answerBytesMax`, where the connection is dropped. */
async function readBody(response: IncomingMessage): Promise<Answer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    if (bytes < answerBytesKept) parts.push(part);
    bytes += part.length;
    if (bytes > answerBytesMax) break;
  }
  const { statusCode = 0, headers } = response;
  const kept = Buffer.concat(parts).subarray(0, answerBytesKept);
  // PostgreSQL keeps any character but this one.
  const text = kept.toString('utf8').replaceAll('\0', '\uFFFD');
  return { status: statusCode, headers, text, error: describeStatus(statusCode) };
}

function allowedLookup(addressesOf: Outgoing['addressesOf']): LookupFunction {
  return (hostname, options, callback) => {
    addressesOf(hostname).then(
      (addresses) => {
        const all = addresses.map((address) => ({ address, family: isIP(address) }));
        const [first] = all;
        if (!first) callback(forbiddenAddress(), '', 0);
        else if (options.all) callback(null, all);
        else callback(null, first.address, first.family);
      },
      (error) => callback(error, '', 0),
    );
  };
}
