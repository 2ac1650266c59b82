// What an operator has at first, and how an order is placed: an account with money and stock, called over /v1.
import { setTimeout as sleep } from 'node:timers/promises';
import { createAccount, createApiKey, scopes } from '../../src/modules/accounts/index.ts';
import { putProducts, refreshCatalogue, travelBundles } from '../../src/modules/catalogue/index.ts';
import { createProfileType, generateStock } from '../../src/modules/inventory/index.ts';
import { topUp } from '../../src/modules/ledger/index.ts';
import type { Ctx } from '../../src/pg/ctx.ts';
import { write } from '../../src/pg/write.ts';

/** One call of /v1. */
export type CallApi = (
  method: string,
  path: string,
  body?: unknown,
) => Promise<{ status: number; body: any }>;

export type OrderedProfile = {
  iccid: string;
  esimId: string;
  activationCode: string | null;
  matchingId: string | undefined;
};

const stockSize = 400;
// The first one is the eSIM without a bundle.
const productsEnough = 10;

/** All that an operator has at first; the stock is small, because a sandbox's takes seconds to make. */
export async function makeAccount(ctx: Ctx): Promise<{ accountId: string; apiKey: string }> {
  const made = await write(ctx, {}, async (tx) => {
    const account = await createAccount(tx, { name: 'Conformance', kind: 'sandbox', currency: 'EUR' });
    const { secret } = await createApiKey(tx, { accountId: account.id, name: 'conformance', scopes });
    await topUp(tx, {
      accountId: account.id,
      currency: 'EUR',
      amountMinor: 1_000_000_00n,
      reference: 'test',
    });
    const profileType = await createProfileType(tx, account.id, {
      name: 'overair-usim',
      personalisation: 'full',
      metadata: { serviceProviderName: 'Example Mobile', profileName: 'Test', profileClass: 'operational' },
    });
    await generateStock(tx, { accountId: account.id, profileType, count: stockSize });
    return { accountId: account.id as string, apiKey: secret };
  });
  await putProducts(ctx, travelBundles().slice(0, productsEnough));
  await refreshCatalogue(ctx);
  return made;
}

export async function callApi(
  api: string,
  apiKey: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: any }> {
  const response = await fetch(api + path, {
    method,
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json().catch(() => undefined) };
}

export async function order(call: CallApi, line: object): Promise<OrderedProfile> {
  const { status, body } = await call('POST', '/orders', { lines: [{ product: 'esim_profile', ...line }] });
  if (status !== 201) throw new Error(`the order was answered with ${status} ${JSON.stringify(body)}`);
  for (let tries = 0; tries < 1000; tries++) {
    const { status: state, failure } = (await call('GET', `/orders/${body.id}`)).body;
    if (state === 'failed') throw new Error(`the order failed: ${JSON.stringify(failure)}`);
    if (state === 'completed') {
      const [esim] = (await call('GET', `/orders/${body.id}/esims`)).body.data;
      const { iccid, id: esimId, activationCode } = esim;
      return { iccid, esimId, activationCode, matchingId: activationCode?.split('$')[2] || undefined };
    }
    await sleep(15);
  }
  throw new Error('the order was not fulfilled');
}
