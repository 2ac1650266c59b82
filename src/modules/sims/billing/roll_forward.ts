// What happens to a line by itself: a ready one becomes active, the months of an active one follow each other.
import { present } from '../../../base/assert.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { type LineChange, startPeriod } from '../line_change.ts';
import { moveStatus } from '../move_status.ts';
import { endOfMonth } from './billing_period.ts';

/** Lets everything happen that was due for these lines by `now`, each at its own time. They must be locked. */
export async function rollForward(tx: Ctx, changes: readonly LineChange[], now: Date): Promise<void> {
  const due = changes.filter(({ sim }) => sim.dueAt !== null && sim.dueAt <= now);
  if (due.length === 0) return;
  const anchors = await loadAnchors(tx, due);
  for (const change of due) roll(change, now, anchors.get(change.sim.id));
}

function roll(change: LineChange, now: Date, anchor: Date | undefined): void {
  const { sim } = change;
  for (let at = sim.dueAt; at !== null && at <= now; at = sim.dueAt) {
    if (sim.status === 'ready') {
      moveStatus(change, 'active', at);
      anchor = at;
      continue;
    }
    sim.dueAt = endOfMonth(at, present(anchor, 'a billing period of an active line'));
    startPeriod(change, { kind: 'active', startsAt: at, endsAt: sim.dueAt });
  }
}

async function loadAnchors(tx: Ctx, changes: readonly LineChange[]): Promise<Map<string, Date>> {
  const ids = changes.filter(({ sim }) => sim.status === 'active').map(({ sim }) => sim.id);
  if (ids.length === 0) return new Map();
  const rows = await query<{ id: string; starts_at: Date }>(tx.db, selectAnchors, [ids]);
  return new Map(rows.map((row) => [row.id, row.starts_at]));
}

// The first of the months that followed each other without a gap: all of them are counted from it.
const selectAnchors = `
  select wanted.id, first.starts_at
  from unnest($1::text[]) as wanted(id)
  cross join lateral (
    select p.starts_at from sims.billing_periods p
    where p.sim_id = wanted.id and p.kind = 'active' and not exists (
      select from sims.billing_periods earlier
      where earlier.sim_id = p.sim_id and earlier.kind = 'active' and earlier.ends_at = p.starts_at)
    order by p.starts_at desc limit 1
  ) as first`;
