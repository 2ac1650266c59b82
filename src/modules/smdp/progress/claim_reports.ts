// Which reports are sent next: of each ICCID the oldest that waits, and only that, by one node at a time.
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import type { FunctionExecutionStatus } from '../../../rsp/function_execution_status.ts';
import type { ProgressReport } from './progress_report.ts';

/** Whom it is told, and how. */
export type ProgressReceiver = { requesterId: string; url: string; ca: string | null; updatedAt: Date };

export type ClaimedReport = { report: ProgressReport; receiver: ProgressReceiver };

export type ClaimReports = {
  /** At most so many over all, and of one requester. */
  free: number;
  freePerRequester: number;
  /** Where some are being sent already. */
  freeOf: ReadonlyMap<string, number>;
};

/** Claims what is due at `ctx.now` for half a minute: longer than a call may take. */
export async function claimReports(ctx: Ctx, of: ClaimReports): Promise<ClaimedReport[]> {
  const rows = await query<ClaimedRow>(ctx.db, claimText, [
    ctx.now,
    new Date(ctx.now.getTime() + leaseMs),
    of.free,
    of.freePerRequester,
    [...of.freeOf.keys()],
    [...of.freeOf.values()],
  ]);
  return rows.map(readClaimed);
}

const leaseMs = 30_000;

type ClaimedRow = {
  position: bigint;
  requester_id: string;
  iccid: string;
  eid: string | null;
  profile_type: string;
  point: number;
  status: FunctionExecutionStatus;
  result_data: Buffer | null;
  at: Date;
  attempts: number;
  progress_url: string;
  progress_ca: string | null;
  updated_at: Date;
};

function readClaimed(row: ClaimedRow): ClaimedReport {
  return {
    report: {
      position: row.position,
      requesterId: row.requester_id,
      iccid: row.iccid,
      eid: row.eid,
      profileType: row.profile_type,
      point: row.point,
      status: row.status,
      resultData: row.result_data,
      at: row.at,
      attempts: row.attempts,
    },
    receiver: {
      requesterId: row.requester_id,
      url: row.progress_url,
      ca: row.progress_ca,
      updatedAt: row.updated_at,
    },
  };
}

const waits = (row: string) => `${row}.sent_at is null and ${row}.gave_up_at is null`;

// From requester to requester by the index: what one of them does not take costs the others nothing.
const claimText = `
  with due as (
    select d.position
    from smdp.function_requesters r
    left join unnest($5::text[], $6::int[]) as busy(requester_id, free) on busy.requester_id = r.id
    cross join lateral (
      select p.position, p.due_at from smdp.progress_reports p
      where p.requester_id = r.id and ${waits('p')} and p.due_at <= $1 and (p.locked_until is null or p.locked_until <= $1)
        and not exists (
          select from smdp.progress_reports e
          where e.iccid = p.iccid and e.requester_id = p.requester_id and e.position < p.position and ${waits('e')})
      order by p.due_at, p.position limit coalesce(busy.free, $4::int)
      for update of p skip locked
    ) as d
    where r.removed_at is null and r.progress_url is not null
      and (r.progress_paused_until is null or r.progress_paused_until <= $1)
    order by d.due_at limit $3
  ), claimed as (
    update smdp.progress_reports p set locked_until = $2, attempts = attempts + 1
    where p.position = any(array(select position from due))
    returning p.position, p.requester_id, p.iccid, p.eid, p.profile_type, p.point, p.status, p.result_data, p.at, p.attempts
  )
  select c.*, r.progress_url, r.progress_ca, r.updated_at
  from claimed c cross join lateral (
    select progress_url, progress_ca, updated_at from smdp.function_requesters where id = c.requester_id limit 1
  ) as r
  order by c.position`;
