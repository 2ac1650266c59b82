// Writes a target with its sealed secrets.
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { type SigningSecret, sealSecrets } from './secrets.ts';
import type { Target } from './target.ts';

export async function insertTarget(
  tx: Ctx,
  target: Target,
  secrets: readonly SigningSecret[],
): Promise<void> {
  await query(tx.db, insertText, [
    target.id,
    target.accountId,
    target.resourceId,
    target.url,
    target.method,
    target.dialect,
    target.types,
    target.description,
    target.enabled,
    sealSecrets(tx.vault, target.id, secrets),
    target.createdAt,
    target.topic,
  ]);
}

const insertText = `
  insert into webhooks.targets
    (id, account_id, resource_id, url, method, dialect, types, description, enabled, secrets, created_at, topic)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`;
