// Events of different moments, written in the order of their times, so that the feed tells a story that can have happened.
import type { Ctx } from '../../pg/ctx.ts';
import { emit, type NewEvent } from '../events/index.ts';

/** Records these events, each as of its time. Call it in a `write`. */
export async function emitInOrder(tx: Ctx, told: readonly { at: Date; event: NewEvent }[]): Promise<void> {
  const byTime = Map.groupBy(told, ({ at }) => at.getTime());
  for (const [time, group] of [...byTime].sort(([a], [b]) => a - b))
    await emit({ ...tx, now: new Date(time) }, ...group.map(({ event }) => event));
}
