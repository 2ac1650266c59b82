// What is to be sent now: claimed deliveries with their events, each with the clock of its account.
import type { Ctx } from '../../../pg/ctx.ts';
import { clockOffsets } from '../../accounts/index.ts';
import { type Event, getEvents } from '../../events/index.ts';
import {
  type ClaimDeliveries,
  type ClaimedDelivery,
  claimDeliveries,
  claimDeliveriesOf,
} from './claim_deliveries.ts';

export type Job = {
  claimed: ClaimedDelivery;
  /** Undefined when it is no longer kept. */
  event: Event | undefined;
  now: () => Date;
};

/** Claims what is due by the wall clock, and of accounts whose clocks are ahead by theirs. */
export async function claimJobs(ctx: Ctx, room: ClaimDeliveries): Promise<Job[]> {
  const since = performance.now();
  const [offsetsMs, claimed] = await Promise.all([clockOffsets(ctx), claimDeliveries(ctx, room)]);
  const free = room.free - claimed.length;
  if (offsetsMs.size > 0 && free > 0)
    claimed.push(...(await claimAhead(ctx, { offsetsMs, freeOf: room.freeOf, free })));
  return await withEvents(ctx, claimed, ({ delivery }) => {
    const nowMs = ctx.now.getTime() + (offsetsMs.get(delivery.accountId) ?? 0);
    return () => new Date(nowMs + performance.now() - since);
  });
}

/** Of accounts whose clocks are ahead, a few at a time: they are sandboxes. */
function claimAhead(ctx: Ctx, { offsetsMs, freeOf, free }: Ahead): Promise<ClaimedDelivery[]> {
  const nowMs = ctx.now.getTime();
  const times = new Map([...offsetsMs].map(([id, offsetMs]) => [id, new Date(nowMs + offsetMs)]));
  const fullHosts = [...freeOf].filter(([, free]) => free === 0).map(([host]) => host);
  return claimDeliveriesOf(ctx, { times, free, freePerAccount: aheadPerAccountMax, fullHosts });
}

type Ahead = { offsetsMs: ReadonlyMap<string, number>; freeOf: ReadonlyMap<string, number>; free: number };

const aheadPerAccountMax = 4;

export async function withEvents(
  ctx: Ctx,
  claimed: readonly ClaimedDelivery[],
  clockOf: (claimed: ClaimedDelivery) => () => Date,
): Promise<Job[]> {
  if (claimed.length === 0) return [];
  const keys = claimed.map(({ delivery: { accountId, eventPosition } }) => ({
    accountId,
    position: eventPosition,
  }));
  const events = await getEvents(ctx, keys);
  return claimed.map((each) => ({
    claimed: each,
    event: events.get(each.delivery.eventPosition),
    now: clockOf(each),
  }));
}
