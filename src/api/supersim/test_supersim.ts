// For tests: the door over a test server; every answer it gives is held against the vendor's document.
import assert from 'node:assert/strict';
import type { FastifyInstance } from 'fastify';
import type { Account, Scope } from '../../modules/accounts/index.ts';
import type { NewProduct } from '../../modules/catalogue/index.ts';
import type { Database } from '../../pg/database.ts';
import { createApiApp } from '../create_api_app.ts';
import * as http from '../http/test_door.ts';
import { product } from '../http/test_stock.ts';
import { checkAnswer } from './test_spec.ts';
import { writeSid } from './wire/sid.ts';

export { type Method, testHost } from '../http/test_door.ts';

export async function openSuperSim(database: Database, options: http.DoorOptions = {}): Promise<SuperSim> {
  const door = await http.openTestDoor(createApiApp, database, { products: [esimProduct], ...options });
  const account = withSid(door.account);
  return {
    ...door,
    account,
    foreign: withSid(door.foreign),
    subaccount: withSid(door.subaccount),
    newKey: async (allowed, of = account) => withAuth(of.account, await door.newKey(allowed, of)),
    call: (method, path, given) => call(door.app, method, path, { auth: account.auth, ...given }),
    listen: async () => `${await door.listen()}/supersim`,
  };
}

export type SuperSim = Omit<http.TestDoor, 'account' | 'subaccount' | 'foreign' | 'newKey'> & {
  account: Party;
  subaccount: Party;
  foreign: Party;
  newKey(allowed: readonly Scope[], of?: Party): Promise<TestKey>;
  /** Calls `/supersim/v1` + `path`, and checks the answer against the vendor's document. */
  call(method: http.Method, path: string, options?: CallOptions): Promise<Answer>;
  /** Listens on a free port: `http://127.0.0.1:…/supersim`. */
  listen(): Promise<string>;
};

/** An account with a key that has all scopes, and the `Authorization` that it calls with. */
export type Party = TestKey & { account: Account; sid: string };

export type TestKey = http.TestKey & {
  /** Basic with the account's SID. */
  auth: string;
};

export type CallOptions = {
  /** Text is sent as it is. */
  form?: Fields | string;
  query?: Fields | string;
  /** The header `Authorization`; null for none. */
  auth?: string | null;
  headers?: Record<string, string>;
};

/** Arrays become repeated keys. */
export type Fields = Record<string, string | number | boolean | readonly string[]>;

export type Answer = {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into any answer.
  body: any;
  headers: Record<string, string | undefined>;
};

/** An eSIM without anything in it, 3.00 USD. */
export const esimProduct: NewProduct = {
  ...product,
  name: 'esim_profile',
  kind: 'esim',
  description: 'eSIM',
  countries: [],
  dataBytes: null,
  validityDays: null,
  prices: { USD: 300n },
};

/** What URLs in answers to `call` begin with. */
export const testBase = `http://${http.testHost}/supersim/v1`;

/** A path of the document with SIDs in it that nothing has. */
export function examplePath(path: string): string {
  return path.replaceAll(/\{\w+\}/g, `HS${'0'.repeat(32)}`);
}

/** `Authorization` for a user and a password. */
export function basicAuth(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** Fields as a form or query carries them. */
export function writeFields(fields: Fields | string): string {
  if (typeof fields === 'string') return fields;
  const pairs = Object.entries(fields).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((each) => [name, String(each)] as [string, string]),
  );
  return new URLSearchParams(pairs).toString();
}

function withSid(party: http.Party): Party {
  const { account } = party;
  return { ...withAuth(account, party), account, sid: writeSid('account', account.id) };
}

function withAuth(account: Account, key: http.TestKey): TestKey {
  return { ...key, auth: basicAuth(writeSid('account', account.id), key.secret) };
}

async function call(
  app: FastifyInstance,
  method: http.Method,
  path: string,
  { form, query, auth, headers }: CallOptions,
): Promise<Answer> {
  const response = await app.inject({
    method,
    url: `/supersim/v1${path}${query === undefined ? '' : `?${writeFields(query)}`}`,
    headers: {
      host: http.testHost,
      ...(auth && { authorization: auth }),
      ...(form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
      ...headers,
    },
    ...(form !== undefined && { payload: writeFields(form) }),
  });
  const isJson = /^application\/json(;|$)/.test(String(response.headers['content-type']));
  const body = isJson && response.payload !== '' ? response.json() : undefined;
  assert.ok(response.headers['x-request-id'], 'every answer names its request');
  if (method !== 'HEAD') checkAnswer(method, path, response.statusCode, body);
  return { status: response.statusCode, body, headers: response.headers as Answer['headers'] };
}
