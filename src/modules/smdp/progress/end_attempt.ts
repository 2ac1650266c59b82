// What follows from an attempt to tell a report: it is taken, tried again later, or given up after three days.
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import type { ProgressReport } from './progress_report.ts';

/** The receiver took it, and is there again if it was away. */
export async function noteTaken(
  ctx: Ctx,
  { position, attempts, requesterId }: ProgressReport,
): Promise<void> {
  await query(ctx.db, takenText, [position, attempts, ctx.now]);
  await query(ctx.db, thereAgainText, [requesterId]);
}

export type FailedAttempt = {
  error: string;
  /** True when no answer came: then the receiver gets a rest. */
  isAway: boolean;
};

/** Those of the ICCID that wait behind it wait as long. */
export async function noteFailed(ctx: Ctx, report: ProgressReport, failed: FailedAttempt): Promise<void> {
  const { position, attempts, requesterId, iccid } = report;
  const dueAt = new Date(ctx.now.getTime() + waitMs(attempts));
  const isOver = ctx.now.getTime() - report.at.getTime() >= givenUpAfterMs;
  const error = failed.error.slice(0, errorCharsMax);
  const text = isOver ? gaveUpText : failedText;
  await query(ctx.db, text, [position, attempts, isOver ? ctx.now : dueAt, error]);
  if (!isOver) await query(ctx.db, holdBackText, [iccid, requesterId, position, dueAt]);
  if (failed.isAway) await query(ctx.db, awayText, [requesterId, ctx.now, failuresMax, pauseMs]);
}

const errorCharsMax = 500;
const givenUpAfterMs = 3 * 24 * 3_600_000;
const waitsMs = [1_000, 5_000, 30_000, 2 * 60_000, 10 * 60_000, 3_600_000];
/** In a row, before nothing is sent for a while. */
const failuresMax = 5;
const pauseMs = 30_000;

/** How long a report waits after this many attempts in vain. */
export function waitMs(attempts: number): number {
  return waitsMs[Math.min(attempts, waitsMs.length) - 1] ?? 0;
}

// `attempts` tells whose claim it is: one that took too long and was claimed again writes nothing.
const takenText = `
  update smdp.progress_reports set sent_at = $3, locked_until = null, last_error = null
  where position = $1 and attempts = $2`;

const failedText = `
  update smdp.progress_reports set due_at = $3, locked_until = null, last_error = $4
  where position = $1 and attempts = $2`;

const gaveUpText = `
  update smdp.progress_reports set gave_up_at = $3, locked_until = null, last_error = $4
  where position = $1 and attempts = $2`;

const holdBackText = `
  update smdp.progress_reports set due_at = $4
  where iccid = $1 and requester_id = $2 and position > $3 and sent_at is null and gave_up_at is null and due_at < $4`;

const thereAgainText = `
  update smdp.function_requesters set progress_failures = 0, progress_paused_until = null
  where id = $1 and (progress_failures > 0 or progress_paused_until is not null)`;

const awayText = `
  update smdp.function_requesters set progress_failures = progress_failures + 1,
    progress_paused_until = case when progress_failures + 1 >= $3::int
      then $2::timestamptz + $4::int * interval '1 millisecond' end
  where id = $1`;
