// The account itself: its wallet, its statement, and play money for sandboxes.
import { z } from 'zod';
import {
  type Credential,
  checkSandbox,
  createSubaccount,
  getAccount,
  getThresholds,
  listSubaccounts,
  setThresholds,
} from '../../modules/accounts/index.ts';
import { getWallet, listTransfers, topUp } from '../../modules/ledger/index.ts';
import { write } from '../../pg/write.ts';
import type { Ctx } from '../http/core.ts';
import { readIdempotencyKey } from '../http/idempotency_key.ts';
import { writeOnce } from '../http/write_once.ts';
import {
  account,
  accountSettingsBody,
  createSubaccountBody,
  subaccount,
  subaccountList,
  topUpBody,
  transferList,
  wallet,
} from './account_schemas.ts';
import { readTopUp, writeAccount, writeSubaccount, writeTransfer, writeWallet } from './account_translate.ts';
import { readIdCursor, writePage } from './page.ts';
import { type Route, route } from './route.ts';
import { paging } from './schemas.ts';

export const accountRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/account',
    operationId: 'getAccount',
    summary: 'Get the account and its balance',
    scope: 'read',
    response: { status: 200, description: 'The account of this API key.', schema: account },
    errors: [],
    handler: ({ ctx, account: of }) => loadAccount(ctx, of),
  }),
  route({
    method: 'PUT',
    path: '/account/settings',
    operationId: 'putAccountSettings',
    summary: 'Change the settings of the account',
    scope: 'accounts:write',
    body: accountSettingsBody,
    response: { status: 200, description: 'The account with its new settings.', schema: account },
    errors: [],
    handler: async ({ ctx, account: of, body: { thresholds } }) => {
      await write(ctx, {}, (tx) => setThresholds(tx, { accountId: of.id, thresholds }));
      return loadAccount(ctx, of);
    },
  }),
  route({
    method: 'POST',
    path: '/subaccounts',
    operationId: 'createSubaccount',
    summary: 'Make a subaccount',
    description:
      'A tenant of its own with its own wallet. Keys of the parent act for it when a request has the header `Overair-Account`.',
    scope: 'accounts:write',
    body: createSubaccountBody,
    idempotent: true,
    response: { status: 201, description: 'The subaccount.', schema: subaccount },
    errors: ['conflict', 'idempotency_key_reused'],
    handler: async ({ ctx, account: of, body: { name }, request }) => {
      const input = { parentId: of.id, name };
      const key = readIdempotencyKey(request);
      const once = { accountId: of.id, operation: 'subaccount.create', key, input };
      return writeSubaccount(await writeOnce(ctx, once, (tx) => createSubaccount(tx, input)));
    },
  }),
  route({
    method: 'GET',
    path: '/subaccounts',
    operationId: 'listSubaccounts',
    summary: 'List subaccounts, oldest first',
    scope: 'read',
    query: z.strictObject(paging),
    response: { status: 200, description: 'One page.', schema: subaccountList },
    errors: [],
    handler: async ({ ctx, account: { id: parentId }, query: { cursor, limit } }) => {
      const after = readIdCursor('account', cursor);
      const found = await listSubaccounts(ctx, { parentId, limit, ...(after && { after }) });
      return writePage(found, { limit, cursorOf: (each) => each.id, write: writeSubaccount });
    },
  }),
  route({
    method: 'GET',
    path: '/transfers',
    operationId: 'listTransfers',
    summary: 'List transfers, newest first',
    description: 'Every movement of money. Each debits one side of the wallet and credits another.',
    scope: 'read',
    query: z.strictObject(paging),
    response: { status: 200, description: 'One page.', schema: transferList },
    errors: [],
    handler: async ({ ctx, account: { id: accountId }, query: { cursor, limit } }) => {
      const before = readIdCursor('transfer', cursor);
      const transfers = await listTransfers(ctx, { accountId, limit, ...(before && { before }) });
      return writePage(transfers, { limit, cursorOf: (each) => each.id, write: writeTransfer });
    },
  }),
  route({
    method: 'POST',
    path: '/balance/top-ups',
    operationId: 'topUpBalance',
    summary: 'Add play money to a sandbox account',
    scope: 'orders:write',
    body: topUpBody,
    idempotent: true,
    response: { status: 201, description: 'The balance after it.', schema: wallet },
    errors: ['currency_mismatch', 'idempotency_key_reused'],
    handler: async ({ ctx, account: of, body, request }) => {
      checkSandbox(of);
      const input = readTopUp(body, of);
      const key = readIdempotencyKey(request);
      const once = { accountId: of.id, operation: 'balance.top_up', key, input };
      return writeWallet(await writeOnce(ctx, once, (tx) => topUp(tx, input)));
    },
  }),
];

async function loadAccount(ctx: Ctx, { id, currency }: Credential['account']) {
  const wallet = await getWallet(ctx, { accountId: id, currency });
  const thresholds = (await getThresholds(ctx, [id])).get(id) ?? [];
  return writeAccount(await getAccount(ctx, id), { wallet, thresholds });
}
