// For tests: a shop with an account, keys, a catalogue and stock; every answer it gives is held against the documentation.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { silentLog } from '../../base/log.ts';
import { createVault } from '../../base/vault.ts';
import {
  type Account,
  createAccount,
  createApiKey,
  type Scope,
  scopes,
} from '../../modules/accounts/index.ts';
import { type NewProduct, putProducts } from '../../modules/catalogue/index.ts';
import { createProfileType, generateStock } from '../../modules/inventory/index.ts';
import { topUp } from '../../modules/ledger/index.ts';
import { fulfilOrders } from '../../modules/orders/index.ts';
import { type Ctx, systemCtx } from '../../pg/ctx.ts';
import type { Database } from '../../pg/database.ts';
import { write } from '../../pg/write.ts';
import { createApiApp } from '../create_api_app.ts';
import type { Core } from '../http/core.ts';
import { createMetrics } from '../http/metrics.ts';
import { type Answer, checkAnswer } from './test_answers.ts';

/** Opens a shop in an empty migrated database. */
export async function openShop(database: Database): Promise<Shop> {
  const core: Core = {
    database,
    vault: createVault([{ id: 1, key: randomBytes(32) }]),
    log: silentLog,
    now: () => new Date(),
    settings: { trustProxy: false },
    dueWork: [],
  };
  const ctx = systemCtx(database, { vault: core.vault, log: core.log });
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
    fulfil: async () => {
      while ((await fulfilOrders({ ...ctx, now: new Date() }, { smdpAddress })) > 0);
    },
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

export const smdpAddress = 'smdp.shop.example';

/** 2.00 EUR in this shop. */
export const product: NewProduct = {
  name: 'esim_1GB_7D_NL_V2',
  kind: 'bundle',
  description: '1 GB in the Netherlands',
  countries: ['NL'],
  dataBytes: 1_000_000_000n,
  unlimited: false,
  validityDays: 7,
  speeds: ['5G'],
  groups: ['Standard'],
  autostart: true,
  profileType: 'test-usim',
  prices: { EUR: 200n },
};

async function stockUp(ctx: Ctx, { id: accountId, currency }: Account): Promise<void> {
  await write(ctx, {}, async (tx) => {
    const profileType = await createProfileType(tx, accountId, {
      name: product.profileType,
      personalisation: 'full',
      metadata: { serviceProviderName: 'Overair', profileName: 'Test', profileClass: 'operational' },
    });
    await generateStock(tx, { accountId, profileType, count: 40 });
    await topUp(tx, { accountId, currency, amountMinor: 100_00n, reference: 'opening' });
  });
  await putProducts(ctx, [product]);
}

async function newKey(ctx: Ctx, account: Account, allowed: readonly Scope[]): Promise<string> {
  const made = await write(ctx, {}, (tx) =>
    createApiKey(tx, { accountId: account.id, name: 'test', scopes: allowed }),
  );
  return made.secret;
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
