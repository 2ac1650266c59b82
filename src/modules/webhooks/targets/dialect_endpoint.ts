// The endpoint that an account has in a dialect other than our own: one for each, set and taken away as a whole.
import { newId } from '../../../base/ids.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import type { EventType } from '../../events/index.ts';
import { dropWaiting, moveWaiting } from '../delivery/drop_waiting.ts';
import type { DialectName } from '../dialects/dialect.ts';
import { readCallbackUrl } from './callback_url.ts';
import { insertTarget } from './insert_target.ts';
import { type SigningSecret, sealSecrets } from './secrets.ts';
import { type Endpoint, lockEndpointsText, readTarget, type TargetRow, targetColumns } from './target.ts';

/**
 * Makes `url` the one that is told about the account in this dialect, in place of the one before, whose waiting
 * deliveries go to it. Call `prepareEndpoint` before. Throws `invalid_request` for a malformed URL. Call it in a `write`.
 */
export async function putDialectEndpoint(tx: Ctx, input: DialectEndpoint): Promise<Endpoint> {
  readCallbackUrl(input.url);
  await query(tx.db, lockEndpointsText, [input.accountId]);
  const known = await findDialectEndpoint(tx, input);
  return known ? await replace(tx, known, input) : await insert(tx, input);
}

export type DialectEndpoint = {
  accountId: string;
  dialect: ForeignDialect;
  url: string;
  types: readonly EventType[];
  /** What signs it, unless the dialect finds something better; null for nothing. */
  secret: string | null;
};

export type ForeignDialect = Exclude<DialectName, 'standard'>;

/** The account's endpoint in this dialect, if it has one. */
export async function findDialectEndpoint(
  ctx: Ctx,
  { accountId, dialect }: { accountId: string; dialect: ForeignDialect },
): Promise<Endpoint | undefined> {
  const [row] = await query<TargetRow>(ctx.db, selectText, [accountId, dialect]);
  return row && (readTarget(row) as Endpoint);
}

/** Ends the account's endpoint in this dialect; what waits for it is dropped. Gives whether there was one. Call it in a `write`. */
export async function removeDialectEndpoint(
  tx: Ctx,
  of: { accountId: string; dialect: ForeignDialect },
): Promise<boolean> {
  await query(tx.db, lockEndpointsText, [of.accountId]);
  const known = await findDialectEndpoint(tx, of);
  if (!known) return false;
  await query(tx.db, 'update webhooks.targets set deleted_at = $2 where id = $1', [known.id, tx.now]);
  await dropWaiting(tx, known.id);
  return true;
}

async function replace(tx: Ctx, old: Endpoint, { url, types, secret }: DialectEndpoint): Promise<Endpoint> {
  await query(tx.db, updateText, [old.id, url, types, sealSecrets(tx.vault, old.id, secretsOf(secret))]);
  await moveWaiting(tx, { targetId: old.id, url });
  return { ...old, url, types: [...types], enabled: true };
}

async function insert(tx: Ctx, { secret, types, ...rest }: DialectEndpoint): Promise<Endpoint> {
  const endpoint: Endpoint = {
    ...rest,
    id: newId('webhook', tx.now.getTime()),
    resourceId: null,
    topic: null,
    method: 'POST',
    types: [...types],
    description: null,
    enabled: true,
    createdAt: tx.now,
  };
  await insertTarget(tx, endpoint, secretsOf(secret));
  return endpoint;
}

function secretsOf(secret: string | null): SigningSecret[] {
  return secret === null ? [] : [{ secret, until: null }];
}

const selectText = `
  select ${targetColumns} from webhooks.targets t
  where t.account_id = $1 and t.dialect = $2 and t.deleted_at is null and t.resource_id is null`;

const updateText = `
  update webhooks.targets set url = $2, types = $3, secrets = $4, enabled = true where id = $1`;
