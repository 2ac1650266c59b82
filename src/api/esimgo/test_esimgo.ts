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
import { onOrdersAccepted } from '../../modules/orders/index.ts';
import type { Ctx } from '../../pg/ctx.ts';
import type { Database } from '../../pg/database.ts';
import { write } from '../../pg/write.ts';
import { createApiApp } from '../create_api_app.ts';
import type { ApiSettings, Core } from '../http/core.ts';
import { fulfilAll, newTestKey, product, stockUp, testCore } from '../http/test_stock.ts';
import { checkAnswer } from './test_spec.ts';

/** Opens the door over an empty migrated database; what it listens on is closed after the tests of the file. */
export async function openEsimGo(
  database: Database,
  { settings, products = [bundle1Gb], stock = 40, kind = 'sandbox', fulfils = true }: EsimGoOptions = {},
): Promise<EsimGo> {
  const { core, ctx } = testCore(database, settings);
  const app = createApiApp({ core, ready: async () => ({}) });
  after(() => app.close());
  if (fulfils) fulfilInBackground(ctx);
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
    newKey: async (allowed, of = account) => newTestKey(ctx, of.account, allowed),
    call: (method, path, options) => call(app, method, path, { key: account.secret, ...options }),
    fulfil: () => fulfilAll(ctx),
    listen: () => listen(app),
  };
}

export type EsimGoOptions = {
  settings?: Partial<ApiSettings>;
  products?: readonly NewProduct[];
  /** SIM profiles to sell. */
  stock?: number;
  kind?: Account['kind'];
  /** False: orders wait until `fulfil` is called. */
  fulfils?: boolean;
};

export type EsimGo = {
  app: FastifyInstance;
  core: Core;
  ctx: Ctx;
  /** Who calls unless the test says otherwise: 100.00 USD. */
  account: Party;
  /** Of `account`. */
  subaccount: Party;
  /** Without money. */
  foreign: Party;
  newKey(allowed: readonly Scope[], of?: Party): Promise<TestKey>;
  /** Calls `/v2.4` + `path`, and checks the answer against the vendor's document. */
  call(method: Method, path: string, options?: CallOptions): Promise<Answer>;
  /** Fulfils all orders that wait. */
  fulfil(): Promise<void>;
  /** Listens on a free port: `http://127.0.0.1:…`, without a version. */
  listen(): Promise<string>;
};

export type TestKey = { key: ApiKey; secret: string };

/** An account with a key that has all scopes. */
export type Party = TestKey & { account: Account };

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';

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

export const testHost = 'api.shop.example';

/** A path of the document with a name in it that nothing has. */
export function examplePath(path: string): string {
  return path.replaceAll(/\{\w+\}/g, 'nothing');
}

async function newParty(ctx: Ctx, account: Account): Promise<Party> {
  return { account, ...(await newTestKey(ctx, account, scopes)) };
}

/** As the server does: orders are fulfilled as soon as they are accepted. */
function fulfilInBackground(ctx: Ctx): void {
  let running = Promise.resolve();
  onOrdersAccepted(ctx, () => {
    running = running.then(() => fulfilAll(ctx));
    running.catch(() => {});
  });
  // What still runs when the database is closed belongs to no test any more.
  after(() => running.catch(() => {}));
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

async function listen(app: FastifyInstance): Promise<string> {
  if (!app.server.listening) await app.listen({ host: '127.0.0.1', port: 0 });
  if (!app.server.listening) await once(app.server, 'listening');
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
}
