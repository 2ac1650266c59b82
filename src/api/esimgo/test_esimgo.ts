// For tests: the door over a test server; every answer it gives is held against the vendor's document.
import assert from 'node:assert/strict';
import type { FastifyInstance } from 'fastify';
import type { NewProduct } from '../../modules/catalogue/index.ts';
import type { Database } from '../../pg/database.ts';
import { createApiApp } from '../create_api_app.ts';
import { type DoorOptions, type Method, openTestDoor, type TestDoor, testHost } from '../http/test_door.ts';
import { product } from '../http/test_stock.ts';
import { checkAnswer } from './test_spec.ts';

export { type Method, type Party, testHost } from '../http/test_door.ts';

export async function openEsimGo(database: Database, options: DoorOptions = {}): Promise<EsimGo> {
  const door = await openTestDoor(createApiApp, database, {
    products: [bundle1Gb],
    fulfils: true,
    ...options,
  });
  const { secret } = door.account;
  return { ...door, call: (method, path, given) => call(door.app, method, path, { key: secret, ...given }) };
}

export type EsimGo = TestDoor & {
  /** Calls `/v2.4` + `path`, and checks the answer against the vendor's document. */
  call(method: Method, path: string, options?: CallOptions): Promise<Answer>;
};

export type CallOptions = {
  /** Sent as JSON; text is sent as it is. */
  body?: unknown;
  /** Text is sent as it is; an array becomes a repeated name. */
  query?: Record<string, string | number | boolean | readonly string[]> | string;
  /** `Content-Type: undefined` leaves out the one of JSON. */
  headers?: Record<string, string | undefined>;
  /** The header `X-API-Key`; null for none. */
  key?: string | null;
};

export type Answer = {
  status: number;
  /** JSON as data, also where it came as text/plain; undefined for everything else. */
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into any answer.
  body: any;
  text: string;
  bytes: Buffer;
  headers: Record<string, string | undefined>;
};

/** `esim_1GB_7D_NL_V2`, 2.00 USD. */
export const bundle1Gb: NewProduct = { ...product, prices: { USD: 200n, EUR: 200n } };

/** A path of the document with a name in it that nothing has. */
export function examplePath(path: string): string {
  return path.replaceAll(/\{\w+\}/g, 'nothing');
}

async function call(
  app: FastifyInstance,
  method: Method,
  path: string,
  { body, query, headers, key }: CallOptions,
): Promise<Answer> {
  const sent = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const given = {
    host: testHost,
    ...(typeof key === 'string' && { 'x-api-key': key }),
    ...(sent !== undefined && { 'content-type': 'application/json' }),
    ...lowerNames(headers),
  };
  const response = await app.inject({
    method,
    url: `/v2.4${path}${query === undefined ? '' : `?${writeQuery(query)}`}`,
    headers: given,
    ...(sent !== undefined && { payload: sent }),
  });
  assert.ok(response.headers['x-request-id'], 'every answer names its request');
  const { statusCode: status, payload: text, rawPayload: bytes } = response;
  const type = String(response.headers['content-type'] ?? '');
  const answer = { status, text, bytes, body: readJson(type, text), headers: readHeaders(response.headers) };
  if (method !== 'HEAD') checkAnswer(method, path, status, answer.body ?? text, type);
  return answer;
}

function readJson(type: string, text: string): unknown {
  if (text === '' || !/^(application\/json|text\/plain)(;|$)/.test(type)) return undefined;
  return JSON.parse(text);
}

function lowerNames(headers: Record<string, string | undefined> = {}): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function readHeaders(headers: object): Answer['headers'] {
  return headers as Answer['headers'];
}

function writeQuery(query: NonNullable<CallOptions['query']>): string {
  if (typeof query === 'string') return query;
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((each) => [name, String(each)] as [string, string]),
  );
  return new URLSearchParams(pairs).toString();
}
