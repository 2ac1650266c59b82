// What runs beside the requests: fulfilment woken by orders, and housekeeping by the clock.
import type { Log } from '../base/log.ts';
import { forgetHeld } from '../modules/accounts/index.ts';
import { forgetCatalogue } from '../modules/catalogue/index.ts';
import { dropAbandonedImports, workOnImports } from '../modules/inventory/index.ts';
import { fulfilOrders, onOrdersAccepted, sliceUnitsMax } from '../modules/orders/index.ts';
import { createRemoteClients, startRemoteOrders } from '../modules/remote_smdp/index.ts';
import { type MobileCore, tellCores } from '../modules/sims/index.ts';
import {
  deleteOldReports,
  onPushWaiting,
  pushEvents,
  type Smdp,
  startProgress,
  sweepSessions,
} from '../modules/smdp/index.ts';
import { type Smds, sweepSessions as sweepSmdsSessions } from '../modules/smds/index.ts';
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
import type { Certificates } from './certificates.ts';
import { runDueWork } from './due_work.ts';
import type { Installation } from './open_installation.ts';
import { refillTestSims } from './sandbox.ts';

export type Background = { stop(): Promise<void> };

/** Starts it all; `stop` waits for the pieces of work under way. */
export async function startBackground(
  installation: Installation,
  { smdp, smds, desk, dueWork, cores, certificates }: Workers,
): Promise<Background> {
  const { database, log } = installation;
  const ctx = () => systemCtx(database, installation);
  const fulfilment = runClaimLoop({
    name: 'orders.fulfil',
    claimAndWork: () => fulfilOrders(ctx(), { smdpAddress: smdp.address }),
    gather: { full: sliceUnitsMax, ms: fulfilmentGatherMs },
    idleMs: fulfilmentIdleMs,
    log,
  });
  onOrdersAccepted(ctx(), () => fulfilment.wake());
  const remoteOrders = startRemoteOrders({
    clients: createRemoteClients(),
    ctx,
    settled: () => fulfilment.wake(),
    log,
  });
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
  const imports = runClaimLoop({
    name: 'inventory.work_on_imports',
    claimAndWork: () => workOnImports(ctx()),
    idleMs: importsIdleMs,
    log,
  });
  const pushing = runClaimLoop({
    name: 'smdp.push_events',
    claimAndWork: () => pushEvents(ctx()),
    idleMs: pushIdleMs,
    log,
  });
  onPushWaiting(installation, () => pushing.wake());
  const progress = startProgress({ ctx, smdp, log });
  const relaxed = { kysely: database.relaxed };
  const webhooks = startWebhooks({ desk, ctx, relaxedCtx: () => systemCtx(relaxed, installation), log });
  const loops = [fulfilment, remoteOrders, due, telling, imports, pushing, progress, webhooks];
  const stops = [
    await listen(database, 'api_keys', forgetHeld, log),
    await listen(database, 'catalogue', () => forgetCatalogue(installation), log),
  ];
  const tasks = housekeeping(ctx, { smdp, smds, certificates });
  const jobs = await startJobs({
    database,
    log,
    tasks,
    cron: Object.entries(cron).map(([task, match]) => ({ task, match })),
  });
  const first = runAtStart([tasks['smdp.fetch_crls'], tasks['smdp.warn_of_expiry']], log);
  return {
    async stop() {
      await first;
      await Promise.all([...loops.map((loop) => loop.stop()), jobs.stop(), ...stops.map((stop) => stop())]);
    },
  };
}

export type Workers = {
  smdp: Smdp;
  smds: Smds | undefined;
  desk: DeliveryDesk;
  dueWork: readonly DueWork[];
  cores: readonly MobileCore[];
  certificates: Certificates;
};

// An order whose node died is found by another one after at most this long.
const fulfilmentIdleMs = 1_000;
/** Orders that come one after the other share a round: an order on its own waits for nobody. */
const fulfilmentGatherMs = 20;
// How late something that happens by itself may be.
const dueIdleMs = 1_000;
// How late a mobile core is told of a change.
const coresIdleMs = 500;
// How late the work on a file begins.
const importsIdleMs = 500;
// How late an SM-DS is called again, and how late after another node asked for it.
const pushIdleMs = 1_000;
const idempotencyKeyDays = 7;

const cron = {
  'smdp.delete_old_reports': '37 3 * * *',
  'smdp.fetch_crls': '23 * * * *',
  'smdp.sweep_sessions': '* * * * *',
  'smds.sweep_sessions': '* * * * *',
  'smdp.warn_of_expiry': '7 6 * * *',
  'overair.delete_old_idempotency_keys': '17 * * * *',
  'sandbox.refill_stock': '* * * * *',
  'inventory.drop_abandoned_imports': '*/5 * * * *',
  'usage.delete_old': '41 3 * * *',
  'webhooks.delete_old': '47 3 * * *',
  'webhooks.release_stuck': '*/5 * * * *',
};

/** What must not wait until its hour has come. */
async function runAtStart(tasks: readonly (() => Promise<void>)[], log: Log): Promise<void> {
  for (const task of tasks)
    await task().catch((error: unknown) => log.error({ error }, 'a task of the start failed'));
}

function housekeeping(
  ctx: () => Ctx,
  { smdp, smds, certificates }: Pick<Workers, 'smdp' | 'smds' | 'certificates'>,
): Record<keyof typeof cron, () => Promise<void>> {
  return {
    'smdp.fetch_crls': () => certificates.fetchCrls(),
    'smdp.warn_of_expiry': () => certificates.warnOfExpiry(),
    'smdp.delete_old_reports': async () => void (await deleteOldReports(ctx())),
    'smdp.sweep_sessions': async () => void (await sweepSessions({ ...ctx(), smdp })),
    'smds.sweep_sessions': async () => {
      if (smds) await sweepSmdsSessions({ ...ctx(), smds });
    },
    'overair.delete_old_idempotency_keys': async () => {
      const now = ctx();
      await deleteOldIdempotencyKeys(now, new Date(now.now.getTime() - idempotencyKeyDays * 86_400_000));
    },
    'inventory.drop_abandoned_imports': async () => void (await dropAbandonedImports(ctx())),
    'sandbox.refill_stock': () => refillTestSims(ctx()),
    'usage.delete_old': async () => void (await deleteOldUsage(ctx())),
    'webhooks.delete_old': async () => void (await deleteOldDeliveries(ctx())),
    'webhooks.release_stuck': async () => void (await releaseStuckDeliveries(ctx())),
  };
}
