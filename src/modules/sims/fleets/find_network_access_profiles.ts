// Network access profiles are found by id or unique name, or listed newest first; always within one account.
import { AppError } from '../../../base/app_error.ts';
import type { Id } from '../../../base/ids.ts';
import { limits } from '../../../base/limits.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import type { NetworkAccessProfile } from './network_access_profile.ts';

/** The account's network access profile with this id or unique name. Throws `not_found`. */
export async function getNetworkAccessProfile(
  ctx: Ctx,
  of: { accountId: string; key: string },
): Promise<NetworkAccessProfile> {
  const [row] = await query<ProfileRow>(ctx.db, selectByKey, [of.accountId, of.key]);
  if (!row) throw new AppError('not_found', 'There is no such network access profile.');
  return readProfile(row);
}

/** Up to `limit` network access profiles of the account older than the id `before`, newest first. */
export async function listNetworkAccessProfiles(
  ctx: Ctx,
  filter: { accountId: string; before?: string; limit?: number },
): Promise<NetworkAccessProfile[]> {
  const limit = Math.min(filter.limit ?? limits.pageSizeDefault, limits.pageSizeMax);
  const rows = await query<ProfileRow>(ctx.db, selectPage, [filter.accountId, filter.before ?? '~', limit]);
  return rows.map(readProfile);
}

type ProfileRow = {
  id: string;
  account_id: string;
  unique_name: string | null;
  networks: string[];
  created_at: Date;
  updated_at: Date;
};

const selectProfiles = `
  select id, account_id, unique_name, networks, created_at, updated_at from sims.network_access_profiles`;
const selectByKey = `${selectProfiles} where account_id = $1 and (id = $2 or unique_name = $2)`;
const selectPage = `${selectProfiles} where account_id = $1 and id < $2 order by id desc limit $3`;

function readProfile(row: ProfileRow): NetworkAccessProfile {
  return {
    id: row.id as Id<'networkAccessProfile'>,
    accountId: row.account_id,
    uniqueName: row.unique_name,
    networks: row.networks,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
