// The secret that signs what a door's callbacks are told: sealed, shown once, and a subaccount's own before its parent's.
import { randomBytes } from 'node:crypto';
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { type DoorName, forgetDoors, type OfDoor } from './door.ts';

/**
 * Makes `secret` the one that signs the callbacks of this door from now on, or a new one of 32 random bytes; it is given
 * here once and never again. Throws `invalid_request` unless it has 16 to 200 printable ASCII characters, and
 * `not_found`. Call it in a `write`.
 */
export async function setSigningSecret(
  tx: Ctx,
  { accountId, door, secret = newSecret() }: OfDoor & { secret?: string },
): Promise<string> {
  checkSecret(secret);
  const sealed = tx.vault.seal(Buffer.from(secret), ownerOf(accountId, door));
  const rows = await query(tx.db, upsertSecret, [accountId, door, sealed, tx.now]);
  if (rows.length === 0) throw new AppError('not_found', 'There is no such account.');
  await forgetDoors(tx);
  return secret;
}

/** What signs the callbacks of this door: the account's own secret, else its parent's, else null. */
export async function openSigningSecret(ctx: Ctx, { accountId, door }: OfDoor): Promise<string | null> {
  const [row] = await query<SecretRow>(ctx.db, selectSecret, [accountId, door]);
  if (!row?.account_id) return null;
  return ctx.vault.open(row.signing_secret, ownerOf(row.account_id, door)).toString();
}

type SecretRow = { account_id: string; signing_secret: Buffer } | { account_id: null; signing_secret: null };

function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

function checkSecret(secret: string): void {
  if (/^[\x21-\x7e]{16,200}$/.test(secret)) return;
  const detail = 'give 16 to 200 printable ASCII characters without spaces';
  throw new AppError('invalid_request', `signingSecret: ${detail}.`, {
    fields: [{ field: 'signingSecret', detail }],
  });
}

/** What the vault binds the secret to. */
function ownerOf(accountId: string, door: DoorName): string {
  return `door ${door} of ${accountId}`;
}

const upsertSecret = `
  insert into accounts.doors (account_id, door, settings, signing_secret, updated_at)
  select id, $2, '{}'::jsonb, $3, $4 from accounts.accounts where id = $1
  on conflict (account_id, door) do update
  set signing_secret = excluded.signing_secret, updated_at = excluded.updated_at
  returning account_id`;

const selectSecret = `
  select coalesce(own.account_id, parents.account_id) as account_id,
    coalesce(own.signing_secret, parents.signing_secret) as signing_secret
  from accounts.accounts a
  left join lateral (
    select account_id, signing_secret from accounts.doors
    where account_id = a.id and door = $2 and signing_secret is not null
  ) as own on true
  left join lateral (
    select account_id, signing_secret from accounts.doors
    where account_id = a.parent_id and door = $2 and signing_secret is not null
  ) as parents on true
  where a.id = $1`;
