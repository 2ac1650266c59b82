// The organisation, which is the account: its balance, play money for sandboxes, and the groups of its catalogue.
import { z } from 'zod';
import { parseMinor } from '../../../base/money.ts';
import { type Credential, getDoor, listApiKeys } from '../../../modules/accounts/index.ts';
import { listProductGroups } from '../../../modules/catalogue/index.ts';
import { getWallet, topUpWithinDay } from '../../../modules/ledger/index.ts';
import { findDialectEndpoint } from '../../../modules/webhooks/index.ts';
import type { Ctx } from '../../http/core.ts';
import { writeOnce } from '../../http/write_once.ts';
import { type Call, type Route, route } from '../route.ts';
import { EsimGoRefusal } from '../wire/errors.ts';
import { whole } from '../wire/fields.ts';
import { writeGroup, writeOrganisation, writeTopUp } from './organisation_translate.ts';

/** Of the currency's main unit: what one top-up, and all of a day, may come to. */
const topUpMin = 1_000;
const topUpDayMax = 5_000;

export const organisationRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/organisation',
    scope: 'read',
    handler: async ({ ctx, account, credential }) => {
      const organisation = await loadOrganisation(ctx, credential, account);
      return { ...organisation, organisations: [organisation] };
    },
  }),
  route({
    method: 'POST',
    path: '/organisation/balance',
    scope: 'orders:write',
    query: z.object({ amount: whole(topUpMin, topUpDayMax) }),
    handler: async ({ ctx, account, query: { amount }, idempotencyKey }) => {
      checkSandbox(account);
      const { id: accountId, currency } = account;
      const input = {
        accountId,
        currency,
        amountMinor: parseMinor(String(amount), currency),
        reference: 'balance of the organisation',
        dayMaxMinor: parseMinor(String(topUpDayMax), currency),
      };
      const once = { accountId, operation: 'organisation.top_up', key: idempotencyKey, input };
      return writeTopUp(amount, await writeOnce(ctx, once, (tx) => topUpWithinDay(tx, input)));
    },
  }),
  route({
    method: 'GET',
    path: '/organisation/groups',
    scope: 'read',
    handler: async (call) => {
      const { id: accountId, currency } = call.account;
      const groups = await listProductGroups(call.ctx, { accountId, currency });
      return { groups: groups.map((group) => writeGroup(group, addressOf(call))) };
    },
  }),
];

async function loadOrganisation(ctx: Ctx, credential: Credential, account: Credential['account']) {
  const { id: accountId, currency } = account;
  const { settings } = await getDoor(ctx, { accountId, door: 'esimgo' });
  const callback = await findDialectEndpoint(ctx, { accountId, dialect: 'esim_go' });
  return writeOrganisation({
    account,
    details: settings.organisation,
    wallet: await getWallet(ctx, { accountId, currency }),
    secretHint: await findSecretHint(ctx, credential),
    groups: await listProductGroups(ctx, { accountId, currency }),
    callbackUrl: callback?.enabled ? callback.url : '',
  });
}

/** In words of its own: to these clients it is a matter of a saved card. */
function checkSandbox({ kind }: Credential['account']): void {
  if (kind !== 'sandbox')
    throw new EsimGoRefusal(
      400,
      'Only sandbox accounts top up by themselves: money for this one is added by who runs this platform.',
    );
}

/** Secrets are kept as hashes: there is no more of them than their end. */
async function findSecretHint(ctx: Ctx, { keyAccountId, apiKeyId }: Credential): Promise<string> {
  const keys = await listApiKeys(ctx, keyAccountId);
  return keys.find(({ id }) => id === apiKeyId)?.secretHint ?? '';
}

/** What the client put before the paths of the document. */
function addressOf({ base, request }: Pick<Call, 'base' | 'request'>): string {
  const { originalUrl } = request;
  return base + originalUrl.slice(0, originalUrl.indexOf('/organisation'));
}
