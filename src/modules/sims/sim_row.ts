// Lines as rows: read with what their fleet says about them.
import type { Id } from '../../base/ids.ts';
import type { MobileCoreName } from './cores/mobile_core.ts';
import type { FleetRules, Sim, SimStatus, WantedStatus } from './sim.ts';

export type SimRow = {
  id: string;
  account_id: string;
  esim_id: string;
  iccid: string;
  imsi: string | null;
  msisdn: string | null;
  unique_name: string | null;
  fleet_id: string | null;
  status: SimStatus;
  scheduled_status: WantedStatus | null;
  attached: boolean;
  country: string | null;
  mcc: string | null;
  mnc: string | null;
  ip_v4: string | null;
  ip_v6: string | null;
  located_at: Date | null;
  first_attached_at: Date | null;
  first_used_at: Date | null;
  ready_bytes: bigint;
  ready_sms: number;
  period_starts_at: Date | null;
  period_ends_at: Date | null;
  period_bytes: bigint;
  data_blocked: boolean;
  speed_kbps: number | null;
  due_at: Date | null;
  core: MobileCoreName;
  core_due_at: Date | null;
  core_attempts: number;
  core_error: string | null;
  core_told_at: Date | null;
  core_version: bigint;
  created_at: Date;
  updated_at: Date;
} & FleetRow;

export type FleetRow = {
  fleet_name: string | null;
  apn: string | null;
  data_enabled: boolean | null;
  data_limit_bytes: bigint | null;
  sms_commands_enabled: boolean | null;
  networks: string[] | null;
};

/** All of a line and its fleet; lines are `s`. */
export const selectSims = `
  select s.id, s.account_id, s.esim_id, s.iccid, s.imsi, s.msisdn, s.unique_name, s.fleet_id, s.status,
    s.scheduled_status, s.attached, s.country, s.mcc, s.mnc, s.ip_v4, s.ip_v6, s.located_at, s.first_attached_at,
    s.first_used_at, s.ready_bytes, s.ready_sms, s.period_starts_at, s.period_ends_at, s.period_bytes, s.data_blocked,
    s.speed_kbps, s.due_at, s.core, s.core_due_at, s.core_attempts, s.core_error, s.core_told_at, s.core_version,
    s.created_at, s.updated_at, f.unique_name as fleet_name, f.apn, f.data_enabled, f.data_limit_bytes,
    f.sms_commands_enabled, f.networks
  from sims.sims s
  left join lateral (
    select f.unique_name, f.apn, f.data_enabled, f.data_limit_bytes, f.sms_commands_enabled, n.networks
    from sims.fleets f join sims.network_access_profiles n on n.id = f.network_access_profile_id
    where f.id = s.fleet_id
  ) as f on true`;

export function readSim(row: SimRow): Sim {
  return {
    id: row.id as Id<'sim'>,
    accountId: row.account_id,
    esimId: row.esim_id,
    iccid: row.iccid,
    imsi: row.imsi,
    msisdn: row.msisdn,
    uniqueName: row.unique_name,
    fleetId: row.fleet_id,
    fleet: readFleetRules(row),
    status: row.status,
    scheduledStatus: row.scheduled_status,
    attached: row.attached,
    country: row.country,
    mcc: row.mcc,
    mnc: row.mnc,
    ipV4: row.ip_v4,
    ipV6: row.ip_v6,
    locatedAt: row.located_at,
    firstAttachedAt: row.first_attached_at,
    firstUsedAt: row.first_used_at,
    readyBytes: row.ready_bytes,
    readySms: row.ready_sms,
    periodStartsAt: row.period_starts_at,
    periodEndsAt: row.period_ends_at,
    periodBytes: row.period_bytes,
    dataBlocked: row.data_blocked,
    speedKbps: row.speed_kbps,
    dueAt: row.due_at,
    core: row.core,
    coreDueAt: row.core_due_at,
    coreAttempts: row.core_attempts,
    coreError: row.core_error,
    coreToldAt: row.core_told_at,
    coreVersion: row.core_version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function readFleetRules(row: FleetRow & { fleet_id: string | null }): FleetRules | null {
  if (row.fleet_id === null) return null;
  return {
    uniqueName: row.fleet_name,
    apn: row.apn ?? '',
    dataEnabled: row.data_enabled ?? false,
    dataLimitBytes: row.data_limit_bytes,
    smsCommandsEnabled: row.sms_commands_enabled ?? false,
    networks: row.networks ?? [],
  };
}
