// The platform's API as a mobile core speaks to it: JSON over HTTP, bounded in size and time, tried again when it was not answered.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeviceError } from '../device_error.ts';

export type PlatformClient = {
  /**
   * The answer. A request that was not answered, or not for good, is sent again up to two times with the same
   * Idempotency-Key. Throws `DeviceError`: `unreachable`, `refused_by_network` with the problem's code as
   * `networkCause`, or `server_misbehaved`.
   */
  call(method: 'GET' | 'POST', path: string, body?: object): Promise<PlatformAnswer>;
};

export type PlatformAnswer = Readonly<Record<string, unknown>>;

export type PlatformClientOptions = {
  /** Of the v1 API: `http://127.0.0.1:8080/v1`. */
  baseUrl: string;
  /** With the scope `network`. */
  apiKey: string;
};

const timeoutMs = 30_000;
const answerBytesMax = 4 * 1024 * 1024;
const attemptsMax = 3;
const firstWaitMs = 200;
const passingStatuses = [429, 502, 503, 504];

export function createPlatformClient(options: PlatformClientOptions): PlatformClient {
  return {
    async call(method, path, body) {
      const key = randomUUID();
      for (let attempt = 1; ; attempt++) {
        const answer = await send(options, { method, path, body, key }).catch((cause: unknown) => ({
          cause,
        }));
        const isFinal = 'status' in answer && !passingStatuses.includes(answer.status);
        if (!isFinal && attempt < attemptsMax) await sleep(firstWaitMs * 2 ** (attempt - 1));
        else return readAnswer(`${method} ${path}`, options, answer);
      }
    },
  };
}

type PlatformRequest = { method: string; path: string; body: object | undefined; key: string };
type HttpAnswer = { status: number; text: string };

async function send(
  { baseUrl, apiKey }: PlatformClientOptions,
  { method, path, body, key }: PlatformRequest,
): Promise<HttpAnswer> {
  const response = await fetch(`${baseUrl.replace(/\/$/, '')}${path}`, {
    method,
    signal: AbortSignal.timeout(timeoutMs),
    redirect: 'manual',
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...(body !== undefined && { 'content-type': 'application/json', 'idempotency-key': key }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await readText(response) };
}

async function readText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > answerBytesMax) throw new Error(`the answer is longer than ${answerBytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function readAnswer(
  operation: string,
  { baseUrl }: PlatformClientOptions,
  answer: HttpAnswer | { cause: unknown },
): PlatformAnswer {
  if ('cause' in answer) {
    const words = `${operation}: no answer from ${baseUrl} (${reasonOf(answer.cause)})`;
    throw new DeviceError('unreachable', words, { cause: answer.cause });
  }
  const body = parseObject(answer.text);
  if (!body) throw misbehaved(operation, `HTTP status ${answer.status} without a JSON object`);
  if (answer.status < 300) return body;
  const { code, detail } = body;
  if (typeof code !== 'string' || typeof detail !== 'string')
    throw misbehaved(operation, `HTTP status ${answer.status}`);
  throw new DeviceError('refused_by_network', `${operation} refused (${code}): ${detail}`, {
    networkCause: code,
  });
}

export function misbehaved(operation: string, detail: string): DeviceError {
  return new DeviceError('server_misbehaved', `${operation}: ${detail}`);
}

function parseObject(text: string): PlatformAnswer | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as PlatformAnswer)
      : undefined;
  } catch {
    return undefined;
  }
}

/** `fetch` keeps the reason one level down. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || error.message : error.message;
}
