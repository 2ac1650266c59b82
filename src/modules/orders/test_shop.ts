// A shop for tests: an account with money, a catalogue of three products, and a stock of SIM profiles.

import type { Ctx } from '../../pg/ctx.ts';
import { write } from '../../pg/write.ts';
import { type Account, createAccount } from '../accounts/index.ts';
import { type NewProduct, putProducts } from '../catalogue/index.ts';
import { createProfileType, findProfileType, generateStock } from '../inventory/index.ts';
import { topUp } from '../ledger/index.ts';
import { fulfilOrders } from './fulfil_orders.ts';

/** Opens the shop with an account that has `balanceMinor` (EUR cents), and `stock` SIM profiles. */
export async function openShop(
  ctx: Ctx,
  { balanceMinor = 100_00n, stock = 20, name = 'shop' } = {},
): Promise<Account> {
  const account = await write(ctx, {}, async (tx) => {
    const made = await createAccount(tx, { name, kind: 'sandbox', currency: 'EUR' });
    if (balanceMinor > 0n)
      await topUp(tx, {
        accountId: made.id,
        currency: 'EUR',
        amountMinor: balanceMinor,
        reference: 'opening balance',
      });
    return made;
  });
  await putProducts(ctx, shopProducts);
  if (stock > 0) await addToStock(ctx, account.id, stock);
  return account;
}

/** Adds generated SIM profiles of the type that the shop's products need. */
export async function addToStock(
  ctx: Ctx,
  accountId: string,
  count: number,
  name = 'test-usim',
): Promise<void> {
  await write(ctx, {}, async (tx) => {
    const profileType =
      (await findProfileType(tx, name)) ??
      (await createProfileType(tx, accountId, {
        name,
        personalisation: 'full',
        metadata: {
          serviceProviderName: 'Test Mobile',
          profileName: 'Test plan',
          profileClass: 'operational',
        },
      }));
    await generateStock(tx, { accountId, profileType, count });
  });
}

/** Runs fulfilment until nothing waits. */
export async function fulfilAll(ctx: Ctx): Promise<void> {
  while ((await fulfilOrders(ctx, { smdpAddress: 'smdp.example.com' })) > 0);
}

const bundle: NewProduct = {
  name: 'esim_1GB_7D_NL_V2',
  kind: 'bundle',
  description: '1 GB, 7 days, Netherlands',
  countries: ['NL'],
  dataBytes: 1_000_000_000n,
  unlimited: false,
  validityDays: 7,
  speeds: ['4G'],
  groups: [],
  autostart: true,
  profileType: 'test-usim',
  prices: { EUR: 1_00n, USD: 1_20n },
};

export const shopProducts: NewProduct[] = [
  bundle,
  {
    ...bundle,
    name: 'esim_5GB_30D_NL_V2',
    dataBytes: 5_000_000_000n,
    validityDays: 30,
    prices: { EUR: 4_50n },
  },
  {
    ...bundle,
    name: 'esim_profile',
    kind: 'esim',
    dataBytes: null,
    validityDays: null,
    prices: { EUR: 2_60n },
  },
  { ...bundle, name: 'other_1GB', profileType: 'other-usim', prices: { EUR: 1_00n } },
];
