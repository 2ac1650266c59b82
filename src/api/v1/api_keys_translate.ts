// API keys between the wire and the core.
import type { z } from 'zod';
import type { ApiKey, createApiKey } from '../../modules/accounts/index.ts';
import type { apiKey, newApiKeyBody } from './api_keys_schemas.ts';
import { writeTime } from './money_translate.ts';

export function writeApiKey(from: ApiKey): z.output<typeof apiKey> {
  return {
    id: from.id,
    name: from.name,
    secretHint: from.secretHint,
    scopes: from.scopes,
    createdAt: from.createdAt.toISOString(),
    expiresAt: writeTime(from.expiresAt),
    revokedAt: writeTime(from.revokedAt),
  };
}

export function readNewApiKey(
  { name, scopes, expiresAt }: z.output<typeof newApiKeyBody>,
  accountId: string,
): Parameters<typeof createApiKey>[1] {
  const unique = [...new Set(scopes)];
  return {
    accountId,
    name,
    scopes: unique,
    ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt) }),
  };
}
