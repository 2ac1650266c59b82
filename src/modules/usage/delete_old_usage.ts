// What is too old to be counted or asked for is deleted, a few rows at a time, so that nothing is locked for long.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { dayMs, hourMs, usageLimits } from './usage_limits.ts';

/**
 * Deletes records older than 92 days, sums of hours older than 550 days, and RADIUS sessions not heard of for 92 days;
 * ends sessions that have been silent for a day. To be run once a day; several at once do no harm.
 */
export async function deleteOldUsage(ctx: Ctx): Promise<DeletedUsage> {
  const before = (days: number) => new Date(ctx.now.getTime() - days * dayMs);
  // Late records are taken for 90 days, and rated among those after them.
  const recordsBefore = before(usageLimits.recordAgeDaysMax + 2);
  const silentBefore = new Date(ctx.now.getTime() - usageLimits.sessionSilentHoursMax * hourMs);
  await query(ctx.db, endSilentSessions, [silentBefore]);
  return {
    records: await deleteByLine(ctx, deletions.records, recordsBefore),
    hours: await deleteByLine(ctx, deletions.hours, before(usageLimits.hoursKeptDays)),
    sessions: await deleteSessions(ctx, recordsBefore),
  };
}

export type DeletedUsage = { records: number; hours: number; sessions: number };

type Deletion = { selectLines: string; deleteSome: string };

const linesAtOnce = 200;
const rowsAtOnce = 5_000;

/** Goes through the lines by their ids: the indexes begin with the line, not with the time. */
async function deleteByLine(ctx: Ctx, { selectLines, deleteSome }: Deletion, before: Date): Promise<number> {
  let deleted = 0;
  let after = '';
  for (;;) {
    const lines = await query<{ sim_id: string }>(ctx.db, selectLines, [after, linesAtOnce]);
    const last = lines.at(-1);
    if (!last) return deleted;
    const simIds = lines.map((line) => line.sim_id);
    deleted += await repeatWhileFull(() => query(ctx.db, deleteSome, [simIds, before, rowsAtOnce]));
    after = last.sim_id;
  }
}

async function repeatWhileFull(run: () => Promise<unknown[]>): Promise<number> {
  let sum = 0;
  for (;;) {
    const { length } = await run();
    sum += length;
    if (length < rowsAtOnce) return sum;
  }
}

function deleteSessions(ctx: Ctx, before: Date): Promise<number> {
  return repeatWhileFull(() => query(ctx.db, deleteOldSessions, [before, rowsAtOnce]));
}

/** The next lines behind $1 that `table` has rows of: one probe of the index each, however many rows a line has. */
function selectLinesOf(table: string): string {
  return `
  with recursive lines as (
    (select sim_id, 1 as number from ${table} where sim_id > $1 order by sim_id limit 1)
    union all
    select (select t.sim_id from ${table} t where t.sim_id > lines.sim_id order by t.sim_id limit 1), number + 1
    from lines where lines.sim_id is not null and number < $2
  )
  select sim_id from lines where sim_id is not null order by sim_id`;
}

function deleteSomeOf(table: string, time: string): string {
  return `
  delete from ${table} where ctid = any(array(
    select ctid from ${table} where sim_id = any($1) and ${time} < $2 order by sim_id limit $3 for update skip locked))
  returning 1`;
}

const deletions = {
  records: {
    selectLines: selectLinesOf('usage.records'),
    deleteSome: deleteSomeOf('usage.records', 'at'),
  },
  hours: { selectLines: selectLinesOf('usage.hours'), deleteSome: deleteSomeOf('usage.hours', 'hour') },
};

const endSilentSessions = `
  update usage.radius_sessions set ended_at = last_at where ended_at is null and last_at < $1`;

const deleteOldSessions = `
  delete from usage.radius_sessions where ctid = any(array(
    select ctid from usage.radius_sessions where last_at < $1 and ended_at is not null
    order by nas, session_id limit $2 for update skip locked))
  returning 1`;
