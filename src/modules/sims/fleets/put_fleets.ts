// Fleets are made and changed; what a change means for their lines happens in the same write.
import { AppError } from '../../../base/app_error.ts';
import { newId } from '../../../base/ids.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { emit } from '../../events/index.ts';
import { refuseTakenName } from '../unique_name.ts';
import { getFleet, lockFleet } from './find_fleets.ts';
import { findNetworkAccessProfile } from './find_network_access_profiles.ts';
import { checkFleetSettings, type Fleet, type FleetSettings, fleetDefaults } from './fleet.ts';
import { followFleet } from './follow_fleet.ts';

/**
 * Makes a fleet. Throws `invalid_request` naming what cannot be, `not_found` for an unknown network access profile,
 * `name_taken` for a unique name that is taken. Call it in a `write`.
 */
export async function createFleet(tx: Ctx, input: NewFleet): Promise<Fleet> {
  const { accountId, networkAccessProfile, ...settings } = input;
  const fleet: Fleet = {
    ...fleetDefaults,
    ...settings,
    id: newId('fleet', tx.now.getTime()),
    accountId,
    networkAccessProfileId: await loadProfileId(tx, accountId, networkAccessProfile),
    createdAt: tx.now,
    updatedAt: tx.now,
  };
  checkFleetSettings(fleet);
  await refuseTakenName(() => query(tx.db, insertFleet, writeFleet(fleet)));
  await emit(tx, tellFleet(fleet, 'fleet.created'));
  return fleet;
}

/**
 * Changes the account's fleet with this id or unique name; what is left out stays. Its lines follow at once: a raised
 * limit lets their data flow again, a lowered one stops it, and their mobile cores are told. Throws as `createFleet`.
 * Call it in a `write`.
 */
export async function updateFleet(tx: Ctx, input: UpdateFleet): Promise<Fleet> {
  const { accountId, key, networkAccessProfile, ...settings } = input;
  const before = await lockFleet(tx, { accountId, key });
  const fleet: Fleet = {
    ...before,
    ...settings,
    ...(networkAccessProfile !== undefined && {
      networkAccessProfileId: await loadProfileId(tx, accountId, networkAccessProfile),
    }),
    updatedAt: tx.now,
  };
  checkFleetSettings(fleet);
  await refuseTakenName(() => query(tx.db, updateFleetSql, writeFleet(fleet)));
  await followFleet(tx, { before, fleet });
  await emit(tx, tellFleet(fleet, 'fleet.updated'));
  return await getFleet(tx, { accountId, key: fleet.id });
}

export type NewFleet = Partial<FleetSettings> & {
  accountId: string;
  /** Id or unique name. */
  networkAccessProfile: string;
};

export type UpdateFleet = Partial<NewFleet> & {
  accountId: string;
  /** Id or unique name. */
  key: string;
};

async function loadProfileId(tx: Ctx, accountId: string, key: string): Promise<string> {
  const profile = await findNetworkAccessProfile(tx, { accountId, key });
  if (profile) return profile.id;
  throw new AppError('not_found', 'There is no such network access profile.', {
    fields: [{ field: 'networkAccessProfile', detail: 'there is no such one' }],
  });
}

function tellFleet(fleet: Fleet, type: 'fleet.created' | 'fleet.updated') {
  const { accountId, id, uniqueName, networkAccessProfileId, dataLimitBytes } = fleet;
  const limit = dataLimitBytes === null ? null : Number(dataLimitBytes);
  return {
    accountId,
    type,
    resourceId: id,
    data: { uniqueName, networkAccessProfileId, dataLimitBytes: limit },
  };
}

function writeFleet(fleet: Fleet): unknown[] {
  return [
    fleet.id,
    fleet.accountId,
    fleet.uniqueName,
    fleet.networkAccessProfileId,
    fleet.apn,
    fleet.dataEnabled,
    fleet.dataLimitBytes,
    fleet.smsCommandsEnabled,
    fleet.updatedAt,
  ];
}

const insertFleet = `
  insert into sims.fleets (id, account_id, unique_name, network_access_profile_id, apn, data_enabled, data_limit_bytes,
    sms_commands_enabled, created_at, updated_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)`;

const updateFleetSql = `
  update sims.fleets
  set unique_name = $3, network_access_profile_id = $4, apn = $5, data_enabled = $6, data_limit_bytes = $7,
    sms_commands_enabled = $8, updated_at = $9
  where id = $1 and account_id = $2`;
