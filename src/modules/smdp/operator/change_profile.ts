// Writes what an operator changed, tells it with what was before, and ends the sessions that go by what was.
import { query } from '../../../pg/query.ts';
import { emit } from '../../events/index.ts';
import { endedColumns } from '../es9/sessions_sql.ts';
import { wallNow } from '../profiles/wall_now.ts';
import { getProfile } from './find_profiles.ts';
import { movePush } from './move_push.ts';
import type { OperatedProfile, ProfileTerms } from './operated_profile.ts';
import type { OperatorCtx } from './operator_ctx.ts';
import type { OperatedStep } from './rsp_session.ts';

export type ProfileChange = {
  type: 'profile.reset' | 'profile.released' | 'profile.rebound' | 'profile.expired';
  after: Partial<ProfileTerms>;
  /** True when nothing of what eUICCs did with it so far counts any more: binding, result, times. */
  startsAnew?: boolean;
  /** True when a download that is under way must not go on. */
  endsSessions?: boolean;
  /** Why, in the operator's words. */
  reason?: string | undefined;
  /** Why, as the customer is told it. */
  detail?: string;
};

/** Changes the locked profile and gives it as it is now. Call it in a `write`. */
export async function changeProfile(
  tx: OperatorCtx,
  profile: OperatedProfile,
  change: ProfileChange,
): Promise<OperatedProfile> {
  const { accountId, iccid } = profile;
  const before = termsOf(profile);
  const wanted = { ...before, ...change.after };
  const at = await wallNow(tx, accountId);
  await updateProfile(tx, iccid, wanted, change.startsAnew ?? false);
  const after = { ...wanted, matchingId: await movePush(tx, profile, wanted) };
  if (change.endsSessions) await endSessions(tx, iccid, at, change.type);
  const data = {
    ...(after.eid && { eid: after.eid }),
    before,
    after,
    ...(change.reason && { reason: change.reason }),
  };
  await emit(tx, { accountId, type: change.type, resourceId: iccid, data });
  tellMove(tx, iccid, { before, after, at, detail: change.detail });
  return await getProfile(tx, { accountId, iccid });
}

function termsOf(of: ProfileTerms): ProfileTerms {
  const { state, eid, matchingId, downloadAttempts, confirmationFailures, expiresAt } = of;
  return { state, eid, matchingId, downloadAttempts, confirmationFailures, expiresAt };
}

async function updateProfile(
  tx: OperatorCtx,
  iccid: string,
  after: ProfileTerms,
  startsAnew: boolean,
): Promise<void> {
  const { state, eid, matchingId, downloadAttempts, confirmationFailures, expiresAt } = after;
  const terms = [state, eid, matchingId, downloadAttempts, confirmationFailures, expiresAt];
  await query(tx.db, updateText, [iccid, ...terms, startsAnew]);
}

// An eUICC numbers its own notifications, so the number that was seen last is nothing to another one. A binding is for
// one eUICC. A call over ES2+ that is repeated would be answered with what was. An SM-DS knows nothing without an EID.
const updateText = `
  update smdp.profiles
  set state = $2, eid = $3, matching_id = $4, download_attempts = $5, confirmation_failures = $6, expires_at = $7,
    euicc_otpk = case when $8 or eid is distinct from $3 then null else euicc_otpk end,
    binding_key = case when $8 or eid is distinct from $3 then null else binding_key end,
    last_seq_number = case when eid is distinct from $3 then 0 else last_seq_number end,
    last_result = case when $8 then null else last_result end,
    enabled = case when $8 then null else enabled end,
    downloaded_at = case when $8 then null else downloaded_at end,
    installed_at = case when $8 then null else installed_at end,
    ordered_eid = case when eid is distinct from $3 then $3 else ordered_eid end,
    smds_address = case when $3::text is null then null else smds_address end,
    es2_call = case when (state, eid, matching_id) is distinct from ($2, $3, $4) then null else es2_call end
  where iccid = $1`;

/** A download that finds its session ended is refused with 8.10.1/3.9. */
async function endSessions(
  tx: OperatorCtx,
  iccid: string,
  at: Date,
  type: ProfileChange['type'],
): Promise<void> {
  const step = {
    function: 'operator',
    at: at.toISOString(),
    status: 'refused',
    detail: endedBy[type],
  } satisfies OperatedStep;
  await query(tx.db, endSessionsText, [iccid, at, JSON.stringify([step])]);
}

const endedBy: Record<ProfileChange['type'], string> = {
  'profile.reset': 'The operator reset the profile.',
  'profile.released': 'The operator released the profile again.',
  'profile.rebound': 'The operator gave the profile to another EID.',
  'profile.expired': 'The operator ended the offer of the profile.',
};

const endSessionsText = `
  update smdp.sessions
  set ${endedColumns}, outcome = 'refused', ended_at = $2, steps = steps || $3::jsonb
  where iccid = $1 and state <> 'ended'`;

type Told = { before: ProfileTerms; after: ProfileTerms; at: Date; detail: string | undefined };

/** Those who follow the profile hear of it where it concerns them. */
function tellMove(tx: OperatorCtx, iccid: string, { before, after, at, detail }: Told): void {
  const eid = before.eid !== after.eid && { eid: after.eid };
  const matchingId = before.matchingId !== after.matchingId && { matchingId: after.matchingId };
  if (before.state === after.state && !eid && !matchingId) return;
  const move = { iccid, from: before.state, to: after.state, at, ...eid, ...matchingId };
  const followed = tx.smdp.profileMoved(tx, { ...move, ...(detail !== undefined && { detail }) });
  if (followed) tx.alongCommit(followed);
}
