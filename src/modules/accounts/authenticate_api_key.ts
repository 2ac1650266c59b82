// Secret in, actor out: the check every request passes, held in memory for two seconds so that it costs no query.
import { AppError } from '../../base/app_error.ts';
import type { Id } from '../../base/ids.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { Account } from './account.ts';
import { secretHash } from './api_key.ts';
import { type Credential, heldCredential } from './held_credentials.ts';
import type { Scope } from './scope.ts';

/**
 * The credential of an API key's secret, for its own account or, with `accountId`, for one of its subaccounts. Throws
 * `unauthenticated`, for unknown, revoked and expired keys alike, and `not_found` for an account that is neither.
 */
export async function authenticateApiKey(ctx: Ctx, secret: string, accountId?: string): Promise<Credential> {
  const hash = secretHash(secret).toString('base64');
  const own = await heldCredential(ctx, hash, () => loadCredential(ctx, hash, null));
  if (accountId === undefined || accountId === own.account.id) return own;
  return heldCredential(ctx, `${hash} ${accountId}`, () => loadCredential(ctx, hash, accountId));
}

async function loadCredential(ctx: Ctx, hash: string, accountId: string | null): Promise<Credential> {
  const [row] = await query<CredentialRow>(ctx.db, selectCredential, [
    Buffer.from(hash, 'base64'),
    ctx.now,
    accountId,
  ]);
  if (!row && accountId !== null)
    throw new AppError('not_found', 'There is no such subaccount of the account of this API key.');
  if (!row) throw new AppError('unauthenticated', 'The API key is unknown, revoked or expired.');
  return {
    account: {
      id: row.account_id as Id<'account'>,
      kind: row.kind,
      currency: row.currency,
      name: row.account_name,
      parentId: row.parent_id,
      clockOffsetMs: Number(row.clock_offset_ms),
    },
    apiKeyId: row.id as Id<'apiKey'>,
    keyAccountId: row.key_account_id as Id<'account'>,
    scopes: row.scopes,
  };
}

type CredentialRow = {
  id: string;
  key_account_id: string;
  account_id: string;
  account_name: string;
  kind: Account['kind'];
  currency: string;
  parent_id: string | null;
  clock_offset_ms: bigint;
  scopes: Scope[];
};

const selectCredential = `
  select k.id, k.account_id as key_account_id, a.id as account_id, a.name as account_name, a.kind, a.currency, a.parent_id, a.clock_offset_ms, k.scopes
  from accounts.api_keys k
  join accounts.accounts a on a.id = coalesce($3, k.account_id) and k.account_id in (a.id, a.parent_id)
  where k.secret_hash = $1 and k.revoked_at is null and (k.expires_at is null or k.expires_at > $2)`;
