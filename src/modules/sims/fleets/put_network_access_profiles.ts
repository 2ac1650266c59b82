// Network access profiles are made and changed; a line that is attached stays so until it attaches again.
import { AppError } from '../../../base/app_error.ts';
import { newId } from '../../../base/ids.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { refuseTakenName } from '../unique_name.ts';
import { lockNetworkAccessProfile } from './find_network_access_profiles.ts';
import {
  checkNetwork,
  checkNetworkAccessProfile,
  type NetworkAccessProfile,
} from './network_access_profile.ts';

/**
 * Makes a network access profile. Throws `invalid_request` naming networks that do not exist, `name_taken` for a unique
 * name that is taken. Call it in a `write`.
 */
export async function createNetworkAccessProfile(
  tx: Ctx,
  input: NewNetworkAccessProfile,
): Promise<NetworkAccessProfile> {
  const { accountId, uniqueName = null, networks } = input;
  const profile: NetworkAccessProfile = {
    id: newId('networkAccessProfile', tx.now.getTime()),
    accountId,
    uniqueName,
    networks: each(networks),
    createdAt: tx.now,
    updatedAt: tx.now,
  };
  checkNetworkAccessProfile({ uniqueName, networks });
  await refuseTakenName(() =>
    query(tx.db, insertProfile, [profile.id, accountId, uniqueName, [...profile.networks], tx.now]),
  );
  return profile;
}

/**
 * Changes the account's network access profile with this id or unique name; what is left out stays, `networks` are
 * replaced. Throws `not_found`, and as `createNetworkAccessProfile`. Call it in a `write`.
 */
export async function updateNetworkAccessProfile(
  tx: Ctx,
  input: UpdateNetworkAccessProfile,
): Promise<NetworkAccessProfile> {
  const { accountId, key } = input;
  const before = await lockNetworkAccessProfile(tx, { accountId, key });
  const { uniqueName = before.uniqueName, networks = before.networks } = input;
  checkNetworkAccessProfile({ uniqueName, networks });
  return await save(tx, { ...before, uniqueName, networks: each(networks) });
}

/**
 * Allows one more network to the account's network access profile with this id or unique name; one that it has stays.
 * Throws `not_found` for an unknown profile, `invalid_request` for an unknown network. Call it in a `write`.
 */
export async function addNetwork(tx: Ctx, input: NetworkOfProfile): Promise<NetworkAccessProfile> {
  const { accountId, key, networkId } = input;
  checkNetwork(networkId);
  const before = await lockNetworkAccessProfile(tx, { accountId, key });
  if (before.networks.includes(networkId)) return before;
  return await save(tx, { ...before, networks: [...before.networks, networkId] });
}

/**
 * Takes a network out of the account's network access profile with this id or unique name. Throws `not_found` for an
 * unknown profile, and for a network that is not in it. Call it in a `write`.
 */
export async function removeNetwork(tx: Ctx, input: NetworkOfProfile): Promise<NetworkAccessProfile> {
  const { accountId, key, networkId } = input;
  const before = await lockNetworkAccessProfile(tx, { accountId, key });
  if (!before.networks.includes(networkId))
    throw new AppError('not_found', 'The network access profile has no such network.');
  return await save(tx, { ...before, networks: before.networks.filter((id) => id !== networkId) });
}

export type NetworkOfProfile = {
  accountId: string;
  /** Id or unique name of the profile. */
  key: string;
  networkId: string;
};

export type NewNetworkAccessProfile = {
  accountId: string;
  uniqueName?: string | null;
  /** Ids of networks of the catalogue; none at all allows no network. */
  networks: readonly string[];
};

export type UpdateNetworkAccessProfile = Partial<NewNetworkAccessProfile> & {
  accountId: string;
  /** Id or unique name. */
  key: string;
};

async function save(tx: Ctx, profile: NetworkAccessProfile): Promise<NetworkAccessProfile> {
  const { id, accountId, uniqueName, networks } = profile;
  await refuseTakenName(() =>
    query(tx.db, updateProfile, [id, accountId, uniqueName, [...networks], tx.now]),
  );
  return { ...profile, updatedAt: tx.now };
}

function each(networks: readonly string[]): string[] {
  return [...new Set(networks)];
}

const insertProfile = `
  insert into sims.network_access_profiles (id, account_id, unique_name, networks, created_at, updated_at)
  values ($1, $2, $3, $4, $5, $5)`;

const updateProfile = `
  update sims.network_access_profiles set unique_name = $3, networks = $4, updated_at = $5
  where id = $1 and account_id = $2`;
