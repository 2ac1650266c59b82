// Where a line is: what the network tells last counts, and another country is told.
import { type LineChange, tell } from '../line_change.ts';

/** Puts the line where `place` says, unless something newer is known. `now` is when that became known. */
export function placeLine(change: LineChange, place: Place, now: Date): void {
  const { sim } = change;
  const { country, mcc, mnc, at } = place;
  if ((country ?? mcc) === null || (sim.locatedAt !== null && at < sim.locatedAt)) return;
  const from = sim.country;
  const isElsewhere = from !== null && country !== null && country !== from;
  // A place told without its network is in the same network while the country is the same.
  const network = mcc !== null || isElsewhere ? { mcc, mnc } : {};
  Object.assign(sim, { country: country ?? from, locatedAt: at, ...network });
  if (isElsewhere) tell(change, 'sim.country_changed', now, { from, to: country, mcc, mnc, at });
}

export type Place = { country: string | null; mcc: string | null; mnc: string | null; at: Date };
