// An installation of its own for each benchmark, with accounts, money, a catalogue and stock, gone afterwards.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../../src/base/log.ts';
import { readConfig } from '../../src/main/config.ts';
import { type Installation, openInstallation } from '../../src/main/open_installation.ts';
import { createAccount, createApiKey, scopes } from '../../src/modules/accounts/index.ts';
import { putProducts, refreshCatalogue, travelBundles } from '../../src/modules/catalogue/index.ts';
import { createProfileType, generateStock, type ProfileType } from '../../src/modules/inventory/index.ts';
import { topUp } from '../../src/modules/ledger/index.ts';
import { type Ctx, systemCtx } from '../../src/pg/ctx.ts';
import { query } from '../../src/pg/query.ts';
import { write } from '../../src/pg/write.ts';
import { parentOf } from './process_usage.ts';

export type BenchInstallation = {
  dataDir: string;
  installation: Installation;
  accounts: BenchAccount[];
  profileType: ProfileType;
  postmasterPid: number;
  ctx(): Ctx;
  /** Waits until fulfilment, wherever it runs, has nothing left to do. */
  settle(): Promise<void>;
  /** Tells the planner what the tables hold after a warm-up, as autovacuum would within a minute. */
  analyse(): Promise<void>;
  close(): Promise<void>;
};

export type BenchAccount = { id: string; apiKey: string };

export const product = 'esim_1GB_7D_NL_V2';

/** Each account may order ten billion times; `stock` SIM profiles wait. */
export async function openBenchInstallation(of: {
  accounts: number;
  stock: number;
  /** Statements for the server before it is used; it is started anew after them. */
  serverSettings?: readonly string[];
}): Promise<BenchInstallation> {
  const dataDir = await mkdtemp(join(tmpdir(), 'overair-bench-'));
  const config = readConfig({ OVERAIR_DATA_DIR: dataDir });
  let installation = await openInstallation(config, silentLog);
  if (of.serverSettings) {
    for (const statement of of.serverSettings) await installation.database.pool.query(statement);
    await installation.close();
    installation = await openInstallation(config, silentLog);
  }
  const ctx = () => systemCtx(installation.database, installation);
  await putProducts(ctx(), travelBundles());
  await refreshCatalogue(ctx());
  const accounts: BenchAccount[] = [];
  for (let number = 0; number < of.accounts; number++) accounts.push(await addAccount(ctx(), number));
  const profileType = await addStock(ctx(), accounts[0]?.id ?? '', of.stock);
  await query(ctx().db, 'vacuum analyze inventory.sim_profiles');
  const [backend] = await query<{ pid: number }>(ctx().db, 'select pg_backend_pid() as pid');
  return {
    dataDir,
    installation,
    accounts,
    profileType,
    postmasterPid: parentOf(backend?.pid ?? 0),
    ctx,
    settle: () => waitUntilFulfilled(ctx()),
    analyse: async () => void (await query(ctx().db, 'analyze')),
    async close() {
      await installation.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

const fundsMinor = 1_000_000_000_000n;
const stockAtOnce = 5_000;

async function addAccount(ctx: Ctx, number: number): Promise<BenchAccount> {
  return await write(ctx, {}, async (tx) => {
    const { id } = await createAccount(tx, { name: `bench ${number}`, kind: 'sandbox', currency: 'EUR' });
    await topUp(tx, { accountId: id, currency: 'EUR', amountMinor: fundsMinor, reference: 'bench' });
    const { secret } = await createApiKey(tx, { accountId: id, name: 'bench', scopes });
    return { id, apiKey: secret };
  });
}

async function addStock(ctx: Ctx, accountId: string, count: number): Promise<ProfileType> {
  const profileType = await write(ctx, {}, (tx) =>
    createProfileType(tx, accountId, {
      name: 'overair-usim',
      personalisation: 'full',
      metadata: {
        serviceProviderName: 'Overair',
        profileName: 'Overair Bench',
        profileClass: 'operational',
      },
    }),
  );
  for (let missing = count; missing > 0; missing -= stockAtOnce)
    await write(ctx, {}, (tx) =>
      generateStock(tx, { accountId, profileType, count: Math.min(missing, stockAtOnce) }),
    );
  return profileType;
}

async function waitUntilFulfilled(ctx: Ctx): Promise<void> {
  for (;;) {
    const [row] = await query(
      ctx.db,
      "select 1 from orders.orders where status in ('accepted', 'fulfilling') limit 1",
    );
    if (!row) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
