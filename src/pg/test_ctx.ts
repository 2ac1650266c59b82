// A context for tests of modules: the system acting on a test database, with a vault of fixed keys.
import { silentLog } from '../base/log.ts';
import { createVault } from '../base/vault.ts';
import { type Ctx, systemCtx } from './ctx.ts';
import type { Database } from './database.ts';

/** A context on `database` at `now`; its vault is its own, as that of a process would be. */
export function testCtx(
  database: Pick<Database, 'kysely'>,
  now: Date = new Date('2026-11-21T12:00:00Z'),
): Ctx {
  return systemCtx(database, {
    vault: createVault([{ id: 1, key: Buffer.alloc(32, 7) }]),
    log: silentLog,
    now,
  });
}
