// How often a key may call: a bucket of requests that refills by the second, one for all nodes.
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';

/**
 * Takes one request of a key that may make `perSecond` of them, and as many at once after a pause. Throws `rate_limited`
 * with the seconds to wait when none is left.
 */
export async function spendRequest(
  ctx: Ctx,
  { apiKeyId, perSecond }: { apiKeyId: string; perSecond: number },
): Promise<void> {
  const [spent] = await query(ctx.db, spend, [apiKeyId, perSecond]);
  if (spent) return;
  throw new AppError(
    'rate_limited',
    `Too many requests: this key may make ${perSecond} in a second. Try again after the seconds of Retry-After.`,
    { retryAfterSeconds: Math.ceil(1 / perSecond) },
  );
}

const refilled = `least($2::double precision, held.tokens
    + $2::double precision * greatest(0, extract(epoch from excluded.refilled_at - held.refilled_at))::double precision)`;

// By the clock of the database: those of the nodes differ, and an account's may be moved. A refusal changes nothing.
const spend = `
  insert into accounts.rate_limits as held (api_key_id, tokens, refilled_at)
  values ($1, $2::double precision - 1, clock_timestamp())
  on conflict (api_key_id) do update set
    tokens = ${refilled} - 1,
    refilled_at = greatest(held.refilled_at, excluded.refilled_at)
  where ${refilled} >= 1
  returning api_key_id`;
