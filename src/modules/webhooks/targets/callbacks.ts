// Callbacks: the URL that is told about one resource, in the words of one dialect.
import { AppError } from '../../../base/app_error.ts';
import { newId } from '../../../base/ids.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import type { EventType } from '../../events/index.ts';
import { dropWaiting, moveWaiting } from '../delivery/drop_waiting.ts';
import type { DialectName } from '../dialects/dialect.ts';
import { readCallbackUrl } from './callback_url.ts';
import { insertTarget } from './insert_target.ts';
import { sealSecrets } from './secrets.ts';
import { callbacksPerResourceMax, readTarget, type Target, type TargetRow, targetColumns } from './target.ts';

/**
 * Sets the URL that is told about this resource: about events whose resource it is, or whose data name it. A callback
 * of the same resource, dialect and types gets the new URL, method and secret; what waits goes there. Throws
 * `invalid_request` for a malformed URL and `conflict` beyond `callbacksPerResourceMax`. Call it in a `write`.
 */
export async function setCallback(tx: Ctx, input: NewCallback): Promise<Target> {
  readCallbackUrl(input.url);
  const types = input.types === null ? null : [...input.types].sort();
  await query(tx.db, lockResource, [input.resourceId]);
  const known = await findCallbacks(tx, input);
  const same = known.find((each) => String(each.types) === String(types));
  return same ? await replace(tx, same, input) : await insert(tx, { ...input, types }, known.length);
}

export type NewCallback = {
  accountId: string;
  /** An id or ICCID. */
  resourceId: string;
  url: string;
  method: 'GET' | 'POST';
  dialect: DialectName;
  /** Null for all. */
  types: readonly EventType[] | null;
  /** What signs it; null where the dialect knows callbacks without a signature. */
  secret: string | null;
};

/** Ends the callbacks of this resource, dialect and, if given, types; what waits for them is dropped. Gives how many there were. Call it in a `write`. */
export async function removeCallbacks(
  tx: Ctx,
  { types, ...of }: CallbackFilter & { types?: readonly EventType[] | null },
): Promise<number> {
  const wanted = types === undefined ? undefined : String(types === null ? null : [...types].sort());
  const found = (await findCallbacks(tx, of)).filter(
    (each) => wanted === undefined || String(each.types) === wanted,
  );
  for (const { id } of found) {
    await query(tx.db, 'update webhooks.targets set deleted_at = $2 where id = $1', [id, tx.now]);
    await dropWaiting(tx, id);
  }
  return found.length;
}

/** The callbacks of this resource, oldest first; there are at most `callbacksPerResourceMax`. */
export async function findCallbacks(ctx: Ctx, of: CallbackFilter): Promise<Target[]> {
  const rows = await query<TargetRow>(ctx.db, selectCallbacks, [
    of.accountId,
    of.resourceId,
    of.dialect ?? null,
  ]);
  return rows.map(readTarget);
}

export type CallbackFilter = { accountId: string; resourceId: string; dialect?: DialectName };

async function replace(tx: Ctx, target: Target, { url, method, secret }: NewCallback): Promise<Target> {
  await query(tx.db, updateText, [target.id, url, method, seal(tx, target.id, secret)]);
  await moveWaiting(tx, { targetId: target.id, url });
  return { ...target, url, method, enabled: true };
}

async function insert(tx: Ctx, input: NewCallback, known: number): Promise<Target> {
  if (known >= callbacksPerResourceMax)
    throw new AppError('conflict', `A resource has at most ${callbacksPerResourceMax} callbacks.`);
  const { secret, types, ...rest } = input;
  const target: Target = {
    ...rest,
    id: newId('webhook', tx.now.getTime()),
    types: types === null ? null : [...types],
    description: null,
    enabled: true,
    createdAt: tx.now,
  };
  await insertTarget(tx, target, secret === null ? [] : [{ secret, until: null }]);
  return target;
}

function seal(tx: Ctx, id: string, secret: string | null): Buffer {
  return sealSecrets(tx.vault, id, secret === null ? [] : [{ secret, until: null }]);
}

const lockResource = `select pg_advisory_xact_lock(hashtextextended('webhooks.targets ' || $1::text, 0))`;

const selectCallbacks = `
  select ${targetColumns} from webhooks.targets t
  where t.resource_id = $2 and t.account_id = $1 and t.deleted_at is null
    and ($3::text is null or t.dialect = $3)
  order by t.id`;

const updateText = `
  update webhooks.targets set url = $2, method = $3, secrets = $4, enabled = true where id = $1`;
