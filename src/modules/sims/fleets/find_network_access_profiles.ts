// Network access profiles are found by id or unique name, or listed newest first; always within one account.
import { AppError } from '../../../base/app_error.ts';
import type { Id } from '../../../base/ids.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { type ListPage, listTexts, queryList } from '../../../pg/list.ts';
import { query } from '../../../pg/query.ts';
import type { NetworkAccessProfile } from './network_access_profile.ts';

/** The account's network access profile with this id or unique name. Throws `not_found`. */
export async function getNetworkAccessProfile(
  ctx: Ctx,
  of: { accountId: string; key: string },
): Promise<NetworkAccessProfile> {
  return present(await findNetworkAccessProfile(ctx, of));
}

/** As `getNetworkAccessProfile`; undefined when there is none. */
export async function findNetworkAccessProfile(
  ctx: Ctx,
  of: { accountId: string; key: string },
): Promise<NetworkAccessProfile | undefined> {
  const [row] = await query<ProfileRow>(ctx.db, selectByKey, [of.accountId, of.key]);
  return row && readProfile(row);
}

/** As `getNetworkAccessProfile`, locked. Call it in a `write`. */
export async function lockNetworkAccessProfile(
  tx: Ctx,
  of: { accountId: string; key: string },
): Promise<NetworkAccessProfile> {
  const [row] = await query<ProfileRow>(tx.db, `${selectByKey} for update`, [of.accountId, of.key]);
  return present(row && readProfile(row));
}

/** A page of the account's network access profiles, newest first. */
export async function listNetworkAccessProfiles(
  ctx: Ctx,
  { accountId, ...page }: ListPage & { accountId: string },
): Promise<NetworkAccessProfile[]> {
  const rows = await queryList<ProfileRow>(ctx.db, selectPage, [accountId], page);
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
const selectPage = listTexts(`${selectProfiles} where account_id = $1`, 'id', 1);

function present(profile: NetworkAccessProfile | undefined): NetworkAccessProfile {
  if (profile) return profile;
  throw new AppError('not_found', 'There is no such network access profile.');
}

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
