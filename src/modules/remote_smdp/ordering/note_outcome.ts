// What came of a call is written in one transaction: the profile's next step, its order when that is settled by it, and the breaker.
import { present } from '../../../base/assert.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { write } from '../../../pg/write.ts';
import { noteServerAnswer, noteServerFailure } from './breaker.ts';
import type { ClaimedCall } from './claim_calls.ts';
import { type Es2Function, nextCall, type OrderedParts } from './es2_calls.ts';
import { type Failure, failRemoteOrder } from './fail_remote_order.ts';
import type { CallOutcome } from './make_call.ts';
import type { RefusalMeaning } from './refusal_meaning.ts';
import {
  type RemoteProfile,
  type RemoteProfileRow,
  readRemoteProfile,
  remoteProfileColumns,
} from './remote_profile.ts';
import { tellRemoteWork } from './remote_work.ts';

/**
 * Writes the outcome of a call. Locks: the order, its profile, the server. A profile that was moved on while the call was
 * under way (its order failed, or was cancelled) keeps what the answer told of it, which its cancellation needs.
 */
export async function noteOutcome(
  ctx: Ctx,
  { server, profile: sent }: ClaimedCall,
  outcome: CallOutcome,
): Promise<void> {
  await write(ctx, {}, async (tx) => {
    const profile = await lockProfile(tx, sent);
    if (outcome.kind === 'failed') {
      await noteFailure(tx, profile, outcome.called, outcome.error);
      await noteServerFailure(tx, server.id, outcome.error);
    } else {
      if (outcome.kind === 'done')
        await noteDone[outcome.called](tx, profile, { ...outcome.parts, server: server.smdpAddress });
      else await noteRefused[outcome.called](tx, profile, outcome.meaning);
      await noteServerAnswer(tx, server.id);
    }
    tx.afterCommit(() => tellRemoteWork(tx));
  });
}

async function lockProfile(tx: Ctx, { id, orderId }: RemoteProfile): Promise<RemoteProfile> {
  await query(tx.db, 'select from remote_smdp.orders where order_id = $1 for update', [orderId]);
  const [row] = await query<RemoteProfileRow>(tx.db, lockText, [id]);
  return readRemoteProfile(present(row, 'a remote profile that was called for'));
}

type Parts = OrderedParts & { server: string };
type NoteDone = (tx: Ctx, profile: RemoteProfile, parts: Parts) => Promise<void>;
type NoteRefused = (tx: Ctx, profile: RemoteProfile, meaning: RefusalMeaning) => Promise<void>;

const noteDone: Record<Es2Function, NoteDone> = {
  async downloadOrder(tx, profile, { iccid = '' }) {
    if (nextCall(profile) !== 'downloadOrder') return await letGo(tx, profile);
    const rows = await query(tx.db, setOrdered, [profile.id, iccid]);
    if (rows.length > 0) return;
    const message = `it gave the ICCID ${iccid}, which another profile has`;
    ctxLog(tx, profile, message);
    await setStep(tx, profile, 'failed', message);
    await failRemoteOrder(tx, profile.orderId, refused(`it gave an ICCID that another profile has`));
  },
  async confirmOrder(tx, profile, { matchingId = null, smdpAddress, server }) {
    await query(tx.db, setConfirmed, [profile.id, matchingId, smdpAddress ?? server]);
    if (profile.step === 'to_confirm') await query(tx.db, countReady, [profile.orderId]);
  },
  async cancelOrder(tx, profile) {
    if (profile.step === 'to_cancel') await query(tx.db, setCancelled, [profile.id]);
  },
};

const noteRefused: Record<Es2Function, NoteRefused> = {
  async downloadOrder(tx, profile, meaning) {
    // Asked again only to learn what there is to cancel: there is nothing.
    if (profile.step === 'to_cancel' && profile.iccid === null)
      return void (await query(tx.db, setCancelled, [profile.id]));
    if (profile.step !== 'to_order') return await letGo(tx, profile);
    await setStep(tx, profile, 'failed', inWords(meaning));
    await failRemoteOrder(tx, profile.orderId, failureOf(meaning));
  },
  async confirmOrder(tx, profile, meaning) {
    if (profile.step !== 'to_confirm') return await letGo(tx, profile);
    await letGo(tx, profile);
    await failRemoteOrder(tx, profile.orderId, failureOf(meaning));
  },
  async cancelOrder(tx, profile, meaning) {
    if (profile.step !== 'to_cancel') return await letGo(tx, profile);
    if (isUnknownIccid(meaning)) return void (await query(tx.db, setCancelled, [profile.id]));
    ctxLog(tx, profile, `it cannot be cancelled: ${inWords(meaning)}`);
    await setStep(tx, profile, 'failed', inWords(meaning));
  },
};

async function noteFailure(
  tx: Ctx,
  profile: RemoteProfile,
  called: Es2Function,
  error: string,
): Promise<void> {
  if (nextCall(profile) !== called) return await letGo(tx, profile);
  if (profile.step === 'to_cancel' && profile.attempts >= cancelAttemptsMax) {
    ctxLog(tx, profile, `given up: ${error}`);
    return await setStep(tx, profile, 'failed', error);
  }
  const waitSeconds = retrySeconds[Math.min(profile.attempts, retrySeconds.length - 1)];
  await query(tx.db, setRetry, [profile.id, error, waitSeconds]);
}

/** In seconds, after the first failure, the second, and so on; the last one for all that follow. */
const retrySeconds = [1, 5, 30, 120, 600];
// Three days.
const cancelAttemptsMax = 435;

/** 8.2.1/3.9: what is not there need not be cancelled. */
function isUnknownIccid({ subjectCode, reasonCode }: RefusalMeaning): boolean {
  return subjectCode === '8.2.1' && reasonCode === '3.9';
}

function inWords({ subjectCode, reasonCode, message }: RefusalMeaning): string {
  return `${subjectCode}/${reasonCode} ${message}`.trim();
}

function failureOf(meaning: RefusalMeaning): Failure {
  if (meaning.code === 'stock_empty')
    return { code: meaning.code, detail: 'No SIM profile of the type needed was left; nothing was charged.' };
  return { ...refused(inWords(meaning)), code: meaning.code };
}

function refused(reason: string): Failure {
  return { code: 'conflict', detail: `The SM-DP+ did not give the profile: ${reason}; nothing was charged.` };
}

function ctxLog(tx: Ctx, { id, iccid, serverId }: RemoteProfile, message: string): void {
  tx.log.error({ remoteProfile: id, iccid, server: serverId }, `a profile of a remote SM-DP+: ${message}`);
}

async function letGo(tx: Ctx, { id }: RemoteProfile): Promise<void> {
  await query(tx.db, 'update remote_smdp.profiles set claimed_until = null where id = $1', [id]);
}

async function setStep(tx: Ctx, { id }: RemoteProfile, step: 'failed', error: string): Promise<void> {
  await query(tx.db, setEnded, [id, step, error]);
}

const lockText = `select ${remoteProfileColumns} from remote_smdp.profiles where id = $1 for update`;

const setOrdered = `
  update remote_smdp.profiles p
  set iccid = $2, step = case when step = 'to_order' then 'to_confirm' else step end,
    state = case when eid is null then 'allocated' else 'linked' end, due_at = clock_timestamp(), claimed_until = null,
    attempts = 0, last_error = null
  where id = $1 and not exists (
    select from remote_smdp.profiles o where o.iccid = $2 and o.id <> $1 and o.step not in ('cancelled', 'failed'))
  returning id`;

const setConfirmed = `
  update remote_smdp.profiles
  set matching_id = $2, smdp_address = $3, state = 'released', claimed_until = null, attempts = 0, last_error = null,
    confirmation_code = null, step = case when step = 'to_confirm' then 'ready' else step end,
    due_at = case when step = 'to_confirm' then null else due_at end
  where id = $1 and step in ('to_confirm', 'to_cancel')`;

const countReady = `
  update remote_smdp.orders
  set waiting = waiting - 1, state = case when waiting = 1 then 'settled' else state end
  where order_id = $1 and state = 'waiting'`;

const setCancelled = `
  update remote_smdp.profiles
  set step = 'cancelled', state = 'available', due_at = null, claimed_until = null, confirmation_code = null
  where id = $1`;

const setEnded = `
  update remote_smdp.profiles
  set step = $2, due_at = null, claimed_until = null, confirmation_code = null, last_error = $3
  where id = $1`;

const setRetry = `
  update remote_smdp.profiles
  set attempts = attempts + 1, last_error = $2, claimed_until = null,
    due_at = clock_timestamp() + $3 * interval '1 second'
  where id = $1`;
