// What runs beside the requests: fulfilment woken by orders, and housekeeping by the clock.
import { forgetHeld } from '../modules/accounts/index.ts';
import { forgetCatalogue } from '../modules/catalogue/index.ts';
import { fulfilOrders, onOrdersAccepted } from '../modules/orders/index.ts';
import { type MobileCore, tellCores } from '../modules/sims/index.ts';
import { type Smdp, sweepSessions } from '../modules/smdp/index.ts';
import { deleteOldUsage } from '../modules/usage/index.ts';
import {
  type DeliveryDesk,
  deleteOldDeliveries,
  releaseStuckDeliveries,
  startWebhooks,
} from '../modules/webhooks/index.ts';
import { runClaimLoop } from '../pg/claim.ts';
import { type Ctx, systemCtx } from '../pg/ctx.ts';
import type { DueWork } from '../pg/due_work.ts';
import { deleteOldIdempotencyKeys } from '../pg/idempotency.ts';
import { startJobs } from '../pg/jobs.ts';
import { listen } from '../pg/listen.ts';
import { runDueWork } from './due_work.ts';
import type { Installation } from './open_installation.ts';
import { refillSandboxStock } from './sandbox.ts';

export type Background = { stop(): Promise<void> };

/** Starts it all; `stop` waits for the pieces of work under way. */
export async function startBackground(
  installation: Installation,
  { smdp, desk, dueWork, cores }: Workers,
): Promise<Background> {
  const { database, log } = installation;
  const ctx = () => systemCtx(database, installation);
  const fulfilment = runClaimLoop({
    name: 'orders.fulfil',
    claimAndWork: () => fulfilOrders(ctx(), { smdpAddress: smdp.address }),
    idleMs: fulfilmentIdleMs,
    log,
  });
  onOrdersAccepted(ctx(), () => fulfilment.wake());
  const due = runClaimLoop({
    name: 'due',
    claimAndWork: () => runDueWork(ctx(), dueWork),
    idleMs: dueIdleMs,
    log,
  });
  const telling = runClaimLoop({
    name: 'sims.tell_cores',
    claimAndWork: () => tellCores(ctx(), cores),
    idleMs: coresIdleMs,
    log,
  });
  const relaxed = { kysely: database.relaxed };
  const webhooks = startWebhooks({ desk, ctx, relaxedCtx: () => systemCtx(relaxed, installation), log });
  const loops = [fulfilment, due, telling, webhooks];
  const stops = [
    await listen(database, 'api_keys', forgetHeld, log),
    await listen(database, 'catalogue', () => forgetCatalogue(installation), log),
  ];
  const jobs = await startJobs({
    database,
    log,
    tasks: housekeeping(ctx, smdp),
    cron: Object.entries(cron).map(([task, match]) => ({ task, match })),
  });
  return {
    async stop() {
      await Promise.all([...loops.map((loop) => loop.stop()), jobs.stop(), ...stops.map((stop) => stop())]);
    },
  };
}

export type Workers = {
  smdp: Smdp;
  desk: DeliveryDesk;
  dueWork: readonly DueWork[];
  cores: readonly MobileCore[];
};

// An order whose node died is found by another one after at most this long.
const fulfilmentIdleMs = 1_000;
// How late something that happens by itself may be.
const dueIdleMs = 1_000;
// How late a mobile core is told of a change.
const coresIdleMs = 500;
const idempotencyKeyDays = 7;

const cron = {
  'smdp.sweep_sessions': '* * * * *',
  'overair.delete_old_idempotency_keys': '17 * * * *',
  'sandbox.refill_stock': '* * * * *',
  'usage.delete_old': '41 3 * * *',
  'webhooks.delete_old': '47 3 * * *',
  'webhooks.release_stuck': '*/5 * * * *',
};

function housekeeping(ctx: () => Ctx, smdp: Smdp): Record<keyof typeof cron, () => Promise<void>> {
  return {
    'smdp.sweep_sessions': async () => void (await sweepSessions({ ...ctx(), smdp })),
    'overair.delete_old_idempotency_keys': async () => {
      const now = ctx();
      await deleteOldIdempotencyKeys(now, new Date(now.now.getTime() - idempotencyKeyDays * 86_400_000));
    },
    'sandbox.refill_stock': () => refillSandboxStock(ctx()),
    'usage.delete_old': async () => void (await deleteOldUsage(ctx())),
    'webhooks.delete_old': async () => void (await deleteOldDeliveries(ctx())),
    'webhooks.release_stuck': async () => void (await releaseStuckDeliveries(ctx())),
  };
}
