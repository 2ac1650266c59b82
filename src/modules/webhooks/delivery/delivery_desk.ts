// The delivery desk of this process: claims what is due, sends it without waiting for anyone slow, and writes what came of it.
import { AppError } from '../../../base/app_error.ts';
import { createBatcher } from '../../../base/batcher.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import type { Dialects } from '../dialects/dialect.ts';
import { standard } from '../dialects/standard.ts';
import type { Outgoing } from '../outgoing/send_request.ts';
import { attemptDelivery } from './attempt_delivery.ts';
import { claimDeliveriesOf } from './claim_deliveries.ts';
import { claimJobs, type Job, withEvents } from './claim_jobs.ts';
import { createHostSlots, type HostSlots } from './host_slots.ts';
import { endUnsent, type Outcome } from './outcome.ts';
import { writeOutcomes } from './write_outcomes.ts';

export type DeliveryDesk = {
  /**
   * Claims what is due, starts to send it, and gives how many; 0 when nothing is due or no place is free. `ctx.now` is
   * the wall clock; accounts whose clocks are ahead are served by theirs. A commit of its database may be lost in a
   * crash: then something is sent again.
   */
  deliverDue(ctx: Ctx): Promise<number>;
  /** Sends what is due of this account at `ctx.now`, its own clock, and gives how many once all of it is answered and written. */
  deliverDueOf(ctx: Ctx, accountId: string): Promise<number>;
  /** Called whenever there may be more to deliver than there was. */
  onMore(listener: () => void): void;
  /** Waits until nothing is under way. */
  settle(): Promise<void>;
};

export type DeskOptions = {
  outgoing: Outgoing;
  /** Those of vendors; our own is always there. */
  dialects?: Dialects;
  requestsPerHostMax?: number;
  requestsMax?: number;
  /** 0 to 1, for waits. */
  random?: () => number;
};

export function createDeliveryDesk(options: DeskOptions): DeliveryDesk {
  const { requestsPerHostMax = 8, requestsMax = 64 } = options;
  const slots = createHostSlots(requestsPerHostMax);
  // Until what came of it is written; a host has its place back when it has answered.
  const underWay = new Set<Promise<void>>();
  const listeners: (() => void)[] = [];
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const finish = outcomeWriter();
  const attempt = attempter(options, slots);
  let isFull = false;

  async function run(ctx: Ctx, job: Job): Promise<void> {
    const { host } = job.claimed;
    slots.take(host);
    const outcome = await attempt(ctx, job).finally(() => {
      if (slots.giveBack(host)) tell();
    });
    if (await finish({ ctx, outcome })) tell();
  }

  function start(ctx: Ctx, job: Job): void {
    const running = run(ctx, job)
      .catch((err) => ctx.log.error({ err }, 'what came of a webhook could not be written: it is sent again'))
      .finally(() => {
        underWay.delete(running);
        if (isFull) tell();
      });
    underWay.add(running);
  }

  return {
    async deliverDue(ctx) {
      const free = requestsMax - underWay.size;
      isFull = free <= 0;
      if (isFull) return 0;
      const freeOf = slots.freeOf();
      const jobs = await claimJobs(ctx, { free, freePerHost: requestsPerHostMax, freeOf });
      slots.noteClaim(
        jobs.map((job) => job.claimed.host),
        freeOf,
      );
      isFull = jobs.length >= free;
      for (const job of jobs) start(ctx, job);
      return jobs.length;
    },
    async deliverDueOf(ctx, accountId) {
      const claimed = await claimDeliveriesOf(ctx, {
        times: new Map([[accountId, ctx.now]]),
        free: requestsMax,
        freePerAccount: requestsMax,
        fullHosts: [],
      });
      const jobs = await withEvents(ctx, claimed, () => () => ctx.now);
      const outcomes = await Promise.all(jobs.map((job) => attempt(ctx, job)));
      if (outcomes.length > 0) await writeOutcomes(ctx, outcomes);
      return outcomes.length;
    },
    onMore: (listener) => void listeners.push(listener),
    async settle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

function attempter({ outgoing, dialects, random = Math.random }: DeskOptions, slots: HostSlots) {
  const spoken = { ...dialects, standard };
  return async (ctx: Ctx, { claimed, event, now }: Job): Promise<Outcome> => {
    const { host, delivery } = claimed;
    // Its time is up, and the host has just shown that it does not answer: no need to wait for that again.
    if (now() > delivery.parksAt && slots.isDead(host)) return endUnsent(claimed, 'parked', now());
    const outcome = await attemptDelivery(ctx, claimed, event, { outgoing, dialects: spoken, random, now });
    if (outcome.attempt) slots.noteAnswer(host, outcome.attempt.status !== null);
    return outcome;
  };
}

type Written = { ctx: Ctx; outcome: Outcome };

/** Outcomes that come while others are being written share the next transaction. Gives whether others became due. */
function outcomeWriter(): (written: Written) => Promise<boolean> {
  const overload = () => new AppError('unavailable', 'Too many webhooks are under way.');
  return createBatcher<Written, boolean>(
    { batchMax: 500, inFlightMax: 1, waitingMax: 100_000, overload },
    async (all) => {
      const [first] = all;
      const outcomes = all.map(({ outcome }) => outcome);
      const called = first ? await writeOutcomes(first.ctx, outcomes) : 0;
      return outcomes.map((_, index) => index === 0 && called > 0);
    },
  );
}
