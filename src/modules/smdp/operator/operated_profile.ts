// A profile as its operator sees it: where it stands, what it is bound to, and how many attempts are left.
import type { ProfileState } from '../profiles/profile.ts';
import type { SmdpSettings } from '../smdp.ts';
import { actionsFrom, type OperatorAction } from './actions.ts';

export type OperatedProfile = ProfileTerms & {
  iccid: string;
  accountId: string;
  profileTypeId: string;
  /** What the eUICC said last of it; null before it said anything. */
  enabled: boolean | null;
  smdpAddress: string;
  /** Where its event is registered; null for none. */
  smdsAddress: string | null;
  /** functionRequesterIdentifier of who ordered it over ES2+; null for one that an order of ours released. */
  requester: string | null;
  confirmationCodeRequired: boolean;
  downloadAttemptsMax: number;
  confirmationFailuresMax: number;
  /** How its last download ended, if one did: `installed`, `failed`, or `withdrawn` with its order. */
  lastResult: { outcome: string; reason: string | null } | null;
  createdAt: Date;
  downloadedAt: Date | null;
  installedAt: Date | null;
  /** What the operator may do now. */
  actions: readonly OperatorAction[];
  /** Its place in a list. */
  cursor: string;
};

/** What an operator may change. */
export type ProfileTerms = {
  state: ProfileState;
  /** The only eUICC that may download it; null for any. */
  eid: string | null;
  /** Null for one that its eUICC finds by its EID alone. */
  matchingId: string | null;
  downloadAttempts: number;
  confirmationFailures: number;
  /** By the account's clock; null for never. */
  expiresAt: Date | null;
};

export type OperatedRow = {
  iccid: string;
  account_id: string;
  profile_type_id: string;
  state: ProfileState;
  enabled: boolean | null;
  eid: string | null;
  matching_id: string | null;
  smdp_address: string;
  smds_address: string | null;
  requester: string | null;
  confirmation_code_required: boolean;
  confirmation_failures: number;
  download_attempts: number;
  expires_at: Date | null;
  last_result: { outcome: string; reason?: string } | null;
  created_at: Date;
  downloaded_at: Date | null;
  installed_at: Date | null;
  cursor: string;
};

/** The columns of an `OperatedRow`, of a table named `p`; the package stays where it is. */
export const operatedColumns = `
  p.iccid, p.account_id, p.profile_type_id, p.state, p.enabled, p.eid, p.matching_id, p.smdp_address, p.smds_address,
  (select r.identifier from smdp.function_requesters r where r.id = p.requester_id) as requester,
  p.confirmation_code is not null as confirmation_code_required, p.confirmation_failures,
  p.download_attempts, p.expires_at, p.last_result, p.created_at, p.downloaded_at, p.installed_at,
  to_char(p.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '_' || p.iccid as cursor`;

export function readOperated(
  { downloadAttemptsMax, confirmationAttemptsMax }: SmdpSettings,
  row: OperatedRow,
): OperatedProfile {
  return {
    iccid: row.iccid,
    accountId: row.account_id,
    profileTypeId: row.profile_type_id,
    state: row.state,
    enabled: row.enabled,
    eid: row.eid,
    matchingId: row.matching_id,
    smdpAddress: row.smdp_address,
    smdsAddress: row.smds_address,
    requester: row.requester,
    confirmationCodeRequired: row.confirmation_code_required,
    confirmationFailures: row.confirmation_failures,
    confirmationFailuresMax: confirmationAttemptsMax,
    downloadAttempts: row.download_attempts,
    downloadAttemptsMax,
    expiresAt: row.expires_at,
    lastResult: row.last_result && {
      outcome: row.last_result.outcome,
      reason: row.last_result.reason ?? null,
    },
    createdAt: row.created_at,
    downloadedAt: row.downloaded_at,
    installedAt: row.installed_at,
    actions: isWithdrawn(row) ? [] : actionsFrom(row.state),
    cursor: row.cursor,
  };
}

/** Its order came to nothing: nobody paid for it, so it does not come back. */
export function isWithdrawn({ last_result }: Pick<OperatedRow, 'last_result'>): boolean {
  return last_result?.outcome === 'withdrawn';
}
