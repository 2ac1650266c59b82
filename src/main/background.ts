// What runs beside the requests: fulfilment woken by orders, and housekeeping by the clock.
import { forgetCredentials } from '../modules/accounts/index.ts';
import { forgetCatalogue } from '../modules/catalogue/index.ts';
import { fulfilOrders, onOrdersAccepted } from '../modules/orders/index.ts';
import type { Smdp } from '../modules/smdp/index.ts';
import { sweepSessions } from '../modules/smdp/index.ts';
import { runClaimLoop } from '../pg/claim.ts';
import { type Ctx, systemCtx } from '../pg/ctx.ts';
import { deleteOldIdempotencyKeys } from '../pg/idempotency.ts';
import { startJobs } from '../pg/jobs.ts';
import { listen } from '../pg/listen.ts';
import type { Installation } from './open_installation.ts';
import { refillSandboxStock } from './sandbox.ts';

export type Background = { stop(): Promise<void> };

/** Starts it all; `stop` waits for the pieces of work under way. */
export async function startBackground(installation: Installation, smdp: Smdp): Promise<Background> {
  const { database, log } = installation;
  const ctx = () => systemCtx(database, installation);
  const fulfilment = runClaimLoop({
    name: 'orders.fulfil',
    claimAndWork: () => fulfilOrders(ctx(), { smdpAddress: smdp.address }),
    idleMs: fulfilmentIdleMs,
    log,
  });
  onOrdersAccepted(ctx(), () => fulfilment.wake());
  const stops = [
    await listen(database, 'api_keys', forgetCredentials, log),
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
      await Promise.all([fulfilment.stop(), jobs.stop(), ...stops.map((stop) => stop())]);
    },
  };
}

// An order whose node died is found by another one after at most this long.
const fulfilmentIdleMs = 1_000;
const idempotencyKeyDays = 7;

const cron = {
  'smdp.sweep_sessions': '* * * * *',
  'overair.delete_old_idempotency_keys': '17 * * * *',
  'sandbox.refill_stock': '* * * * *',
};

function housekeeping(ctx: () => Ctx, smdp: Smdp): Record<keyof typeof cron, () => Promise<void>> {
  return {
    'smdp.sweep_sessions': async () => void (await sweepSessions({ ...ctx(), smdp })),
    'overair.delete_old_idempotency_keys': async () => {
      const now = ctx();
      await deleteOldIdempotencyKeys(now, new Date(now.now.getTime() - idempotencyKeyDays * 86_400_000));
    },
    'sandbox.refill_stock': () => refillSandboxStock(ctx()),
  };
}
