// Secret in, actor out: the check every request passes, held in memory for two seconds so that it costs no query.
import { AppError } from '../../base/app_error.ts';
import type { Id } from '../../base/ids.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { Account } from './account.ts';
import { secretHash } from './api_key.ts';
import { type Credential, heldCredential } from './held_credentials.ts';
import type { Scope } from './scope.ts';

/** The credential of an API key's secret. Throws `unauthenticated`, for unknown, revoked and expired keys alike. */
export async function authenticateApiKey(ctx: Ctx, secret: string): Promise<Credential> {
  const hash = secretHash(secret).toString('base64');
  return heldCredential(ctx, hash, () => loadCredential(ctx, hash));
}

async function loadCredential(ctx: Ctx, hash: string): Promise<Credential> {
  const [row] = await query<CredentialRow>(ctx.db, selectCredential, [Buffer.from(hash, 'base64'), ctx.now]);
  if (!row) throw new AppError('unauthenticated', 'The API key is unknown, revoked or expired.');
  return {
    account: {
      id: row.account_id as Id<'account'>,
      kind: row.kind,
      currency: row.currency,
      name: row.account_name,
    },
    apiKeyId: row.id as Id<'apiKey'>,
    scopes: row.scopes,
  };
}

type CredentialRow = {
  id: string;
  account_id: string;
  account_name: string;
  kind: Account['kind'];
  currency: string;
  scopes: Scope[];
};

const selectCredential = `
  select k.id, k.account_id, a.name as account_name, a.kind, a.currency, k.scopes
  from accounts.api_keys k join accounts.accounts a on a.id = k.account_id
  where k.secret_hash = $1 and k.revoked_at is null and (k.expires_at is null or k.expires_at > $2)`;
