// The account itself: its wallet, its statement, and play money for sandboxes.
import { z } from 'zod';
import { checkSandbox, getAccount } from '../../modules/accounts/index.ts';
import { getWallet, listTransfers, topUp } from '../../modules/ledger/index.ts';
import { readIdempotencyKey } from '../http/idempotency_key.ts';
import { writeOnce } from '../http/write_once.ts';
import { account, topUpBody, transferList, wallet } from './account_schemas.ts';
import { readTopUp, writeAccount, writeTransfer, writeWallet } from './account_translate.ts';
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
    handler: async ({ ctx, account: { id, currency } }) =>
      writeAccount(await getAccount(ctx, id), await getWallet(ctx, { accountId: id, currency })),
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
