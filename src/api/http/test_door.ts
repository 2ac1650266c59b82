// For tests of doors: a server over an empty migrated database, with accounts, keys, a catalogue and stock to sell.
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
import type { ApiAppOptions } from '../create_api_app.ts';
import type { ApiSettings, Core } from './core.ts';
import { fulfilAll, newTestKey, stockUp, testCore } from './test_stock.ts';

export type DoorOptions = {
  settings?: Partial<ApiSettings>;
  products?: readonly NewProduct[];
  /** SIM profiles to sell. */
  stock?: number;
  kind?: Account['kind'];
  /** True: orders are fulfilled as soon as they are accepted, as the server does; else when `fulfil` is called. */
  fulfils?: boolean;
};

export type TestDoor = {
  app: FastifyInstance;
  core: Core;
  ctx: Ctx;
  /** Who calls unless the test says otherwise: 100.00 USD. */
  account: Party;
  /** Of `account`: 100.00 USD. */
  subaccount: Party;
  /** Without money. */
  foreign: Party;
  newKey(allowed: readonly Scope[], of?: Pick<Party, 'account'>): Promise<TestKey>;
  /** Fulfils all orders that wait. */
  fulfil(): Promise<void>;
  /** Listens on a free port: `http://127.0.0.1:…`. */
  listen(): Promise<string>;
};

export type TestKey = { key: ApiKey; secret: string };

/** An account with a key that has all scopes. */
export type Party = TestKey & { account: Account };

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';

/** The host that tests call unless they say otherwise. */
export const testHost = 'api.shop.example';

/** `createApp` is `createApiApp`, given here since it knows the doors and this does not. Closed after the tests of the file. */
export async function openTestDoor(
  createApp: (options: ApiAppOptions) => FastifyInstance,
  database: Database,
  { settings, products, stock = 40, kind = 'sandbox', fulfils = false }: DoorOptions,
): Promise<TestDoor> {
  const { core, ctx } = testCore(database, settings);
  const app = createApp({ core, ready: async () => ({}) });
  after(() => app.close());
  if (fulfils) fulfilInBackground(ctx);
  const own = await createAccount(ctx, { name: 'Own', kind, currency: 'USD' });
  await stockUp(ctx, own, { ...(products && { products }), count: stock });
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
    newKey: (allowed, of = account) => newTestKey(ctx, of.account, allowed),
    fulfil: () => fulfilAll(ctx),
    listen: () => listen(app),
  };
}

async function newParty(ctx: Ctx, account: Account): Promise<Party> {
  return { account, ...(await newTestKey(ctx, account, scopes)) };
}

function fulfilInBackground(ctx: Ctx): void {
  let running = Promise.resolve();
  onOrdersAccepted(ctx, () => {
    running = running.then(() => fulfilAll(ctx));
    running.catch(() => {});
  });
  // What still runs when the database is closed belongs to no test any more.
  after(() => running.catch(() => {}));
}

async function listen(app: FastifyInstance): Promise<string> {
  if (!app.server.listening) await app.listen({ host: '127.0.0.1', port: 0 });
  if (!app.server.listening) await once(app.server, 'listening');
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
}
