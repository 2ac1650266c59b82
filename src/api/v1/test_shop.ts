// For tests: a shop with an account, keys, a catalogue and stock; every answer it gives is held against the documentation.
import assert from 'node:assert/strict';
import type { FastifyInstance } from 'fastify';
import { type Account, createAccount, type Scope, scopes } from '../../modules/accounts/index.ts';
import type { Ctx } from '../../pg/ctx.ts';
import type { Database } from '../../pg/database.ts';
import { createApiApp } from '../create_api_app.ts';
import type { Core } from '../http/core.ts';
import { createMetrics } from '../http/metrics.ts';
import { fulfilAll, newTestKey, stockUp, testCore } from '../http/test_stock.ts';
import { type Answer, checkAnswer } from './test_answers.ts';

export { product, smdpAddress } from '../http/test_stock.ts';

/** Opens a shop in an empty migrated database. */
export async function openShop(database: Database): Promise<Shop> {
  const { core, ctx } = testCore(database);
  const app = createApiApp({ core, ready: async () => ({ database: 'ok' }), metrics: createMetrics() });
  const account = await createAccount(ctx, { name: 'Shop', kind: 'sandbox', currency: 'EUR' });
  await stockUp(ctx, account);
  const secret = await newKey(ctx, account, scopes);
  return {
    app,
    core,
    ctx,
    account,
    secret,
    newKey: (allowed, of = account) => newKey(ctx, of, allowed),
    newAccount: (kind = 'sandbox') => createAccount(ctx, { name: 'Other', kind, currency: 'EUR' }),
    call: (request, url, options) => call(app, request, url, { secret, ...options }),
    fulfil: () => fulfilAll(ctx),
    events: async (query) => (await call(app, 'GET', `/v1/events?${query}`, { secret })).json.data,
  };
}

export type Shop = {
  app: FastifyInstance;
  core: Core;
  ctx: Ctx;
  account: Account;
  /** Of a key with all scopes. */
  secret: string;
  newKey(allowed: readonly Scope[], of?: Account): Promise<string>;
  newAccount(kind?: Account['kind']): Promise<Account>;
  /** Calls, and checks the answer against its schema and the list of documented errors. */
  call(method: Method, url: string, options?: CallOptions): Promise<Answer>;
  /** Fulfils all orders that wait. */
  fulfil(): Promise<void>;
  /** The events that a query gives, once there are any. */
  events(query: string): Promise<Record<string, unknown>[]>;
};

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';

export type CallOptions = {
  body?: unknown;
  headers?: Record<string, string>;
  /** Of another key; null for none. */
  secret?: string | null;
};

async function newKey(ctx: Ctx, account: Account, allowed: readonly Scope[]): Promise<string> {
  return (await newTestKey(ctx, account, allowed)).secret;
}

async function call(
  app: FastifyInstance,
  method: Method,
  url: string,
  { body, headers, secret }: CallOptions,
): Promise<Answer> {
  const response = await app.inject({
    method,
    url,
    headers: {
      host: 'api.shop.example',
      ...(secret && { authorization: `Bearer ${secret}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const isJson = /json/.test(String(response.headers['content-type']));
  const answer: Answer = {
    status: response.statusCode,
    headers: response.headers as Answer['headers'],
    json: isJson ? response.json() : undefined,
    bytes: response.rawPayload,
  };
  assert.ok(answer.headers['x-request-id'], 'every answer names its request');
  if (url.startsWith('/v1')) checkAnswer(method, url, answer);
  return answer;
}
