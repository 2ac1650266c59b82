// For tests of doors: a core over a test database, a catalogue and a stock to sell from, keys, and orders fulfilled when asked.
import { randomBytes } from 'node:crypto';
import { silentLog } from '../../base/log.ts';
import { createVault } from '../../base/vault.ts';
import { type Account, type ApiKey, createApiKey, type Scope } from '../../modules/accounts/index.ts';
import { type NewProduct, putProducts } from '../../modules/catalogue/index.ts';
import { followProfile } from '../../modules/esims/index.ts';
import { createProfileType, generateStock } from '../../modules/inventory/index.ts';
import { topUp } from '../../modules/ledger/index.ts';
import { fulfilOrders } from '../../modules/orders/index.ts';
import { smdpSettingsDefault } from '../../modules/smdp/index.ts';
import { type Ctx, systemCtx } from '../../pg/ctx.ts';
import type { Database } from '../../pg/database.ts';
import { write } from '../../pg/write.ts';
import type { ApiSettings, Core } from './core.ts';

/** A core on `database`, and the system's context in it. */
export function testCore(database: Database, settings: Partial<ApiSettings> = {}): { core: Core; ctx: Ctx } {
  const core: Core = {
    database,
    vault: createVault([{ id: 1, key: randomBytes(32) }]),
    log: silentLog,
    now: () => new Date(),
    settings: { trustProxy: false, ...settings },
    dueWork: [],
    smdp: { profileMoved: followProfile, settings: smdpSettingsDefault },
  };
  return { core, ctx: systemCtx(database, { vault: core.vault, log: core.log }) };
}

export const smdpAddress = 'smdp.shop.example';

/** 2.00 EUR in these shops. */
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

/** `count` SIM profiles for what `products` are made from, and 100.00 for the account. */
export async function stockUp(
  ctx: Ctx,
  { id: accountId, currency }: Account,
  { products = [product], count = 40 }: { products?: readonly NewProduct[]; count?: number } = {},
): Promise<void> {
  await write(ctx, {}, async (tx) => {
    const profileType = await createProfileType(tx, accountId, {
      name: product.profileType,
      personalisation: 'full',
      metadata: { serviceProviderName: 'Overair', profileName: 'Test', profileClass: 'operational' },
    });
    if (count > 0) await generateStock(tx, { accountId, profileType, count });
    await topUp(tx, { accountId, currency, amountMinor: 100_00n, reference: 'opening' });
  });
  await putProducts(ctx, [...products]);
}

/** A key of `account` with these scopes. */
export async function newTestKey(
  ctx: Ctx,
  account: Account,
  allowed: readonly Scope[],
): Promise<{ key: ApiKey; secret: string }> {
  return await write(ctx, {}, (tx) =>
    createApiKey(tx, { accountId: account.id, name: 'test', scopes: allowed }),
  );
}

/** Fulfils all orders that wait. */
export async function fulfilAll(ctx: Ctx): Promise<void> {
  while ((await fulfilOrders({ ...ctx, now: new Date() }, { smdpAddress })) > 0);
}
