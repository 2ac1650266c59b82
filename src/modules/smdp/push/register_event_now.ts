// Registers the event of a profile before anything is answered, for an operator who has to know (SGP.22 §5.3.2, §5.3.4).
import { AppError } from '../../../base/app_error.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { write } from '../../../pg/write.ts';
import { RspError } from '../../../rsp/rsp_error.ts';
import { registerAtSmds } from './call_smds.ts';
import { isHere, type Push, pushOf } from './push.ts';
import { callMsMax } from './push_events.ts';
import { registerPush, toInsert } from './register_push.ts';
import {
  type EventOfProfile,
  type EventRow,
  insertEvents,
  updateEventDone,
  updateEventFailed,
} from './smds_events_sql.ts';

/**
 * Returns once the SM-DS has the event. A repetition after a failure goes on where the first one stopped; who gives up
 * instead calls `withdrawPush`. Not to be called in a `write`, unless it is our own SM-DS that keeps the event here.
 * Throws RspError: `smds_inaccessible` (8.9/5.1), `smds_refused` (8.9/4.2).
 */
export async function registerEventNow(ctx: Ctx, event: EventOfProfile): Promise<void> {
  const push = pushOf(ctx);
  if (!push) throw new RspError('smds_inaccessible', 'This installation registers no events at an SM-DS.');
  if (isHere(push, event.smdsAddress)) return await registerHere(ctx, event);
  const row = await keep(ctx, push, event);
  try {
    const outcome = await registerAtSmds(ctx, push, row);
    if (outcome === 'known' && row.attempts === 1)
      throw new RspError('smds_refused', 'The SM-DS has an event of this identifier already.');
    await updateEventDone(ctx.db, row, ctx.now);
  } catch (error) {
    throw await giveUp(ctx, row, error);
  }
}

async function registerHere(ctx: Ctx, event: EventOfProfile): Promise<void> {
  try {
    await write(ctx, {}, (tx) => registerPush(tx, [event]));
  } catch (error) {
    throw error instanceof AppError && error.code === 'conflict' ? inUse(error) : asRefusal(error);
  }
}

/** Written before the call, so that what the SM-DS may have taken is known to be deleted one day. */
async function keep(ctx: Ctx, push: Push, event: EventOfProfile): Promise<EventRow> {
  const lockedUntil = new Date(ctx.now.getTime() + callMsMax);
  const [row] = await write(ctx, {}, (tx) =>
    insertEvents(tx.db, [toInsert(push, event)], { now: tx.now, lockedUntil }),
  );
  if (!row) throw inUse();
  return row;
}

async function giveUp(ctx: Ctx, row: EventRow, error: unknown): Promise<unknown> {
  if (!(error instanceof RspError)) return error;
  await updateEventFailed(ctx.db, row, { error: error.detail, dueAt: null });
  return asRefusal(error);
}

/** An operator is told only that the SM-DS did not take it, or could not be reached. */
function asRefusal(error: unknown): unknown {
  if (!(error instanceof RspError) || error.code === 'smds_inaccessible') return error;
  return new RspError('smds_refused', error.detail, error);
}

function inUse(cause?: unknown): RspError {
  return new RspError('smds_refused', 'The SM-DS still has this event for another EID.', cause);
}
