// The connections to PostgreSQL: one durable pool, one relaxed pool, every statement prepared once per connection.
import type { Kysely } from 'kysely';
import pg from 'pg';
import { AppError } from '../base/app_error.ts';
import { present } from '../base/assert.ts';
import { type Log, silentLog } from '../base/log.ts';
import { columnTypes } from './column_types.ts';
import type { DB } from './db.ts';
import { kyselyOver } from './query.ts';
import { translatePgError } from './translate_pg_error.ts';

export type Database = {
  /** Durable: what it acknowledges is on disk. */
  kysely: Kysely<DB>;
  /** The pool under `kysely`, for libraries that want one. */
  pool: pg.Pool;
  /**
   * The same database over connections with `synchronous_commit = off`: a commit may be lost in a crash, never half
   * done. Only for rows whose loss costs the peer one retry.
   */
  relaxed: Kysely<DB>;
  connectionString: string;
  close(): Promise<void>;
};

export type DatabaseOptions = {
  connectionString: string;
  /** Connections of the durable pool; the relaxed one has at most 4. */
  poolSize?: number;
  applicationName?: string;
  log?: Log;
};

const serverVersionMin = 150_000;
const relaxedPoolSizeMax = 4;
const connectTimeoutMs = 10_000;
const idleTimeoutMs = 60_000;
const idleInTransactionTimeoutMs = 30_000;
const statementTimeoutMs = 120_000;

/** Opens the pools and checks the server. Throws `unavailable` when it cannot be reached or is older than 15. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { connectionString, poolSize = 10 } = options;
  const pool = openPool(options, poolSize, '');
  const relaxedPool = openPool(options, Math.min(poolSize, relaxedPoolSizeMax), '-c synchronous_commit=off');
  const close = async () => void (await Promise.all([pool.end(), relaxedPool.end()]));
  try {
    checkServerVersion(await loadServerVersion(pool));
  } catch (error) {
    await close();
    throw translatePgError(error);
  }
  return {
    kysely: kyselyOver(pool),
    pool,
    relaxed: kyselyOver(relaxedPool),
    connectionString,
    close,
  };
}

function openPool(options: DatabaseOptions, max: number, serverOptions: string): pg.Pool {
  const { log = silentLog } = options;
  // Everything is found by an index: a plan that was made while a table was small must not read it whole when it is large.
  const planning = '-c enable_seqscan=off';
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    application_name: options.applicationName ?? 'overair',
    max,
    types: columnTypes,
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: idleTimeoutMs,
    idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
    statement_timeout: statementTimeoutMs,
    keepAlive: true,
    // `begin` goes out together with the first statement: one round trip less in every transaction.
    pipeline: true,
    options: `${planning} ${serverOptions}`,
  });
  // Without listeners, a connection that the server closes would end the process.
  pool.on('error', (error) => log.warn({ error: error.message }, 'a database connection was lost'));
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

async function loadServerVersion(pool: pg.Pool): Promise<ServerVersion> {
  const { rows } = await pool.query<ServerVersion>(
    `select current_setting('server_version_num')::int as number, current_setting('server_version') as name`,
  );
  return present(rows[0], 'a server has a version');
}

/** `number` as in `server_version_num`: 150018 for 15.18. */
export type ServerVersion = { number: number; name: string };

/** Throws `unavailable` for a server older than PostgreSQL 15. */
export function checkServerVersion({ number, name }: ServerVersion): void {
  if (number >= serverVersionMin) return;
  throw new AppError(
    'unavailable',
    `The database server is PostgreSQL ${name}. Overair needs PostgreSQL 15 or newer: upgrade it, ` +
      `or unset DATABASE_URL to let Overair run its own.`,
  );
}
