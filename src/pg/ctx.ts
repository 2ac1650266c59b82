// What every function of the core is given: the database or transaction to work in, the time, and who is acting.
import type { Kysely } from 'kysely';
import { type Id, newId } from '../base/ids.ts';
import type { Log } from '../base/log.ts';
import type { Vault } from '../base/vault.ts';
import type { Database } from './database.ts';
import type { DB } from './db.ts';
import type { Statement } from './query.ts';

export type Ctx = {
  db: Db;
  now: Date;
  actor: Actor;
  requestId: string;
  log: Log;
  vault: Vault;
  afterCommit: AfterCommit;
  alongCommit: AlongCommit;
};

/** A pool or a transaction: Kysely's Transaction is a Kysely too. */
export type Db = Kysely<DB>;

export type Actor =
  | { kind: 'system' }
  | { kind: 'api_key'; accountId: Id<'account'>; apiKeyId: Id<'apiKey'>; scopes: readonly string[] }
  | { kind: 'operator'; name: string };

/** Runs `run` once what is being written is on disk, never after a rollback; outside a transaction at once. */
export type AfterCommit = (run: () => void) => void;

/** Takes the last statements of a `write`, whose answers nobody needs: the commit is sent right behind them. */
export type AlongCommit = (statement: Statement) => void;

/** What `alongCommit` is where there is no transaction to commit. */
export function noCommit(): never {
  throw new Error('alongCommit is for statements of a write');
}

/** A context for work that no request asked for, acting as the system. `now` is the wall clock unless given. */
export function systemCtx(
  database: Pick<Database, 'kysely'>,
  parts: { vault: Vault; log: Log; now?: Date; requestId?: string },
): Ctx {
  return {
    db: database.kysely,
    now: parts.now ?? new Date(),
    actor: { kind: 'system' },
    requestId: parts.requestId ?? newId('request'),
    log: parts.log,
    vault: parts.vault,
    afterCommit: (run) => run(),
    alongCommit: noCommit,
  };
}
