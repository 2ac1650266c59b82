// Secret or key id in, actor out: the check every request passes, held in memory for two seconds so that it costs no query.
import { AppError } from '../../base/app_error.ts';
import type { Id } from '../../base/ids.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { sharedRead } from '../../pg/shared_read.ts';
import type { Account } from './account.ts';
import { secretHash } from './api_key.ts';
import { type Credential, heldCredential } from './held_credentials.ts';
import type { Scope } from './scope.ts';

/**
 * The credential of an API key's secret, for its own account or, with `accountId`, for one of its subaccounts or its sandbox. Throws
 * `unauthenticated`, for unknown, revoked and expired keys alike, and `not_found` for an account that is neither.
 */
export async function authenticateApiKey(ctx: Ctx, secret: string, accountId?: string): Promise<Credential> {
  const hash = secretHash(secret);
  return authenticateBy(ctx, { kind: 'hash', text: hash.toString('hex') }, accountId);
}

/**
 * The same for the id of a key, whose caller proved by something that the key was exchanged for that he may use it.
 * Throws as `authenticateApiKey` does.
 */
export async function authenticateApiKeyId(
  ctx: Ctx,
  apiKeyId: string,
  accountId?: string,
): Promise<Credential> {
  return authenticateBy(ctx, { kind: 'id', text: apiKeyId }, accountId);
}

/** What a key is found by: its id, or the hash of its secret in hex. */
type KeyProof = { kind: 'hash' | 'id'; text: string };

async function authenticateBy(ctx: Ctx, by: KeyProof, accountId: string | undefined): Promise<Credential> {
  const own = await heldCredential(ctx, by.text, () => loadCredential(ctx, by, null));
  if (accountId === undefined || accountId === own.account.id) return own;
  return heldCredential(ctx, `${by.text} ${accountId}`, () => loadCredential(ctx, by, accountId));
}

async function loadCredential(ctx: Ctx, by: KeyProof, accountId: string | null): Promise<Credential> {
  const row = await readCredential[by.kind](ctx, { text: by.text, at: ctx.now.toISOString(), accountId });
  if (row.id === null && accountId !== null)
    throw new AppError('not_found', 'There is no such subaccount or sandbox of the account of this API key.');
  if (row.id === null) throw new AppError('unauthenticated', 'The API key is unknown, revoked or expired.');
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

type Asked = { text: string; at: string; accountId: string | null };

const selectCredentials = (found: string) => `
  select c.*
  from unnest((select $1::text[]), (select $2::text[]), (select $3::text[]))
    with ordinality as wanted (text, at, account_id, place)
  left join lateral (
    select k.id, k.account_id as key_account_id, a.id as account_id, a.name as account_name, a.kind, a.currency, a.parent_id,
      a.clock_offset_ms, k.scopes
    from accounts.api_keys k
    join accounts.accounts a
      on a.id = coalesce(wanted.account_id, k.account_id) and k.account_id in (a.id, a.parent_id, a.sandbox_of)
    where ${found} and k.revoked_at is null and (k.expires_at is null or k.expires_at > wanted.at::timestamptz)
  ) as c on true
  order by place`;

const reader = (found: string) =>
  sharedRead<Asked, CredentialRow | { id: null }>(selectCredentials(found), ['text', 'at', 'accountId']);

/** Keys that are used together are let go together: they are read again together. */
const readCredential = {
  hash: reader("k.secret_hash = decode(wanted.text, 'hex')"),
  id: reader('k.id = wanted.text'),
};
