// What lines used moves them: first use, place, a ready line that becomes active, the data limit of the period.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { readyBytesMax, readySmsMax } from './billing/billing_period.ts';
import { followDataLimit } from './billing/data_limit.ts';
import { rollForward } from './billing/roll_forward.ts';
import { beginChange, type LineChange, tell } from './line_change.ts';
import { moveStatus } from './move_status.ts';
import { placeLine } from './network/place_line.ts';
import { saveLines } from './save_lines.ts';
import type { Line } from './sim.ts';
import { readSim, type SimRow, selectSims } from './sim_row.ts';

/**
 * Counts what these lines used. Usage that ended before the billing period began is not counted in it. Call it in the
 * `write` that locked the lines (`lockLines`), once for all of a batch. `locked` are the lines as they were locked, if
 * only their speeds were set since: reading them again takes as long as counting.
 */
export async function noteUsage(tx: Ctx, items: readonly LineUsed[], locked?: Iterable<Line>): Promise<void> {
  if (items.length === 0) return;
  const lines = locked ?? (await readLines(tx, items));
  const changes = new Map<string, LineChange>();
  for (const line of lines) changes.set(line.id, beginChange(line));
  await rollForward(tx, [...changes.values()], tx.now);
  for (const item of items) {
    const change = changes.get(item.simId);
    if (change) count(change, item, tx.now);
  }
  await saveLines(tx, [...changes.values()]);
}

export type LineUsed = {
  simId: string;
  /** The first and the last moment of it. */
  from: Date;
  at: Date;
  bytes: bigint;
  /** Where it was last, as far as that is known. */
  country: string | null;
  mcc: string | null;
  mnc: string | null;
};

function count(change: LineChange, item: LineUsed, now: Date): void {
  const { sim } = change;
  if (sim.firstUsedAt === null) {
    sim.firstUsedAt = item.from;
    tell(change, 'sim.first_used', now, { at: item.from, country: item.country });
  }
  placeLine(change, item, now);
  if (sim.periodStartsAt === null || item.at >= sim.periodStartsAt) sim.periodBytes += item.bytes;
  // Messages count as commands: a core that tells their usage too would count them twice.
  countWhileReady(change, { bytes: item.bytes, sms: 0 }, now);
  followDataLimit(change, now);
}

/** A ready line becomes active when it has used enough. */
export function countWhileReady(change: LineChange, used: { bytes: bigint; sms: number }, now: Date): void {
  const { sim } = change;
  if (sim.status !== 'ready') return;
  sim.readyBytes += used.bytes;
  // The column has 32 bits, and 5 are enough.
  sim.readySms = Math.min(sim.readySms + used.sms, 1_000_000);
  if (sim.readyBytes >= readyBytesMax || sim.readySms >= readySmsMax) moveStatus(change, 'active', now);
}

async function readLines(tx: Ctx, items: readonly LineUsed[]): Promise<Line[]> {
  const rows = await query<SimRow>(tx.db, selectByIds, [items.map((item) => item.simId)]);
  return rows.map(readSim);
}

const selectByIds = `${selectSims} where s.id = any($1)`;
