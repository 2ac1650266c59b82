// Endpoints of an account, found; callbacks of resources are no endpoints.
import { AppError } from '../../../base/app_error.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { type Endpoint, readTarget, type TargetRow, targetColumns } from './target.ts';

/** The endpoint with this id. Throws `not_found`. */
export async function getEndpoint(
  ctx: Ctx,
  { accountId, id }: { accountId: string; id: string },
): Promise<Endpoint> {
  const [row] = await query<TargetRow>(ctx.db, selectEndpoint, [accountId, id]);
  if (!row) throw noEndpoint();
  return readTarget(row) as Endpoint;
}

/** The account's endpoints, oldest first; there are at most `endpointsPerAccountMax`. */
export async function listEndpoints(ctx: Ctx, accountId: string): Promise<Endpoint[]> {
  const rows = await query<TargetRow>(ctx.db, selectEndpoints, [accountId]);
  return rows.map((row) => readTarget(row) as Endpoint);
}

export function noEndpoint(): AppError {
  return new AppError('not_found', 'There is no such webhook.');
}

const ofAccount = `
  select ${targetColumns} from webhooks.targets t
  where t.account_id = $1 and t.deleted_at is null and t.resource_id is null`;
const selectEndpoint = `${ofAccount} and t.id = $2`;
const selectEndpoints = `${ofAccount} order by t.id`;
