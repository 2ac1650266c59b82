// The loops that pass events on and deliver them, side by side on every node.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../base/log.ts';
import { runClaimLoop } from '../../pg/claim.ts';
import type { Ctx } from '../../pg/ctx.ts';
import type { DeliveryDesk } from './delivery/delivery_desk.ts';
import { fanOut, fanOutMax } from './fan_out.ts';

export type WebhookLoops = {
  /** Claims nothing more, and waits five seconds at most for the requests under way; those that take longer are sent again. */
  stop(): Promise<void>;
};

export type WebhookLoopsOptions = {
  desk: DeliveryDesk;
  /** Durable, at the wall clock. */
  ctx: () => Ctx;
  /** At the wall clock, on connections whose last commits may be lost in a crash: what they lose is sent again. */
  relaxedCtx: () => Ctx;
  log: Log;
};

export function startWebhooks({ desk, ctx, relaxedCtx, log }: WebhookLoopsOptions): WebhookLoops {
  const delivery = runClaimLoop({
    name: 'webhooks.deliver',
    claimAndWork: () => desk.deliverDue(relaxedCtx()),
    idleMs: deliveryIdleMs,
    log,
  });
  let quietTurns = 0;
  const passing = runClaimLoop({
    name: 'webhooks.fan_out',
    async claimAndWork() {
      if (quietTurns > quietTurnsMax && ++quietTurns % 5 !== 0) return 0;
      const count = await fanOut(ctx());
      quietTurns = count > 0 ? 0 : quietTurns + 1;
      if (count > 0) delivery.wake();
      // What comes within the next pause is passed on together.
      return count === fanOutMax ? count : 0;
    },
    idleMs: fanOutIdleMs,
    log,
  });
  desk.onMore(() => delivery.wake());
  return {
    async stop() {
      await Promise.all([passing.stop(), delivery.stop()]);
      await Promise.race([desk.settle(), sleep(settleMsMax, undefined, { ref: false })]);
    },
  };
}

const fanOutIdleMs = 50;
// After a second without events only every fifth turn looks for some: an idle node costs next to nothing.
const quietTurnsMax = 20;
// What this node passes on wakes the loop; other nodes' deliveries and those tried again may wait for so long.
const deliveryIdleMs = 1_000;
const settleMsMax = 5_000;
