// Bundles are written as they were rated: all that rating may change, of any number of them, in one statement.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { type AllowanceKind, remainingOf } from './allowance.ts';
import type { Bundle } from './bundle.ts';

/** Writes these bundles, whose rows are locked. Call it in a `write`. */
export async function updateBundles(tx: Ctx, bundles: readonly Bundle[]): Promise<void> {
  if (bundles.length === 0) return;
  await query(
    tx.db,
    updateSql,
    columns.map(({ read }) => bundles.map(read)),
  );
}

type Column = { name: string; type: string; read: (bundle: Bundle) => unknown };

const columns: readonly Column[] = [
  { name: 'id', type: 'text', read: ({ id }) => id },
  { name: 'state', type: 'text', read: ({ state }) => state },
  { name: 'starts_at', type: 'timestamptz', read: ({ startsAt }) => startsAt },
  { name: 'ends_at', type: 'timestamptz', read: ({ endsAt }) => endsAt },
  { name: 'ended_at', type: 'timestamptz', read: ({ endedAt }) => endedAt },
  { name: 'due_at', type: 'timestamptz', read: ({ dueAt }) => dueAt },
  { name: 'used_bytes', type: 'bigint', read: ({ allowances }) => allowances.data?.used ?? 0n },
  { name: 'remaining_bytes', type: 'bigint', read: remaining('data') },
  { name: 'remaining_sms', type: 'integer', read: remaining('sms') },
  { name: 'remaining_seconds', type: 'integer', read: remaining('voice') },
  { name: 'day_starts_at', type: 'timestamptz', read: ({ dayStartsAt }) => dayStartsAt },
  { name: 'day_bytes', type: 'bigint', read: ({ dayBytes }) => dayBytes },
  { name: 'speed_kbps', type: 'integer', read: ({ speedKbps }) => speedKbps },
  { name: 'told_data', type: 'smallint', read: told('data') },
  { name: 'told_sms', type: 'smallint', read: told('sms') },
  { name: 'told_voice', type: 'smallint', read: told('voice') },
];

function remaining(kind: AllowanceKind): Column['read'] {
  return ({ allowances }) => {
    const allowance = allowances[kind];
    return allowance ? remainingOf(allowance) : null;
  };
}

function told(kind: AllowanceKind): Column['read'] {
  return ({ allowances }) => allowances[kind]?.told ?? 0;
}

// Arrays, not JSON: of a thousand bundles reading the JSON takes longer than the rest of the statement.
const updateSql = `
  update bundles.bundles b
  set ${columns
    .slice(1)
    .map(({ name }) => `${name} = c.${name}`)
    .join(', ')}
  from unnest(${columns.map(({ type }, index) => `$${index + 1}::${type}[]`).join(', ')})
    as c(${columns.map(({ name }) => name).join(', ')})
  where b.id = c.id and b.id = any($1)`;
