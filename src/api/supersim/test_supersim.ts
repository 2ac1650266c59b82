// For tests: the door with accounts, keys, a catalogue and stock; every answer it gives is held against the vendor's document.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import type { FastifyInstance } from 'fastify';
import {
  type Account,
  type ApiKey,
  createAccount,
  createSubaccount,
  type Scope,
  scopes,
} from '../../modules/accounts/index.ts';
import type { NewProduct } from '../../modules/catalogue/index.ts';
import { topUp } from '../../modules/ledger/index.ts';
import type { Ctx } from '../../pg/ctx.ts';
import type { Database } from '../../pg/database.ts';
import { write } from '../../pg/write.ts';
import { createApiApp } from '../create_api_app.ts';
import type { ApiSettings, Core } from '../http/core.ts';
import { fulfilAll, newTestKey, product, stockUp, testCore } from '../http/test_stock.ts';
import { checkAnswer } from './test_spec.ts';
import { writeSid } from './wire/sid.ts';

/** Opens the door over an empty migrated database; what it listens on is closed after the tests of the file. */
export async function openSuperSim(
  database: Database,
  { settings, products = [esimProduct], stock = 40, kind = 'sandbox' }: SuperSimOptions = {},
): Promise<SuperSim> {
  const { core, ctx } = testCore(database, settings);
  const app = createApiApp({ core, ready: async () => ({}) });
  after(() => app.close());
  const own = await createAccount(ctx, { name: 'Own', kind, currency: 'USD' });
  await stockUp(ctx, own, { products, count: stock });
  const account = await newParty(ctx, own);
  const foreign = await newParty(ctx, await createAccount(ctx, { name: 'Foreign', kind, currency: 'USD' }));
  const subaccount = await write(ctx, {}, (tx) => createSubaccount(tx, { parentId: own.id, name: 'Sub' }));
  await write(ctx, {}, (tx) =>
    topUp(tx, { accountId: subaccount.id, currency: 'USD', amountMinor: 100_00n, reference: 'opening' }),
  );
  return {
    app,
    core,
    ctx,
    account,
    foreign,
    subaccount: await newParty(ctx, subaccount),
    newKey: async (allowed, of = account) => newKey(ctx, of.account, allowed),
    call: (method, path, options) => call(app, method, path, { auth: account.auth, ...options }),
    fulfil: () => fulfilAll(ctx),
    listen: () => listen(app),
  };
}

export type SuperSimOptions = {
  settings?: Partial<ApiSettings>;
  products?: readonly NewProduct[];
  /** SIM profiles to sell. */
  stock?: number;
  kind?: Account['kind'];
};

export type SuperSim = {
  app: FastifyInstance;
  core: Core;
  ctx: Ctx;
  /** Who calls unless the test says otherwise. */
  account: Party;
  /** Of `account`. */
  subaccount: Party;
  foreign: Party;
  newKey(allowed: readonly Scope[], of?: Party): Promise<TestKey>;
  /** Calls `/supersim/v1` + `path`, and checks the answer against the vendor's document. */
  call(method: Method, path: string, options?: CallOptions): Promise<Answer>;
  /** Fulfils all orders that wait. */
  fulfil(): Promise<void>;
  /** Listens on a free port: `http://127.0.0.1:…/supersim`. */
  listen(): Promise<string>;
};

/** An account with a key that has all scopes, and the `Authorization` that it calls with. */
export type Party = TestKey & { account: Account; sid: string };

export type TestKey = {
  key: ApiKey;
  secret: string;
  /** Basic with the account's SID. */
  auth: string;
};

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';

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

export const testHost = 'api.shop.example';

/** What URLs in answers to `call` begin with. */
export const testBase = `http://${testHost}/supersim/v1`;

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

async function newParty(ctx: Ctx, account: Account): Promise<Party> {
  return { account, sid: writeSid('account', account.id), ...(await newKey(ctx, account, scopes)) };
}

async function newKey(ctx: Ctx, account: Account, allowed: readonly Scope[]): Promise<TestKey> {
  const made = await newTestKey(ctx, account, allowed);
  return { ...made, auth: basicAuth(writeSid('account', account.id), made.secret) };
}

async function call(
  app: FastifyInstance,
  method: Method,
  path: string,
  { form, query, auth, headers }: CallOptions,
): Promise<Answer> {
  const response = await app.inject({
    method,
    url: `/supersim/v1${path}${query === undefined ? '' : `?${writeFields(query)}`}`,
    headers: {
      host: testHost,
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

async function listen(app: FastifyInstance): Promise<string> {
  if (!app.server.listening) await app.listen({ host: '127.0.0.1', port: 0 });
  if (!app.server.listening) await once(app.server, 'listening');
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/supersim`;
}
