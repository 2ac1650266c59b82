// The clock of a line: what happens to its bundles by itself, in the order of time.
import { areUnused } from '../allowance.ts';
import { hasEnded } from '../bundle.ts';
import { closeDay } from './fair_use.ts';
import { dayMs, type Line, type LineBundle, nextStartAt, tell } from './line.ts';

/** Lets everything happen that is due until `until` (milliseconds): bundles end, lapse and start. */
export function runClock(line: Line, until: number): void {
  for (let move = nextMove(line, until); move; move = nextMove(line, until)) {
    line.at = Math.max(line.at, move.at);
    moves[move.kind](line, move.of, new Date(move.at));
  }
  line.at = Math.max(line.at, until);
}

type Move = { kind: 'expire' | 'lapse' | 'start'; at: number; of: LineBundle };

/** The earliest move up to `until`; of those at the same time ends come before starts, and older bundles before newer. */
function nextMove(line: Line, until: number): Move | undefined {
  let next: Move | undefined;
  for (const of of line.bundles)
    for (const move of movesOf(line, of))
      if (move.at <= until && (!next || isBefore(move, next))) next = move;
  return next;
}

function isBefore(a: Move, b: Move): boolean {
  return a.at < b.at || (a.at === b.at && a.kind !== 'start' && b.kind === 'start');
}

function movesOf(line: Line, of: LineBundle): Move[] {
  const { state, endsAt, startsAt, lapsesAt } = of.now;
  if (state === 'active') return endsAt ? [{ kind: 'expire', at: endsAt.getTime(), of }] : [];
  if (state !== 'queued') return [];
  if (of.hasFixedDates) return startsAt ? [{ kind: 'start', at: startsAt.getTime(), of }] : [];
  const start = nextStartAt(of.now, line.bundles);
  return [
    ...(lapsesAt ? [{ kind: 'lapse' as const, at: lapsesAt.getTime(), of }] : []),
    // One that had to wait starts at the moment when nothing is in its way any more.
    ...(start ? [{ kind: 'start' as const, at: Math.max(start.getTime(), line.at), of }] : []),
  ];
}

const moves: Record<Move['kind'], (line: Line, of: LineBundle, at: Date) => void> = {
  expire: (line, of, at) => endBundle(line, of, 'expired', at),
  lapse: (line, of, at) => endBundle(line, of, 'lapsed', at),
  start: startBundle,
};

/** Makes a queued bundle active from `at` on. */
export function startBundle(line: Line, of: LineBundle, at: Date): void {
  const bundle = of.now;
  bundle.state = 'active';
  if (of.hasFixedDates) return;
  bundle.startsAt = at;
  bundle.endsAt = new Date(at.getTime() + bundle.validityDays * dayMs);
  if (of.was.startsAt !== null) return;
  const data = { startsAt: at.toISOString(), endsAt: bundle.endsAt.toISOString() };
  tell(line, 'bundle.started', of, at, data);
}

/** Ends a bundle at `at`. An end that was told before is not told again. */
export function endBundle(
  line: Line,
  of: LineBundle,
  state: 'depleted' | 'expired' | 'lapsed',
  at: Date,
): void {
  const bundle = of.now;
  bundle.state = state;
  bundle.endedAt = at;
  closeDay(bundle);
  if (hasEnded(of.was)) return;
  tell(line, `bundle.${state}`, of, at, { used: !areUnused(bundle.allowances) });
}
