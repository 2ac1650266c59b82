// What a mobile core answered: a scheduled status comes true, or it is told again later, and both can be seen.
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { write } from '../../../pg/write.ts';
import { clockOffsetMs } from '../../accounts/index.ts';
import { rollForward } from '../billing/roll_forward.ts';
import { beginChange, type LineChange, tell } from '../line_change.ts';
import { lockSims } from '../lock_lines.ts';
import { moveStatus } from '../move_status.ts';
import { saveLines } from '../save_lines.ts';
import { coreTask, type Sim } from '../sim.ts';

/** Writes what the core answered to being told of the line as `told`. A line that changed meanwhile is told again. */
export async function noteCoreAnswer(ctx: Ctx, told: Sim, answer: CoreAnswer): Promise<void> {
  const offsetMs = await clockOffsetMs(ctx, told.accountId);
  await write({ ...ctx, now: new Date(ctx.now.getTime() + offsetMs) }, {}, async (tx) => {
    const sim = (await lockSims(tx, { accountId: null, keys: [told.id] })).get(told.id);
    if (!sim || sim.coreDueAt === null) return;
    const change = beginChange(sim);
    await rollForward(tx, [change], tx.now);
    if ('failure' in answer) await noteFailure(tx, change, answer.failure);
    else await noteTold(tx, change, told, answer.remark);
    await saveLines(tx, [change]);
  });
}

export type CoreAnswer =
  /** What the core cannot honour, in words, or null. */
  | { remark: string | null }
  /** Why it could not be told, in public words. */
  | { failure: string };

async function noteTold(tx: Ctx, change: LineChange, told: Sim, remark: string | null): Promise<void> {
  const { sim } = change;
  // What it was told of is what it holds, even when the line has moved on since.
  const isCurrent = sim.coreVersion === told.coreVersion && coreTask(sim) === coreTask(told);
  if (sim.coreAttempts > 0)
    tell(change, 'sim.core_told', tx.now, { core: sim.core, attempts: sim.coreAttempts });
  if (isCurrent && sim.scheduledStatus !== null) {
    const to = sim.scheduledStatus;
    sim.scheduledStatus = null;
    moveStatus(change, to, tx.now);
  }
  await query(tx.db, isCurrent ? setTold : setTellAgain, isCurrent ? [sim.id, remark] : [sim.id]);
}

async function noteFailure(tx: Ctx, change: LineChange, failure: string): Promise<void> {
  const { sim } = change;
  const error = failure.slice(0, errorCharsMax);
  await query(tx.db, setFailed, [sim.id, error, retryMs(sim.coreAttempts)]);
  if (sim.coreAttempts === 0) tell(change, 'sim.core_failed', tx.now, { core: sim.core, error });
}

const errorCharsMax = 500;

/** 1 s, 2 s, 4 s … up to 10 minutes, a quarter more or less. */
function retryMs(attempts: number): number {
  return Math.round(Math.min(1_000 * 2 ** Math.min(attempts, 20), 600_000) * (0.75 + Math.random() / 2));
}

const setTold = `
  update sims.sims
  set core_due_at = null, core_claimed_until = null, core_attempts = 0, core_error = $2, core_told_at = clock_timestamp()
  where id = $1`;

const setTellAgain = `
  update sims.sims
  set core_due_at = clock_timestamp(), core_claimed_until = null, core_attempts = 0, core_error = null,
    core_told_at = clock_timestamp()
  where id = $1`;

const setFailed = `
  update sims.sims
  set core_due_at = clock_timestamp() + $3::double precision * interval '1 millisecond', core_claimed_until = null,
    core_attempts = core_attempts + 1, core_error = $2
  where id = $1`;
