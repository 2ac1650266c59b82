// Endpoints changed, deleted, and given a new secret; what waits for one that is switched off is dropped.
import { AppError } from '../../../base/app_error.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { dropWaiting, moveWaiting } from '../delivery/drop_waiting.ts';
import { readCallbackUrl } from './callback_url.ts';
import type { NewEndpoint } from './create_endpoint.ts';
import { getEndpoint } from './find_endpoints.ts';
import { newSecret, openSecrets, replaceSecret, sealSecrets } from './secrets.ts';
import { type Endpoint, readTarget, type TargetRow, targetColumns } from './target.ts';

/**
 * Replaces what an endpoint is; what waits for it goes to the new URL, or is dropped when it is disabled. Check the URL
 * before (`checkCallbackUrl`). Throws `not_found`, `conflict` for one in another dialect, and `invalid_request` for a
 * malformed URL. Call it in a `write`.
 */
export async function updateEndpoint(tx: Ctx, input: NewEndpoint & { id: string }): Promise<Endpoint> {
  readCallbackUrl(input.url);
  const { accountId, id, url, types, description, enabled } = input;
  const [row] = await query<TargetRow>(tx.db, updateText, [accountId, id, url, types, description, enabled]);
  if (!row) throw await refusalOf(tx, input);
  if (enabled) await moveWaiting(tx, { targetId: id, url });
  else await dropWaiting(tx, id);
  return readTarget(row) as Endpoint;
}

/**
 * Ends an endpoint; what waits for it is dropped. Gives it as it was. Throws `not_found`, and `conflict` for one in another
 * dialect. Call it in a `write`.
 */
export async function deleteEndpoint(
  tx: Ctx,
  { accountId, id }: { accountId: string; id: string },
): Promise<Endpoint> {
  const [row] = await query<TargetRow>(tx.db, deleteText, [accountId, id, tx.now]);
  if (!row) throw await refusalOf(tx, { accountId, id });
  await dropWaiting(tx, id);
  return readTarget(row) as Endpoint;
}

/**
 * Gives an endpoint a new secret, shown here once and never again. For 24 hours of the account's clock the old one
 * signs beside it. Throws `not_found`, and `conflict` for one in another dialect. Call it in a `write`.
 */
export async function rotateSecret(
  tx: Ctx,
  { accountId, id }: { accountId: string; id: string },
): Promise<{ endpoint: Endpoint; secret: string }> {
  const [row] = await query<TargetRow & { secrets: Buffer }>(tx.db, lockText, [accountId, id]);
  if (!row) throw await refusalOf(tx, { accountId, id });
  const secret = newSecret();
  const secrets = replaceSecret(openSecrets(tx.vault, id, row.secrets), secret, tx.now);
  await query(tx.db, 'update webhooks.targets set secrets = $2 where id = $1', [
    id,
    sealSecrets(tx.vault, id, secrets),
  ]);
  return { endpoint: readTarget(row) as Endpoint, secret };
}

/** Disables a target that says that it is gone (410). Call it in a `write`. */
export async function disableTarget(tx: Ctx, targetId: string): Promise<void> {
  const [row] = await query<{ id: string }>(tx.db, disableText, [targetId]);
  if (row) await dropWaiting(tx, row.id);
}

/** One in another dialect is changed by who set it, who knows what it tells and what signs it. */
async function refusalOf(ctx: Ctx, of: { accountId: string; id: string }): Promise<AppError> {
  const { dialect } = await getEndpoint(ctx, of);
  return new AppError('conflict', `This is the callback of another API (${dialect}): change it at its door.`);
}

const ofEndpoint = `
  t.account_id = $1 and t.id = $2 and t.deleted_at is null and t.resource_id is null and t.dialect = 'standard'`;

const updateText = `
  update webhooks.targets t set url = $3, types = $4, description = $5, enabled = $6
  where ${ofEndpoint} returning ${targetColumns}`;

const deleteText = `
  update webhooks.targets t set deleted_at = $3 where ${ofEndpoint} returning ${targetColumns}`;

const lockText = `select ${targetColumns}, t.secrets from webhooks.targets t where ${ofEndpoint} for update`;

const disableText = `
  update webhooks.targets set enabled = false where id = $1 and enabled and deleted_at is null returning id`;
