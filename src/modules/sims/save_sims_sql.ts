// The two statements that write lines: what usage changes all the time, by arrays, and everything, by JSON.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { LineChange } from './line_change.ts';
import { coreTask, hasRemoteCore, type Sim } from './sim.ts';

/** Writes what changed of these lines, and has their cores told where they must do something. */
export async function updateSims(tx: Ctx, changes: readonly LineChange[]): Promise<void> {
  const { all = [], used = [] } = Object.groupBy(changes.filter(isAnyChanged), (change) =>
    describedKeys.some((key) => isChanged(change, key)) ? 'all' : 'used',
  );
  if (used.length > 0)
    await query(tx.db, updateUsed, [
      used.map(({ sim }) => sim.id),
      ...usageColumns.map(([, , key]) => used.map(({ sim }) => sim[key])),
    ]);
  if (all.length > 0)
    await query(tx.db, updateAll, [JSON.stringify(all.map((change) => writeRow(tx, change)))]);
}

type Column = readonly [name: string, type: string, key: keyof Sim];

const usageColumns: readonly Column[] = [
  ['country', 'text', 'country'],
  ['mcc', 'text', 'mcc'],
  ['mnc', 'text', 'mnc'],
  ['located_at', 'timestamptz', 'locatedAt'],
  ['first_used_at', 'timestamptz', 'firstUsedAt'],
  ['ready_bytes', 'bigint', 'readyBytes'],
  ['ready_sms', 'integer', 'readySms'],
  ['period_bytes', 'bigint', 'periodBytes'],
];

const otherColumns: readonly Column[] = [
  ['unique_name', 'text', 'uniqueName'],
  ['fleet_id', 'text', 'fleetId'],
  ['status', 'text', 'status'],
  ['scheduled_status', 'text', 'scheduledStatus'],
  ['attached', 'boolean', 'attached'],
  ['ip_v4', 'inet', 'ipV4'],
  ['ip_v6', 'inet', 'ipV6'],
  ['first_attached_at', 'timestamptz', 'firstAttachedAt'],
  ['period_starts_at', 'timestamptz', 'periodStartsAt'],
  ['period_ends_at', 'timestamptz', 'periodEndsAt'],
  ['data_blocked', 'boolean', 'dataBlocked'],
  ['due_at', 'timestamptz', 'dueAt'],
];

const savedColumns = [...usageColumns, ...otherColumns];
const describedKeys = otherColumns.map(([, , key]) => key);

function isChanged({ before, sim }: LineChange, key: keyof Sim): boolean {
  return before[key] !== sim[key];
}

function isAnyChanged(change: LineChange): boolean {
  return savedColumns.some(([, , key]) => isChanged(change, key));
}

function writeRow({ now }: Ctx, change: LineChange): Record<string, unknown> {
  const { before, sim } = change;
  const values = savedColumns.map(([name, , key]) => {
    const value = sim[key];
    return [name, typeof value === 'bigint' ? value.toString() : value];
  });
  return {
    ...Object.fromEntries(values),
    id: sim.id,
    tell_core: hasRemoteCore(sim) && coreTask(before) !== coreTask(sim),
    updated_at: ownedKeys.some((key) => isChanged(change, key)) ? now : sim.updatedAt,
  };
}

/** What its account decides about: with it the line counts as updated. */
const ownedKeys = ['status', 'scheduledStatus', 'uniqueName', 'fleetId'] as const;

const setOf = (columns: readonly Column[]) => columns.map(([name]) => `${name} = c.${name}`).join(', ');

const updateUsed = `
  update sims.sims s set ${setOf(usageColumns)}
  from unnest($1::text[], ${usageColumns.map(([, type], index) => `$${index + 2}::${type}[]`).join(', ')})
    as c(id, ${usageColumns.map(([name]) => name).join(', ')})
  where s.id = c.id and s.id = any($1)`;

const updateAll = `
  with changed as materialized (
    select * from jsonb_to_recordset($1::jsonb) as c(id text, tell_core boolean, updated_at timestamptz,
      ${savedColumns.map(([name, type]) => `${name} ${type}`).join(', ')})
  )
  update sims.sims s
  set ${setOf(savedColumns)}, updated_at = c.updated_at,
    core_due_at = case when c.tell_core then now() else s.core_due_at end,
    core_version = s.core_version + c.tell_core::integer
  from changed c
  where s.id = c.id and s.id = any(array(select id from changed))`;
