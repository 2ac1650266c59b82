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
  ensureTestProfileType,
  findTestProfileType,
  generateStock,
  listStockLevels,
  type ProfileType,
  testProfileType,
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

/** What a Connect client of this account calls itself; its secret is the API key. */
export async function findSandboxKeyId(installation: Installation, { apiKey }: Sandbox): Promise<string> {
  return (await authenticateApiKey(systemCtx(installation.database, installation), apiKey)).apiKeyId;
}

/** Keeps the stock of test SIMs filled, where there are any: with plenty where there is the sandbox of the installation. */
export async function refillTestSims(ctx: Ctx): Promise<void> {
  const profileType = await findTestProfileType(ctx);
  if (!profileType) return;
  const account = await findSandboxAccount(ctx, sandboxName);
  const wanted = account ? stockWanted : stockWantedElsewhere;
  const level = (await listStockLevels(ctx)).find((each) => each.profileType === testProfileType);
  await addStock(ctx, account?.id ?? profileType.accountId, profileType, wanted - (level?.available ?? 0));
}

const sandboxName = 'Sandbox';
const openingBalanceMinor = 1_000_000_00n;
// Enough for the largest order there can be, at once.
const stockAtFirst = limits.quantityPerOrderMax + 2_000;
const stockWanted = 25_000;
const stockWantedElsewhere = 1_000;
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
  const profileType = await write(ctx, {}, (tx) => ensureTestProfileType(tx, account.id));
  await addStock(ctx, account.id, profileType, stockAtFirst);
  return account;
}

/** Adds `count` SIM profiles; none when there are too many. The account is told, if there is one. */
async function addStock(
  ctx: Ctx,
  accountId: string | null,
  profileType: ProfileType,
  count: number,
): Promise<void> {
  for (let missing = count; missing > 0; missing -= batchSize) {
    const batch = { accountId, profileType, count: Math.min(missing, batchSize) };
    await write(ctx, {}, (tx) => generateStock(tx, batch));
  }
}
