// Fleets are found by id or unique name, or listed newest first; always within one account.
import { AppError } from '../../../base/app_error.ts';
import type { Id } from '../../../base/ids.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { type ListPage, listTexts, queryList } from '../../../pg/list.ts';
import { query } from '../../../pg/query.ts';
import type { Fleet } from './fleet.ts';

/** The account's fleet with this id or unique name. Throws `not_found`. */
export async function getFleet(ctx: Ctx, of: { accountId: string; key: string }): Promise<Fleet> {
  const [row] = await query<FleetRow>(ctx.db, selectByKey, [of.accountId, of.key]);
  if (!row) throw new AppError('not_found', 'There is no such fleet.');
  return readFleet(row);
}

/** A page of the account's fleets, newest first. `networkAccessProfileId` is the id of one. */
export async function listFleets(ctx: Ctx, filter: FleetFilter): Promise<Fleet[]> {
  const { accountId, networkAccessProfileId = null, ...page } = filter;
  const rows = await queryList<FleetRow>(ctx.db, selectPage, [accountId, networkAccessProfileId], page);
  return rows.map(readFleet);
}

export type FleetFilter = ListPage & { accountId: string; networkAccessProfileId?: string };

/** As `getFleet`, locked. Call it in a `write`. */
export async function lockFleet(tx: Ctx, of: { accountId: string; key: string }): Promise<Fleet> {
  const [row] = await query<FleetRow>(tx.db, `${selectByKey} for update`, [of.accountId, of.key]);
  if (!row) throw new AppError('not_found', 'There is no such fleet.');
  return readFleet(row);
}

export type FleetRow = {
  id: string;
  account_id: string;
  unique_name: string | null;
  network_access_profile_id: string;
  apn: string;
  data_enabled: boolean;
  data_limit_bytes: bigint | null;
  sms_commands_enabled: boolean;
  created_at: Date;
  updated_at: Date;
};

export const fleetColumns = `id, account_id, unique_name, network_access_profile_id, apn, data_enabled, data_limit_bytes,
  sms_commands_enabled, created_at, updated_at`;

const selectFleets = `select ${fleetColumns} from sims.fleets`;
const selectByKey = `${selectFleets} where account_id = $1 and (id = $2 or unique_name = $2)`;
const selectPage = listTexts(
  `${selectFleets} where account_id = $1 and ($2::text is null or network_access_profile_id = $2)`,
  'id',
  2,
);

function readFleet(row: FleetRow): Fleet {
  return {
    id: row.id as Id<'fleet'>,
    accountId: row.account_id,
    uniqueName: row.unique_name,
    networkAccessProfileId: row.network_access_profile_id,
    apn: row.apn,
    dataEnabled: row.data_enabled,
    dataLimitBytes: row.data_limit_bytes,
    smsCommandsEnabled: row.sms_commands_enabled,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
