// API keys on the wire.
import { z } from 'zod';
import { scopes } from '../../modules/accounts/index.ts';
import { named, text, time } from './schemas.ts';

const scope = z.enum(scopes);

export const apiKey = named(
  'ApiKey',
  z.object({
    id: z.string(),
    name: z.string(),
    secretHint: z.string().describe('The last four characters of the secret.'),
    scopes: z.array(scope),
    createdAt: time,
    expiresAt: time.nullable(),
    revokedAt: time.nullable(),
  }),
);

export const apiKeyList = named('ApiKeyList', z.object({ data: z.array(apiKey) }));

export const newApiKeyBody = named(
  'NewApiKey',
  z.strictObject({
    name: text(100),
    scopes: z.array(scope).min(1).max(scopes.length),
    expiresAt: time.exactOptional(),
  }),
);

export const createdApiKey = named(
  'CreatedApiKey',
  apiKey.extend({ secret: z.string().describe('Shown this once and never again.') }),
);
