// API keys: several per account, each with scopes, made and revoked without touching the others.
import { hash, randomBytes } from 'node:crypto';
import { AppError } from '../../base/app_error.ts';
import { type Id, newId } from '../../base/ids.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { notify } from '../../pg/listen.ts';
import { query } from '../../pg/query.ts';
import { emit } from '../events/index.ts';
import { forgetHeld } from './held.ts';
import type { Scope } from './scope.ts';

export type ApiKey = {
  id: Id<'apiKey'>;
  accountId: string;
  name: string;
  /** The last four characters of the secret, to tell keys apart. */
  secretHint: string;
  scopes: Scope[];
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
};

/** Makes a key; `secret` is given here once and never again. Throws `forbidden` when a key would grant what it lacks. Call it in a `write`. */
export async function createApiKey(ctx: Ctx, input: NewApiKey): Promise<{ key: ApiKey; secret: string }> {
  checkGrant(ctx, input.scopes);
  const secret = `ovr_${randomBytes(32).toString('base64url')}`;
  const id = newId('apiKey', ctx.now.getTime());
  const [row] = await query<ApiKeyRow>(ctx.db, insertApiKey, [
    id,
    input.accountId,
    input.name,
    secretHash(secret),
    secret.slice(-4),
    [...input.scopes],
    ctx.now,
    input.expiresAt ?? null,
  ]);
  if (!row) throw new AppError('not_found', 'There is no such account.');
  const data = { name: input.name, scopes: input.scopes };
  await emit(ctx, { accountId: input.accountId, type: 'api_key.created', resourceId: id, data });
  return { key: readApiKey(row), secret };
}

export type NewApiKey = { accountId: string; name: string; scopes: readonly Scope[]; expiresAt?: Date };

/** A key can grant only scopes that it has itself. */
function checkGrant({ actor }: Ctx, wanted: readonly Scope[]): void {
  if (actor.kind !== 'api_key') return;
  const missing = wanted.filter((scope) => !actor.scopes.includes(scope));
  if (missing.length > 0)
    throw new AppError(
      'forbidden',
      `A key can grant only scopes that it has itself; it lacks ${missing.join(', ')}.`,
    );
}

/** The account's keys, newest first, revoked ones included. */
export async function listApiKeys(ctx: Ctx, accountId: string): Promise<ApiKey[]> {
  const rows = await query<ApiKeyRow>(
    ctx.db,
    `select ${columns} from accounts.api_keys where account_id = $1 order by id desc limit 200`,
    [accountId],
  );
  return rows.map(readApiKey);
}

/** Ends a key at once, on every node. Throws `not_found`; revoking twice is no error. Call it in a `write`. */
export async function revokeApiKey(ctx: Ctx, input: { accountId: string; id: string }): Promise<ApiKey> {
  const [row] = await query<ApiKeyRow>(ctx.db, revokeKey, [input.accountId, input.id, ctx.now]);
  if (!row) throw new AppError('not_found', 'There is no such API key.');
  if (row.revoked_at?.getTime() === ctx.now.getTime()) {
    await emit(ctx, { accountId: input.accountId, type: 'api_key.revoked', resourceId: input.id, data: {} });
  }
  ctx.afterCommit(forgetHeld);
  await notify(ctx, 'api_keys');
  return readApiKey(row);
}

/** What is stored of a secret. */
export function secretHash(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}

export type ApiKeyRow = {
  id: string;
  account_id: string;
  name: string;
  secret_hint: string;
  scopes: Scope[];
  created_at: Date;
  expires_at: Date | null;
  revoked_at: Date | null;
};

const columns = 'id, account_id, name, secret_hint, scopes, created_at, expires_at, revoked_at';

const insertApiKey = `
  insert into accounts.api_keys (id, account_id, name, secret_hash, secret_hint, scopes, created_at, expires_at)
  select $1, a.id, $3, $4, $5, $6, $7, $8 from accounts.accounts a where a.id = $2
  returning ${columns}`;

const revokeKey = `
  update accounts.api_keys set revoked_at = coalesce(revoked_at, $3)
  where account_id = $1 and id = $2
  returning ${columns}`;

function readApiKey(row: ApiKeyRow): ApiKey {
  return {
    id: row.id as Id<'apiKey'>,
    accountId: row.account_id,
    name: row.name,
    secretHint: row.secret_hint,
    scopes: row.scopes,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  };
}
