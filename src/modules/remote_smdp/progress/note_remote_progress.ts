// A report of a remote SM-DP+ moves the profile, and the eSIM with it, once; late ones and repetitions change nothing.
import { createHash } from 'node:crypto';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { write } from '../../../pg/write.ts';
import type { ProfileMoved, ProfileState } from '../../smdp/index.ts';
import type { RemotePeer } from './identify_peer.ts';
import { type Consequence, consequenceOf, inWords, type ProgressReport } from './progress_report.ts';
import { recordRemoteMove } from './record_remote_move.ts';

export type RemoteProgressCtx = Ctx & {
  /** Who tells it. */
  peer: RemotePeer;
  /** What follows the profile in the same transaction. */
  profileMoved: ProfileMoved;
};

/**
 * Takes the report, at the wall clock. One of a profile that this server did not make for us is logged and forgotten, or
 * it would be sent for ever.
 */
export async function noteRemoteProgress(ctx: RemoteProgressCtx, report: ProgressReport): Promise<void> {
  const { peer, profileMoved } = ctx;
  await write(ctx, {}, async (tx) => {
    const profile = await lockProfile(tx, peer, report.iccid);
    if (!profile)
      return tx.log.warn({ iccid: report.iccid }, 'a report of a remote profile that is not known');
    if (!(await insertReport(tx, profile, report))) return;
    const consequence = consequenceOf(report);
    const at = reportedAt(tx, report);
    if (!consequence || isLate(profile, at) || !changes(profile, consequence)) return;
    await moveProfile({ ...tx, profileMoved }, profile, consequence, { eid: report.eid, at });
  });
}

type ReportedRow = {
  id: string;
  account_id: string;
  iccid: string;
  eid: string | null;
  state: ProfileState;
  enabled: boolean | null;
  reported_at: Date | null;
};

async function lockProfile(
  tx: Ctx,
  { serverIds }: RemotePeer,
  iccid: string,
): Promise<ReportedRow | undefined> {
  const [row] = await query<ReportedRow>(tx.db, lockText, [iccid, [...serverIds]]);
  return row;
}

/** False when it came before, or too many have come. */
async function insertReport(tx: Ctx, { id }: ReportedRow, report: ProgressReport): Promise<boolean> {
  const { callIdentifier, point, at, failure, resultData, eid } = report;
  const hash = createHash('sha256')
    .update(JSON.stringify([callIdentifier, eid, point, at, failure, resultData]))
    .digest();
  const values = [id, hash, point, failure && inWords(failure), at, tx.now, reportsMax];
  return (await query(tx.db, insertText, values)).length > 0;
}

const reportsMax = 1_000n;

/** What a server tells in order may arrive in another one, when it tried twice. */
function isLate({ reported_at }: ReportedRow, at: Date): boolean {
  return reported_at !== null && at < reported_at;
}

/** A server whose clock is far ahead must not make all that follows late. */
function reportedAt({ now }: Ctx, { at }: ProgressReport): Date {
  return new Date(Math.min(at.getTime(), now.getTime() + aheadMsMax));
}

const aheadMsMax = 5 * 60_000;

function changes({ state, enabled: was }: ReportedRow, { from, to, enabled }: Consequence): boolean {
  return from.includes(state) && (state !== to || (enabled !== undefined && enabled !== was));
}

async function moveProfile(
  tx: Ctx & Pick<RemoteProgressCtx, 'profileMoved'>,
  profile: ReportedRow,
  { to, type, enabled, detail }: Consequence,
  report: Pick<ProgressReport, 'eid' | 'at'>,
): Promise<void> {
  const { account_id: accountId, iccid, state } = profile;
  const eid = report.eid ?? profile.eid;
  await query(tx.db, moveText, [profile.id, to, enabled ?? null, report.eid, report.at]);
  const moved = { iccid, at: tx.now, ...(eid !== null && { eid }) };
  // A profile that is enabled or disabled has been installed, even if that was never told.
  if (enabled !== undefined && state !== 'installed')
    recordRemoteMove(tx, accountId, { ...moved, from: state, to: 'installed' }, 'profile.installed');
  recordRemoteMove(
    tx,
    accountId,
    {
      ...moved,
      from: enabled === undefined ? state : 'installed',
      to,
      ...(enabled !== undefined && { enabled }),
      ...(detail !== undefined && { detail }),
    },
    type,
  );
}

const lockText = `
  select id, account_id, iccid, eid, state, enabled, reported_at from remote_smdp.profiles
  where iccid = $1 and step not in ('cancelled', 'failed') and server_id = any($2) for update`;

const insertText = `
  insert into remote_smdp.reports (profile_id, content_hash, point, failure, reported_at, received_at)
  select $1, $2, $3::int, $4, $5::timestamptz, $6::timestamptz
  where (select count(*) from (select from remote_smdp.reports where profile_id = $1 limit $7) as known) < $7
  on conflict do nothing returning point`;

const moveText = `
  update remote_smdp.profiles
  set state = $2, enabled = case when $2 = 'installed' then coalesce($3, enabled) else false end,
    eid = coalesce($4, eid), reported_at = $5
  where id = $1`;
