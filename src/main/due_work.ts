// All that happens by itself, in the order in which it happens when several things fall due at the same moment.
import { clockOffsets } from '../modules/accounts/index.ts';
import { bundlesDueWork } from '../modules/bundles/index.ts';
import { lotsDueWork, ordersDueWork } from '../modules/orders/index.ts';
import { simsDueWork } from '../modules/sims/index.ts';
import { profilesDueWork, type Smdp } from '../modules/smdp/index.ts';
import { type DeliveryDesk, webhooksDueWork } from '../modules/webhooks/index.ts';
import type { Ctx } from '../pg/ctx.ts';
import type { DueWork } from '../pg/due_work.ts';

export function dueWorkOf(smdp: Smdp): readonly DueWork[] {
  return [ordersDueWork, profilesDueWork(smdp), bundlesDueWork, lotsDueWork, simsDueWork];
}

/** What a clock that is moved has to wait for: also the webhooks, which otherwise have loops of their own. */
export function clockWorkOf(dueWork: readonly DueWork[], desk: DeliveryDesk): readonly DueWork[] {
  return [...dueWork, webhooksDueWork(desk)];
}

/** One round over everything that is due: for all accounts by the wall clock, and for those whose clock was moved by theirs. */
export async function runDueWork(ctx: Ctx, dueWork: readonly DueWork[]): Promise<number> {
  let done = 0;
  for (const work of dueWork) done += await work.runDue(ctx, null);
  for (const [accountId, offsetMs] of await clockOffsets(ctx)) {
    const now = new Date(ctx.now.getTime() + offsetMs);
    for (const work of dueWork) {
      const due = await work.nextDueAt({ ...ctx, now }, accountId);
      if (due !== null && due <= now) done += await work.runDue({ ...ctx, now }, accountId);
    }
  }
  return done;
}
