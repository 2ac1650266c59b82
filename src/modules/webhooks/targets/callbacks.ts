// Callbacks: the URL that is told about one resource, one for each topic of it.
import { AppError } from '../../../base/app_error.ts';
import { newId } from '../../../base/ids.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import type { EventType } from '../../events/index.ts';
import { dropWaiting, moveWaiting } from '../delivery/drop_waiting.ts';
import type { DialectName } from '../dialects/dialect.ts';
import { readCallbackUrl } from './callback_url.ts';
import { insertTarget } from './insert_target.ts';
import { type SigningSecret, sealSecrets } from './secrets.ts';
import {
  type Callback,
  callbacksPerResourceMax,
  readTarget,
  type TargetRow,
  targetColumns,
} from './target.ts';

/**
 * Sets the URL that is told about this resource: about events whose resource it is, or whose data name it. It takes the
 * place of the callback of the same resource and topic, and what waits for that one goes to it. Check the URL before
 * (`checkCallbackUrl`). Throws `invalid_request` for a malformed URL and `conflict` beyond `callbacksPerResourceMax`.
 * Call it in a `write`.
 */
export async function setCallback(tx: Ctx, input: NewCallback): Promise<Callback> {
  readCallbackUrl(input.url);
  const { accountId, resourceId } = input;
  // Sent together: the second is run when the lock is held, and sees what was written by who held it before.
  const [, known] = await Promise.all([
    query(tx.db, lockResource, [resourceId]),
    findCallbacks(tx, { accountId, resourceIds: [resourceId] }),
  ]);
  const same = known.find(({ topic }) => topic === input.topic);
  return same ? await replace(tx, same, input) : await insert(tx, input, known.length);
}

export type NewCallback = {
  accountId: string;
  /** An id or ICCID. */
  resourceId: string;
  /** What it is about, in the words of who sets it. */
  topic: string;
  url: string;
  method: 'GET' | 'POST';
  dialect: DialectName;
  /** Null for all. */
  types: readonly EventType[] | null;
  /** What signs it; null where the dialect knows callbacks without a signature, or signs by something else. */
  secret: string | null;
};

/** Ends the callbacks of this resource and, if given, topic; what waits for them is dropped. Gives how many there were. Call it in a `write`. */
export async function removeCallbacks(
  tx: Ctx,
  { accountId, resourceId, topic }: { accountId: string; resourceId: string; topic?: string },
): Promise<number> {
  const found = (await findCallbacks(tx, { accountId, resourceIds: [resourceId] })).filter(
    (each) => topic === undefined || each.topic === topic,
  );
  for (const { id } of found) {
    await query(tx.db, 'update webhooks.targets set deleted_at = $2 where id = $1', [id, tx.now]);
    await dropWaiting(tx, id);
  }
  return found.length;
}

/** The callbacks of these resources, oldest first; there are at most `callbacksPerResourceMax` of each. */
export async function findCallbacks(
  ctx: Ctx,
  { accountId, resourceIds }: { accountId: string; resourceIds: readonly string[] },
): Promise<Callback[]> {
  const rows = await query<TargetRow>(ctx.db, selectCallbacks, [accountId, [...new Set(resourceIds)]]);
  return rows.map((row) => readTarget(row) as Callback);
}

async function replace(tx: Ctx, old: Callback, input: NewCallback): Promise<Callback> {
  const { url, method, dialect, secret } = input;
  const types = typesOf(input);
  const sealed = sealSecrets(tx.vault, old.id, secretsOf(secret));
  await query(tx.db, updateText, [old.id, url, method, dialect, types, sealed]);
  await moveWaiting(tx, { targetId: old.id, url });
  return { ...old, url, method, dialect, types, enabled: true };
}

async function insert(tx: Ctx, input: NewCallback, known: number): Promise<Callback> {
  if (known >= callbacksPerResourceMax)
    throw new AppError('conflict', `A resource has at most ${callbacksPerResourceMax} callbacks.`);
  const { secret, ...rest } = input;
  const callback: Callback = {
    ...rest,
    id: newId('webhook', tx.now.getTime()),
    types: typesOf(input),
    description: null,
    enabled: true,
    createdAt: tx.now,
  };
  await insertTarget(tx, callback, secretsOf(secret));
  return callback;
}

function typesOf({ types }: NewCallback): EventType[] | null {
  return types === null ? null : [...types];
}

function secretsOf(secret: string | null): SigningSecret[] {
  return secret === null ? [] : [{ secret, until: null }];
}

const lockResource = `select pg_advisory_xact_lock(hashtextextended('webhooks.targets ' || $1::text, 0))`;

// Offset: found by the resource and not by the account, which may have a callback for each of its eSIMs.
const selectCallbacks = `
  select ${targetColumns}
  from unnest($2::text[]) as r(resource_id)
  cross join lateral (
    select * from webhooks.targets where resource_id = r.resource_id and deleted_at is null offset 0
  ) as t
  where t.account_id = $1
  order by t.id`;

const updateText = `
  update webhooks.targets
  set url = $2, method = $3, dialect = $4, types = $5, secrets = $6, enabled = true
  where id = $1`;
