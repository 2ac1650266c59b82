// The data limit of a fleet holds for each of its lines in each billing period, and gives way when it is raised.
import { type LineChange, tell } from '../line_change.ts';

/** Blocks data once the limit is reached, and lets it flow again once it no longer is. */
export function followDataLimit(change: LineChange, at: Date): void {
  const { sim } = change;
  const limitBytes = sim.fleet?.dataLimitBytes ?? null;
  const isReached = limitBytes !== null && sim.periodBytes >= limitBytes;
  if (isReached === sim.dataBlocked) return;
  sim.dataBlocked = isReached;
  const data = {
    periodBytes: Number(sim.periodBytes),
    limitBytes: limitBytes === null ? null : Number(limitBytes),
  };
  if (isReached) tell(change, 'sim.data_limit_reached', at, data);
  else tell(change, 'sim.data_restored', at, { reason: 'limit_changed', ...data });
}
