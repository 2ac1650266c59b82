// Writes what an operator is to be told, in the transaction of what it tells: nothing is told that did not happen, and nothing is lost.

import type { Ctx } from '../../../pg/ctx.ts';
import { query, type Statement } from '../../../pg/query.ts';
import { executedSuccess, failedStatus } from '../../../rsp/function_execution_status.ts';
import type { RspErrorCode } from '../../../rsp/rsp_error.ts';
import { type ProgressPoint, progressPoints } from './progress_report.ts';

export type ReportedProgress = {
  /** Null for a profile that was not ordered over ES2+: nobody is told. */
  requesterId: string | null;
  iccid: string;
  eid: string | null;
  point: ProgressPoint;
  /** Left out when all went well. */
  failure?: { code: RspErrorCode; detail?: string };
  /** The PendingNotification as the eUICC gave it. */
  resultData?: Uint8Array;
  at: Date;
};

/** The statement that writes the report; undefined when nobody is to be told. */
export function progressStatement(reported: ReportedProgress): Statement | undefined {
  const { requesterId, iccid, eid, point, failure, resultData, at } = reported;
  if (requesterId === null) return undefined;
  const status = failure ? failedStatus(failure.code, failure.detail) : executedSuccess;
  const values = [
    iccid,
    requesterId,
    eid,
    progressPoints[point],
    JSON.stringify(status),
    resultData ?? null,
    at,
    waitingMax,
  ];
  return { text: insertReport, values };
}

/** Writes the report at once, for what is no move of the profile. */
export async function reportProgress(ctx: Ctx, reported: ReportedProgress): Promise<void> {
  const statement = progressStatement(reported);
  if (statement) await query(ctx.db, statement.text, statement.values);
}

/** An eUICC that is refused can ask as often as it likes: more than these do not wait for one ICCID. */
const waitingMax = 100n;

// The profile is locked, so that positions are given in the order of what happened to it.
const insertReport = `
  insert into smdp.progress_reports (requester_id, iccid, eid, profile_type, point, status, result_data, at, due_at)
  select r.id, p.iccid, $3, coalesce(p.profile_type, ''), $4::int, $5::jsonb, $6, $7, $7
  from (select iccid, profile_type from smdp.profiles where iccid = $1 for update) as p
  cross join lateral (
    select id from smdp.function_requesters
    where id = $2 and removed_at is null and progress_url is not null and ($4::int < 100 or tells_changes) limit 1
  ) as r
  where (
    select count(*) from (
      select from smdp.progress_reports w
      where w.iccid = p.iccid and w.requester_id = r.id and w.sent_at is null and w.gave_up_at is null limit $8
    ) as waiting) < $8`;
