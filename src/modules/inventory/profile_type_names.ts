// What profile types are called, for those who hold their ids.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';

/** The names of these profile types, by id; unknown ones are absent. */
export async function profileTypeNames(ctx: Ctx, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await query<{ id: string; name: string }>(ctx.db, selectNames, [[...new Set(ids)]]);
  return new Map(rows.map(({ id, name }) => [id, name]));
}

const selectNames = 'select id, name from inventory.profile_types where id = any($1)';
