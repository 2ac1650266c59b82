// Calls of /v1 for commands: the server and the key are found, or named; a refusal is told in the server's words.
import { AppError } from '../base/app_error.ts';
import { findDoor } from './find_door.ts';

export type ApiClient = {
  /**
   * The answer. `path` is under `/v1`. Throws `unavailable` when the server cannot be reached, and `invalid_request`
   * with the words of the server when it refuses.
   */
  call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<ApiAnswer>;
};

// biome-ignore lint/suspicious/noExplicitAny: what an answer holds is documented, and shown as it is.
export type ApiAnswer = any;

/** Options of every command that calls the server. */
export const apiOptions = {
  account: { type: 'string' },
  api: { type: 'string' },
  help: { type: 'boolean' },
  json: { type: 'boolean' },
  key: { type: 'string' },
} as const;

export const apiOptionsHelp = [
  '  --account <id>   for this subaccount of the key',
  '  --api <url>      the server; the one that runs on the data folder when left out',
  '  --key <key>      an API key with the scope operator; that of the sandbox when left out',
  '  --json           print one JSON document',
].join('\n');

type Door = { account?: string | undefined; api?: string | undefined; key?: string | undefined };

/** Throws `AppError` saying what to do when there is no server or no key. */
export async function openApi(door: Door, env: Record<string, string | undefined>): Promise<ApiClient> {
  const { apiUrl, apiKey } = await findDoor(door, env);
  const baseUrl = `${apiUrl}/v1`;
  return { call: (method, path, body) => send({ ...door, baseUrl, apiKey }, method, path, body) };
}

const callMsMax = 30_000;

async function send(
  { baseUrl, apiKey, account }: Door & { baseUrl: string; apiKey: string },
  method: string,
  path: string,
  body?: object,
): Promise<ApiAnswer> {
  const request = {
    method,
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...(account !== undefined && { 'overair-account': account }),
      ...(body && { 'content-type': 'application/json' }),
    },
    signal: AbortSignal.timeout(callMsMax),
    ...(body && { body: JSON.stringify(body) }),
  };
  const answer = await fetch(`${baseUrl}${path}`, request).catch((cause: unknown) => {
    throw new AppError('unavailable', `The server at ${baseUrl} cannot be reached.`, { cause });
  });
  const json = (await answer.json().catch(() => ({}))) as ApiAnswer;
  if (answer.ok) return json;
  throw new AppError('invalid_request', json.detail ?? `The server answered ${answer.status}.`);
}
