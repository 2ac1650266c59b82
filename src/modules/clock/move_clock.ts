// A clock moves from one due moment to the next, and goes on only when all that was due there is done.
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import type { DueWork } from '../../pg/due_work.ts';
import { write } from '../../pg/write.ts';
import { type Clock, getClock, holdClock, releaseClock, setClock } from '../accounts/index.ts';
import { emit } from '../events/index.ts';

/**
 * Moves the clock of the account, and of the accounts that share it, to `to`, and gives it when everything that was due
 * by then has happened. Throws `invalid_request` for a time that is past or more than ten years ahead, `forbidden` for a
 * live account, `conflict` while another request moves it, `unavailable` when something due does not get done: the
 * clock then stands where that was due, and may be moved again.
 */
export async function moveClock(ctx: Ctx, input: MoveClock): Promise<Clock> {
  const accountIds = await holdClock(ctx, input.accountId);
  try {
    const from = (await getClock(ctx, input.accountId)).now;
    checkTarget(from, input.to);
    await passThrough(ctx, input, accountIds, async () => input.to);
    await arrive({ ...ctx, now: input.to }, input, { accountIds, from });
    // Whoever wants to be told of the move itself is told before the answer, too.
    const readClock = async () => (await getClock(ctx, input.accountId)).now;
    await passThrough({ ...ctx, now: input.to }, input, accountIds, readClock);
    return await getClock(ctx, input.accountId);
  } finally {
    await releaseClock(ctx, accountIds);
  }
}

export type MoveClock = { accountId: string; to: Date; dueWork: readonly DueWork[] };

const aheadMsMax = 3_660 * 86_400_000;
/** How long the work of one moment may make no progress: slow webhook receivers take 15 s each. */
const stuckMsMax = 60_000;
/** How often the clock is held anew while the work of one moment goes on. */
const renewMs = 10_000;
const pauseMs = 10;

function checkTarget(from: Date, to: Date): void {
  const detail =
    to < from
      ? `a clock only goes forward: this one shows ${from.toISOString()}`
      : to.getTime() - from.getTime() > aheadMsMax
        ? 'give a time within ten years'
        : undefined;
  if (detail !== undefined)
    throw new AppError('invalid_request', `to: ${detail}.`, { fields: [{ field: 'to', detail }] });
}

/** Goes from one due moment to the next, up to what `until` gives. */
async function passThrough(
  ctx: Ctx,
  input: MoveClock,
  accountIds: readonly string[],
  until: () => Promise<Date>,
): Promise<void> {
  let now = ctx.now;
  for (;;) {
    const next = await nextDueAt({ ...ctx, now }, input, accountIds);
    if (next === null || next > (await until())) return;
    await stepTo(ctx, accountIds, next);
    await finishDue({ ...ctx, now: next }, input, accountIds);
    now = next;
  }
}

async function arrive(
  ctx: Ctx,
  { accountId, to }: MoveClock,
  { accountIds, from }: { accountIds: readonly string[]; from: Date },
): Promise<void> {
  await write(ctx, {}, async (tx) => {
    await setClock(tx, accountIds, to);
    await emit(tx, { accountId, type: 'clock.moved', resourceId: accountId, data: { from, to } });
  });
}

/** The next moment at which something of these accounts is due; `ctx.now` for what is due already. */
async function nextDueAt(
  ctx: Ctx,
  { dueWork }: MoveClock,
  accountIds: readonly string[],
): Promise<Date | null> {
  let next: Date | null = null;
  for (const accountId of accountIds)
    for (const work of dueWork) {
      const due = await work.nextDueAt(ctx, accountId);
      if (due !== null && (next === null || due < next)) next = due;
    }
  return next !== null && next < ctx.now ? ctx.now : next;
}

async function stepTo(ctx: Ctx, accountIds: readonly string[], to: Date): Promise<void> {
  await write(ctx, {}, (tx) => setClock(tx, accountIds, to));
}

/** Does what is due at `ctx.now` until nothing is, whoever does it. */
async function finishDue(ctx: Ctx, { dueWork }: MoveClock, accountIds: readonly string[]): Promise<void> {
  let stuckSince = performance.now();
  let heldSince = stuckSince;
  for (let busy = true; busy; ) {
    if (performance.now() - heldSince > renewMs) {
      await stepTo(ctx, accountIds, ctx.now);
      heldSince = performance.now();
    }
    busy = false;
    let done = 0;
    for (const accountId of accountIds)
      for (const work of dueWork) {
        const due = await work.nextDueAt(ctx, accountId);
        if (due === null || due > ctx.now) continue;
        busy = true;
        done += await work.runDue(ctx, accountId);
      }
    if (done > 0) stuckSince = performance.now();
    else if (busy) await waitFor(stuckSince);
  }
}

async function waitFor(stuckSince: number): Promise<void> {
  if (performance.now() - stuckSince > stuckMsMax)
    throw new AppError(
      'unavailable',
      'Something that is due does not get done: see the log, and move the clock again.',
    );
  await sleep(pauseMs);
}
