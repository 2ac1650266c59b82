// Changes of lines are saved together, with the billing periods and events that belong to them.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { emitInOrder } from './emit_in_order.ts';
import type { LineChange } from './line_change.ts';
import { updateSims } from './save_sims_sql.ts';
import { refuseTakenName } from './unique_name.ts';

/**
 * Saves what these changes made of their lines, has the mobile cores told where they must be, and tells what happened.
 * Throws `name_taken`. Call it in the `write` that locked the lines.
 */
export async function saveLines(tx: Ctx, changes: readonly LineChange[]): Promise<void> {
  await refuseTakenName(() => updateSims(tx, changes));
  await savePeriods(tx, changes);
  await emitInOrder(
    tx,
    changes.flatMap(({ sim, told }) =>
      told.map(({ type, data, at }) => ({
        at,
        event: { accountId: sim.accountId, type, resourceId: sim.id, data },
      })),
    ),
  );
}

async function savePeriods(tx: Ctx, changes: readonly LineChange[]): Promise<void> {
  const periods = changes.flatMap(({ sim, periods }) =>
    periods.map(({ id, kind, startsAt, endsAt }) => ({
      id,
      account_id: sim.accountId,
      sim_id: sim.id,
      kind,
      starts_at: startsAt,
      ends_at: endsAt,
    })),
  );
  const closed = changes.filter(({ readyEndedAt }) => readyEndedAt !== null);
  if (closed.length > 0)
    await query(tx.db, closeReadyPeriods, [
      closed.map(({ sim }) => sim.id),
      closed.map(({ readyEndedAt }) => readyEndedAt),
    ]);
  if (periods.length > 0) await query(tx.db, insertPeriods, [JSON.stringify(periods)]);
}

const closeReadyPeriods = `
  update sims.billing_periods p set ends_at = closed.at
  from unnest($1::text[], $2::timestamptz[]) as closed(sim_id, at)
  where p.sim_id = closed.sim_id and p.sim_id = any($1) and p.kind = 'ready' and p.ends_at is null`;

const insertPeriods = `
  insert into sims.billing_periods (id, account_id, sim_id, kind, starts_at, ends_at)
  select id, account_id, sim_id, kind, starts_at, ends_at
  from jsonb_to_recordset($1::jsonb) as p(id text, account_id text, sim_id text, kind text, starts_at timestamptz,
    ends_at timestamptz)`;
