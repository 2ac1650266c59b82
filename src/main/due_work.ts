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
  for (const work of dueWork) done += await runOne(ctx, work, null);
  for (const [accountId, offsetMs] of inTurn(await clockOffsets(ctx))) {
    const atAccount = { ...ctx, now: new Date(ctx.now.getTime() + offsetMs) };
    for (const work of dueWork) done += await runOne(atAccount, work, accountId);
  }
  return done;
}

/** One kind of work that fails does not keep the others from being done. */
async function runOne(ctx: Ctx, work: DueWork, accountId: string | null): Promise<number> {
  try {
    if (accountId !== null) {
      const due = await work.nextDueAt(ctx, accountId);
      if (due === null || due > ctx.now) return 0;
    }
    return await work.runDue(ctx, accountId);
  } catch (error) {
    ctx.log.error({ err: error, work: work.name, accountId }, 'work that is due failed, and is tried again');
    return 0;
  }
}

/** Many sandboxes with moved clocks take turns, so that a round stays short. */
function inTurn(offsets: Map<string, number>): [accountId: string, offsetMs: number][] {
  if (offsets.size <= movedClocksPerRoundMax) return [...offsets];
  const from = (round++ * movedClocksPerRoundMax) % offsets.size;
  return [...offsets, ...offsets].slice(from, from + movedClocksPerRoundMax);
}

const movedClocksPerRoundMax = 50;
let round = 0;
