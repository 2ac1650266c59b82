// A webhook for as long as somebody listens: made over the API, and removed at the end.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../base/app_error.ts';

export type Registered = {
  secret: string;
  /** Never throws: at the end there is nobody to tell but a person. */
  remove(): Promise<void>;
};

export type RegisterWebhook = {
  apiUrl: string;
  apiKey: string;
  url: string;
  types?: readonly string[] | undefined;
};

/** Throws `unavailable` when the server cannot be reached, and `invalid_request` with the server's words when it refuses. */
export async function registerWebhook(of: RegisterWebhook): Promise<Registered> {
  const { url, types } = of;
  const body = { url, description: 'overair webhooks listen', ...(types && { types }) };
  const { status, json } = await call(of, 'POST', '/v1/webhooks', body);
  if (status !== 201) throw new AppError('invalid_request', explain(json));
  return {
    secret: String(json['secret']),
    remove: async () => void (await call(of, 'DELETE', `/v1/webhooks/${json['id']}`).catch(() => {})),
  };
}

/** The API key of the sandbox of this data folder, if there is one. */
export async function readSandboxKey(dataDir: string): Promise<string | undefined> {
  try {
    return JSON.parse(await readFile(join(dataDir, 'sandbox.json'), 'utf8')).apiKey;
  } catch {
    return undefined;
  }
}

const callMsMax = 15_000;

async function call(
  { apiUrl, apiKey }: RegisterWebhook,
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; json: Record<string, unknown> }> {
  const request = {
    method,
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...(body && { 'content-type': 'application/json' }),
    },
    signal: AbortSignal.timeout(callMsMax),
    ...(body && { body: JSON.stringify(body) }),
  };
  try {
    const answer = await fetch(`${apiUrl}${path}`, request);
    return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
  } catch (cause) {
    throw new AppError('unavailable', `The server at ${apiUrl} cannot be reached.`, { cause });
  }
}

function explain({ detail }: Record<string, unknown>): string {
  const words = `The server refuses the webhook: ${detail}`;
  return /may not be called/.test(words)
    ? `${words}\nStart the server with OVERAIR_CALLBACK_NETWORKS=127.0.0.0/8 to let it call this machine.`
    : words;
}
