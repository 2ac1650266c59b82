// API keys: made, listed, revoked, by a key that may.
import { z } from 'zod';
import { createApiKey, listApiKeys, revokeApiKey } from '../../modules/accounts/index.ts';
import { write } from '../../pg/write.ts';
import { apiKey, apiKeyList, createdApiKey, newApiKeyBody } from './api_keys_schemas.ts';
import { readNewApiKey, writeApiKey } from './api_keys_translate.ts';
import { type Route, route } from './route.ts';
import { text } from './schemas.ts';

export const apiKeyRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api-keys',
    operationId: 'listApiKeys',
    summary: 'List API keys, newest first',
    scope: 'keys:write',
    response: { status: 200, description: 'The last 200 keys, revoked ones included.', schema: apiKeyList },
    errors: [],
    handler: async ({ ctx, account }) => ({ data: (await listApiKeys(ctx, account.id)).map(writeApiKey) }),
  }),
  route({
    method: 'POST',
    path: '/api-keys',
    operationId: 'createApiKey',
    summary: 'Make an API key',
    description: 'It can be given only scopes that the calling key has.',
    scope: 'keys:write',
    body: newApiKeyBody,
    response: { status: 201, description: 'The key with its secret.', schema: createdApiKey },
    errors: [],
    handler: async ({ ctx, account, body }) => {
      const made = await write(ctx, {}, (tx) => createApiKey(tx, readNewApiKey(body, account.id)));
      return { ...writeApiKey(made.key), secret: made.secret };
    },
  }),
  route({
    method: 'DELETE',
    path: '/api-keys/{id}',
    operationId: 'revokeApiKey',
    summary: 'Revoke an API key',
    description: 'At once, everywhere. Revoking it again changes nothing.',
    scope: 'keys:write',
    params: z.strictObject({ id: text(64) }),
    response: { status: 200, description: 'The revoked key.', schema: apiKey },
    errors: ['not_found'],
    handler: async ({ ctx, account, params: { id } }) =>
      writeApiKey(await write(ctx, {}, (tx) => revokeApiKey(tx, { accountId: account.id, id }))),
  }),
];
