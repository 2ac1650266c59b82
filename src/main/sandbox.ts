// The sandbox: an account to try everything with, with money, a catalogue and a stock that does not run out.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSid } from '../api/supersim/index.ts';
import { AppError } from '../base/app_error.ts';
import { limits } from '../base/limits.ts';
import {
  type Account,
  authenticateApiKey,
  createAccount,
  createApiKey,
  findSandboxAccount,
  scopes,
} from '../modules/accounts/index.ts';
import {
  currentCatalogue,
  putProducts,
  refreshCatalogue,
  travelBundles,
} from '../modules/catalogue/index.ts';
import {
  createProfileType,
  findProfileType,
  generateStock,
  listStockLevels,
  type ProfileType,
} from '../modules/inventory/index.ts';
import { topUp } from '../modules/ledger/index.ts';
import { type Ctx, systemCtx } from '../pg/ctx.ts';
import { write } from '../pg/write.ts';
import type { Installation } from './open_installation.ts';

export type Sandbox = { account: Pick<Account, 'id' | 'name' | 'currency'>; apiKey: string };

/** The sandbox account of this installation with an API key, made on the first call. The key is kept in the data folder. */
export async function openSandbox(installation: Installation, dataDir: string): Promise<Sandbox> {
  const ctx = systemCtx(installation.database, installation);
  const file = join(dataDir, 'sandbox.json');
  const known = await readSandbox(ctx, file);
  if (known) return known;
  const account = (await findSandboxAccount(ctx, sandboxName)) ?? (await makeSandbox(ctx));
  const { secret } = await write(ctx, {}, (tx) =>
    createApiKey(tx, { accountId: account.id, name: 'sandbox', scopes }),
  );
  const sandbox = {
    account: { id: account.id, name: account.name, currency: account.currency },
    apiKey: secret,
  };
  await writeFile(file, `${JSON.stringify(sandbox, undefined, 2)}\n`, { mode: 0o600 });
  return sandbox;
}

/** What a Super SIM client of this account signs in with. */
export function superSimSignIn({ account, apiKey }: Sandbox): { accountSid: string; authToken: string } {
  return { accountSid: writeSid('account', account.id), authToken: apiKey };
}

/** Keeps the generated stock of the sandbox filled, where there is a sandbox. */
export async function refillSandboxStock(ctx: Ctx): Promise<void> {
  const account = await findSandboxAccount(ctx, sandboxName);
  const profileType = account && (await findProfileType(ctx, profileTypeName));
  if (!profileType) return;
  const level = (await listStockLevels(ctx)).find((each) => each.profileType === profileTypeName);
  for (let missing = stockWanted - (level?.available ?? 0); missing > 0; missing -= batchSize) {
    await addStock(ctx, account, profileType, Math.min(missing, batchSize));
  }
}

const sandboxName = 'Sandbox';
const profileTypeName = 'overair-usim';
const openingBalanceMinor = 1_000_000_00n;
// Enough for the largest order there can be, at once.
const stockAtFirst = limits.quantityPerOrderMax + 2_000;
const stockWanted = 25_000;
const batchSize = 1_000;

/** What the file holds, if its key still opens this database. */
async function readSandbox(ctx: Ctx, file: string): Promise<Sandbox | undefined> {
  try {
    const sandbox: Sandbox = JSON.parse(await readFile(file, 'utf8'));
    const { scopes: granted } = await authenticateApiKey(ctx, sandbox.apiKey);
    // A key of an earlier version lacks what has come since.
    return scopes.every((scope) => granted.includes(scope)) ? sandbox : undefined;
  } catch (error) {
    if (error instanceof AppError && error.code !== 'unauthenticated') throw error;
    return undefined;
  }
}

async function makeSandbox(ctx: Ctx): Promise<Account> {
  const account = await write(ctx, {}, async (tx) => {
    const made = await createAccount(tx, { name: sandboxName, kind: 'sandbox', currency: 'EUR' });
    await topUp(tx, {
      accountId: made.id,
      currency: 'EUR',
      amountMinor: openingBalanceMinor,
      reference: 'sandbox credit',
    });
    return made;
  });
  if ((await currentCatalogue(ctx)).byName.size === 0) await putProducts(ctx, travelBundles());
  await refreshCatalogue(ctx);
  const profileType =
    (await findProfileType(ctx, profileTypeName)) ??
    (await write(ctx, {}, (tx) => createProfileType(tx, account.id, sandboxProfileType)));
  for (let missing = stockAtFirst; missing > 0; missing -= batchSize)
    await addStock(ctx, account, profileType, Math.min(missing, batchSize));
  return account;
}

const sandboxProfileType = {
  name: profileTypeName,
  personalisation: 'full',
  metadata: { serviceProviderName: 'Overair', profileName: 'Overair Sandbox', profileClass: 'operational' },
} as const;

async function addStock(ctx: Ctx, account: Account, profileType: ProfileType, count: number): Promise<void> {
  await write(ctx, {}, (tx) => generateStock(tx, { accountId: account.id, profileType, count }));
}
