// Transport keys, for operators: what the keys in files are enciphered with; put and listed, never shown.
import { z } from 'zod';
import { listTransportKeys, putTransportKey, removeTransportKey } from '../../modules/inventory/index.ts';
import { write } from '../../pg/write.ts';
import { type Route, route } from './route.ts';
import { text } from './schemas.ts';
import { putTransportKeyBody, transportKey, transportKeyList } from './stock_imports_schemas.ts';
import { readTransportKey, writeTransportKey } from './stock_imports_translate.ts';

const byName = z.strictObject({ name: text(64) });

export const transportKeyRoutes: readonly Route[] = [
  route({
    method: 'PUT',
    path: '/transport-keys/{name}',
    operationId: 'putTransportKey',
    summary: 'Add or replace a transport key',
    description: 'Imports whose file has come already keep the key from before. At most 100 of an account.',
    scope: 'operator',
    params: byName,
    body: putTransportKeyBody,
    response: {
      status: 200,
      description: 'The key by its check value; never the key itself.',
      schema: transportKey,
    },
    errors: ['conflict'],
    handler: async ({ ctx, account, params: { name }, body }) => {
      const input = readTransportKey(account.id, name, body);
      return writeTransportKey(await write(ctx, {}, (tx) => putTransportKey(tx, input)));
    },
  }),
  route({
    method: 'GET',
    path: '/transport-keys',
    operationId: 'listTransportKeys',
    summary: 'List transport keys by name',
    scope: 'operator',
    response: { status: 200, description: 'All of them.', schema: transportKeyList },
    errors: [],
    handler: async ({ ctx, account }) => ({
      data: (await listTransportKeys(ctx, account.id)).map(writeTransportKey),
    }),
  }),
  route({
    method: 'DELETE',
    path: '/transport-keys/{name}',
    operationId: 'removeTransportKey',
    summary: 'Remove a transport key',
    scope: 'operator',
    params: byName,
    response: { status: 200, description: 'What it was.', schema: transportKey },
    errors: ['not_found'],
    handler: async ({ ctx, account, params: { name } }) =>
      writeTransportKey(
        await write(ctx, {}, (tx) => removeTransportKey(tx, { accountId: account.id, name })),
      ),
  }),
];
