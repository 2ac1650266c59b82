// A new endpoint, with the secret that will sign what it is sent.
import { AppError } from '../../../base/app_error.ts';
import { newId } from '../../../base/ids.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import type { EventType } from '../../events/index.ts';
import { fanOut } from '../fan_out.ts';
import { outgoingOf } from '../outgoing/outgoing_of.ts';
import { checkCallbackUrl, readCallbackUrl } from './callback_url.ts';
import { insertTarget } from './insert_target.ts';
import { newSecret } from './secrets.ts';
import { type Endpoint, endpointsPerAccountMax, lockEndpointsText } from './target.ts';

/**
 * Before an endpoint is made: checks its URL as `checkCallbackUrl` does, and passes on what has happened so far, so that
 * the endpoint is told only about what happens from now on. `field` is the URL's name. Not within a `write`.
 */
export async function prepareEndpoint(
  ctx: Ctx,
  of: { accountId: string; url: string; field?: string },
): Promise<void> {
  await checkCallbackUrl(outgoingOf(ctx), of.url, of);
  // A node that is behind by more than this is not waited for.
  for (let rounds = 0; rounds < 10 && (await fanOut(ctx, of.accountId)) > 0; rounds++);
}

/**
 * Makes an endpoint; `secret` is given here once and never again. Call `prepareEndpoint` before. Throws
 * `invalid_request` for a malformed URL and `conflict` beyond `endpointsPerAccountMax`. Call it in a `write`.
 */
export async function createEndpoint(
  tx: Ctx,
  input: NewEndpoint,
): Promise<{ endpoint: Endpoint; secret: string }> {
  readCallbackUrl(input.url);
  await checkRoom(tx, input.accountId);
  const secret = newSecret();
  const endpoint: Endpoint = {
    id: newId('webhook', tx.now.getTime()),
    accountId: input.accountId,
    resourceId: null,
    topic: null,
    url: input.url,
    method: 'POST',
    dialect: 'standard',
    types: input.types === null ? null : [...input.types],
    description: input.description,
    enabled: input.enabled,
    createdAt: tx.now,
  };
  await insertTarget(tx, endpoint, [{ secret, until: null }]);
  return { endpoint, secret };
}

export type NewEndpoint = {
  accountId: string;
  url: string;
  /** Null for all. */
  types: readonly EventType[] | null;
  description: string | null;
  enabled: boolean;
};

/** Counts behind a lock, so that two requests at once cannot both take the last place. */
async function checkRoom(tx: Ctx, accountId: string): Promise<void> {
  await query(tx.db, lockEndpointsText, [accountId]);
  const [row] = await query<{ count: bigint }>(tx.db, countEndpoints, [accountId]);
  if ((row?.count ?? 0n) < endpointsPerAccountMax) return;
  throw new AppError(
    'conflict',
    `An account has at most ${endpointsPerAccountMax} webhooks: delete or change one of them.`,
  );
}

const countEndpoints = `
  select count(*) as count from webhooks.targets
  where account_id = $1 and deleted_at is null and resource_id is null and dialect = 'standard'`;
