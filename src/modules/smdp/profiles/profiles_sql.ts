// The statements on `smdp.profiles` and `smdp.downloads` that a download runs.
import type { Db } from '../../../pg/ctx.ts';
import { query, type Statement } from '../../../pg/query.ts';
import type { ProfileState } from './profile.ts';

/** What every step looks at, of the row `p`. */
export const profileColumns = `
  p.iccid, p.account_id, p.requester_id, p.state, p.eid, p.matching_id, p.confirmation_code, p.confirmation_failures,
  p.download_attempts, p.expires_at, p.metadata, p.policy_rules, p.profile_version_min,
  octet_length(p.protected_package) as package_bytes, p.euicc_otpk`;

/**
 * The statement that notes a binding of a locked profile: one attempt more, the profile belongs to this eUICC, and who must sign the
 * installation result of this download.
 */
export function profileBoundStatement(bound: BoundProfile): Statement {
  const values = [
    bound.iccid,
    bound.eid,
    bound.euiccOtpk,
    bound.bindingKey,
    bound.now,
    bound.transactionId,
    bound.euiccCertificate,
    bound.expiresAt,
    JSON.stringify(bound.step),
  ];
  return { text: boundText, values };
}

export type BoundProfile = {
  iccid: string;
  eid: string;
  euiccOtpk: Uint8Array;
  /** Sealed. */
  bindingKey: Uint8Array;
  now: Date;
  transactionId: Uint8Array;
  euiccCertificate: Uint8Array;
  /** Of the session. */
  expiresAt: Date;
  step: object;
};

const boundText = `
  with profile as (
    update smdp.profiles
    set state = 'downloaded', eid = $2, download_attempts = download_attempts + 1, euicc_otpk = $3, binding_key = $4,
      downloaded_at = coalesce(downloaded_at, $5)
    where iccid = $1
  ), download as (
    insert into smdp.downloads (transaction_id, iccid, eid, euicc_certificate, created_at) values ($6, $1, $2, $7, $5)
    on conflict (transaction_id) do nothing
  )
  update smdp.sessions set state = 'bound', expires_at = $8, steps = steps || $9::jsonb
  where transaction_id = $6 and state <> 'ended'`;

/** Counts a wrong confirmation code against a locked profile. */
export async function updateConfirmationFailures(db: Db, iccid: string): Promise<void> {
  await query(db, countFailureText, [iccid]);
}

const countFailureText =
  'update smdp.profiles set confirmation_failures = confirmation_failures + 1 where iccid = $1';

/** Ends an order whose download was given up. Undefined when it can no longer be ended, or belongs to another eUICC. */
export async function updateProfileFailed(db: Db, failed: FailedProfile): Promise<MovedProfile | undefined> {
  const [row] = await query<MovedProfile>(db, failedText, [
    failed.iccid,
    failed.eid,
    JSON.stringify(failed.result),
  ]);
  return row;
}

export type FailedProfile = { iccid: string; eid: string; result: object };

/** A profile that has just moved: the state it was in, and whose it is. */
export type MovedProfile = {
  from: ProfileState;
  account_id: string;
  requester_id: string | null;
  smds_address: string | null;
};

const failedText = `
  with before as (
    select iccid, state, account_id, requester_id, smds_address from smdp.profiles
    where iccid = $1 and state in ('released', 'downloaded') and (eid is null or eid = $2)
    for update
  ), profile as (
    update smdp.profiles p set state = 'error', last_result = $3::jsonb from before where p.iccid = before.iccid
  )
  select state as "from", account_id, requester_id, smds_address from before`;

/** The download of this transaction with its profile: `euicc_certificate` is what its result must be signed by. */
export async function findDownload(db: Db, transactionId: Uint8Array): Promise<DownloadRow | undefined> {
  const [row] = await query<DownloadRow>(db, findDownloadText, [transactionId]);
  return row;
}

export type DownloadRow = { iccid: string; eid: string; euicc_certificate: Buffer };

const findDownloadText = 'select iccid, eid, euicc_certificate from smdp.downloads where transaction_id = $1';
