// For tests: the Connect door over a test server, with a client that has signed in; every answer is held against spec/.
import assert from 'node:assert/strict';
import type { FastifyInstance } from 'fastify';
import type { NewProduct } from '../../modules/catalogue/index.ts';
import type { Database } from '../../pg/database.ts';
import { createApiApp } from '../create_api_app.ts';
import {
  type DoorOptions,
  type Method,
  openTestDoor,
  type TestDoor,
  type TestKey,
  testHost,
} from '../http/test_door.ts';
import { product } from '../http/test_stock.ts';
import { checkAnswer } from './test_spec.ts';

export { type Method, type Party, testHost } from '../http/test_door.ts';

export async function openConnect(database: Database, options: DoorOptions = {}): Promise<Connect> {
  const door = await openTestDoor(createApiApp, database, { products: [data1Gb], fulfils: true, ...options });
  const token = await tokenOf(door.app, door.account);
  return {
    ...door,
    token,
    tokenOf: async (key) => (await askTokens(door.app, clientForm(key))).body.access_token,
    call: (method, path, given) => call(door.app, method, path, { token, ...given }),
  };
}

export type Connect = TestDoor & {
  /** Of `account`. */
  token: string;
  tokenOf(key: TestKey): Promise<string>;
  /** Calls `/connect-api` + `path`. */
  call(method: Method, path: string, options?: CallOptions): Promise<Answer>;
};

export type CallOptions = {
  /** Sent as JSON; text is sent as it is. */
  body?: unknown;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  /** The access token; null for none. */
  token?: string | null;
  /** `/connect-api` unless given. */
  prefix?: string;
};

export type Answer = {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into any answer.
  body: any;
  headers: Record<string, string | undefined>;
};

/** `esim_1GB_7D_NL_V2`, 2.00 USD. */
export const data1Gb: NewProduct = { ...product, prices: { USD: 200n, EUR: 200n } };

export const tokenPath = '/auth/realms/tru-staff/protocol/openid-connect/token';

export function clientForm({ key, secret }: TestKey): Record<string, string> {
  return { grant_type: 'client_credentials', client_id: key.id, client_secret: secret, scope: 'profile' };
}

/** Asks the token endpoint with these fields of a form. */
export async function askTokens(
  app: FastifyInstance,
  form: Record<string, string>,
  { path = tokenPath, headers = {} }: { path?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const response = await app.inject({
    method: 'POST',
    url: path,
    headers: { host: testHost, 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: new URLSearchParams(form).toString(),
  });
  return {
    status: response.statusCode,
    body: response.json(),
    headers: response.headers as Answer['headers'],
  };
}

async function tokenOf(app: FastifyInstance, key: TestKey): Promise<string> {
  const { status, body } = await askTokens(app, clientForm(key));
  assert.equal(status, 200);
  return body.access_token;
}

async function call(
  app: FastifyInstance,
  method: Method,
  path: string,
  { body, query, headers, token, prefix = '/connect-api' }: CallOptions,
): Promise<Answer> {
  const sent = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const response = await app.inject({
    method,
    url: `${prefix}${path}${query === undefined ? '' : `?${new URLSearchParams(query)}`}`,
    headers: {
      host: testHost,
      ...(typeof token === 'string' && { authorization: `Bearer ${token}` }),
      ...(sent !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(sent !== undefined && { payload: sent }),
  });
  const isJson = /^application\/json(;|$)/.test(String(response.headers['content-type']));
  const answer = isJson && response.payload !== '' ? response.json() : undefined;
  assert.ok(response.headers['x-correlation-id'], 'every answer names its request');
  if (method !== 'HEAD' && method !== 'OPTIONS') checkAnswer(method, path, response.statusCode, answer);
  return { status: response.statusCode, body: answer, headers: response.headers as Answer['headers'] };
}
