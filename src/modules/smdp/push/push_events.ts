// Calls the SM-DSs that are to register or delete an event, until they did: at least once, never in a transaction.
import type { Ctx } from '../../../pg/ctx.ts';
import { RspError } from '../../../rsp/rsp_error.ts';
import { deleteAtSmds, registerAtSmds } from './call_smds.ts';
import { type Push, pushOf } from './push.ts';
import { claimEvents, type EventRow, updateEventDone, updateEventFailed } from './smds_events_sql.ts';

/** One round: what is due, several at once. Gives how many there were; `ctx.now` is the wall clock. */
export async function pushEvents(ctx: Ctx): Promise<number> {
  const push = pushOf(ctx);
  if (!push) return 0;
  const lockedUntil = new Date(ctx.now.getTime() + callMsMax);
  const events = await claimEvents(ctx.db, { now: ctx.now, count: batchSize, lockedUntil });
  await Promise.all(events.map((event) => pushEvent(ctx, push, event)));
  return events.length;
}

const batchSize = 20;
/** Longer than a call may take: after that another node tries. */
export const callMsMax = 60_000;

async function pushEvent(ctx: Ctx, push: Push, event: EventRow): Promise<void> {
  try {
    // What the SM-DS knows by this id is this event: the ids are ours.
    await (event.state === 'deleting' ? deleteAtSmds : registerAtSmds)(ctx, push, event);
    await updateEventDone(ctx.db, event, ctx.now);
  } catch (error) {
    if (!(error instanceof RspError)) throw error;
    await noteFailure(ctx, event, error);
  }
}

/** Every failure may pass: a certificate is put right, a server comes back. */
async function noteFailure(ctx: Ctx, event: EventRow, { detail }: RspError): Promise<void> {
  const delayMs = delaysMs[event.attempts - 1] ?? hourMs;
  const dueAt = event.attempts < attemptsMax ? new Date(ctx.now.getTime() + delayMs) : null;
  const { iccid, smds_address: smdsAddress, state, attempts } = event;
  ctx.log.warn({ iccid, smdsAddress, state, attempts, detail }, 'an SM-DS did not take an event');
  await updateEventFailed(ctx.db, event, { error: detail, dueAt });
}

const delaysMs = [1_000, 5_000, 30_000, 120_000, 600_000];
const hourMs = 3_600_000;
// About a week.
const attemptsMax = 170;
