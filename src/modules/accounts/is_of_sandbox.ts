// Whether an account is the sandbox of another, or under one: what it has is play money, so it gets nothing live for it.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';

/** True for the sandbox of an account, and for its subaccounts. False for an account of kind `sandbox` of its own. */
export async function isOfSandbox(
  { db, vault }: Pick<Ctx, 'db' | 'vault'>,
  accountId: string,
): Promise<boolean> {
  const held = heldBy.get(vault) ?? new Map<string, boolean>();
  heldBy.set(vault, held);
  const known = held.get(accountId);
  if (known !== undefined) return known;
  const [row] = await query<{ is_of_sandbox: boolean }>(db, selectIsOfSandbox, [accountId]);
  if (!row) return false;
  if (held.size >= heldMax) held.clear();
  held.set(accountId, row.is_of_sandbox);
  return row.is_of_sandbox;
}

// Keyed by the vault: one per running process. It never changes.
const heldBy = new WeakMap<Ctx['vault'], Map<string, boolean>>();
const heldMax = 100_000;

const selectIsOfSandbox = `
  select coalesce(a.sandbox_of, p.sandbox_of) is not null as is_of_sandbox
  from accounts.accounts a left join accounts.accounts p on p.id = a.parent_id where a.id = $1`;
