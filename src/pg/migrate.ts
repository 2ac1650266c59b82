// Brings a database to the schema of this code: forward, in order, once each, or not at all.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { runMigrations } from 'graphile-worker';
import type pg from 'pg';
import { AppError } from '../base/app_error.ts';
import type { Log } from '../base/log.ts';
import type { Database } from './database.ts';
import { workerLogger } from './jobs.ts';
import { translatePgError } from './translate_pg_error.ts';

export type MigrateOptions = {
  log: Log;
  /** The folder of `NNNNNN_subject.sql` files; `sql/` of this checkout unless given. */
  folder?: URL;
};

export type Migration = { number: number; file: string; text: string; sha256: Buffer };

/** The folder of the project's own migrations. */
export const migrationsFolder = new URL('../../sql/', import.meta.url);

const lockKey = 0x6f7661;

/**
 * Runs what is missing, each file in a transaction of its own, and graphile-worker's own migrations. Processes that
 * start at once wait for each other. Gives the files that were run. Throws `unavailable` when the database was made by
 * a newer version, or when a file that ran before was changed or is gone.
 */
export async function migrate(
  database: Database,
  { log, folder = migrationsFolder }: MigrateOptions,
): Promise<string[]> {
  const migrations = await readMigrations(folder);
  const client = await database.pool.connect();
  try {
    await client.query('set statement_timeout = 0');
    // A name without its schema would mean another one for each user, so it is an error.
    await client.query(`set search_path = ''`);
    await client.query('select pg_advisory_lock($1)', [lockKey]);
    const ran = await runMissing(client, migrations, log);
    await runMigrations({ pgPool: database.pool, logger: workerLogger(log) });
    return ran;
  } catch (error) {
    throw translatePgError(error);
  } finally {
    // The lock and the setting end with the connection, which is closed instead of going back to the pool.
    client.release(true);
  }
}

/** The migrations in `folder`, in order. */
export async function readMigrations(folder: URL): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((file) => /^\d{6}_[a-z0-9_]+\.sql$/.test(file)).sort();
  return await Promise.all(
    files.map(async (file) => {
      const text = await readFile(new URL(file, folder), 'utf8');
      return {
        number: Number(file.slice(0, 6)),
        file,
        text,
        sha256: createHash('sha256').update(text).digest(),
      };
    }),
  );
}

async function runMissing(client: pg.PoolClient, migrations: Migration[], log: Log): Promise<string[]> {
  const recorded = await loadRecorded(client);
  checkRecorded(migrations, recorded);
  const ran: string[] = [];
  for (const migration of migrations) {
    if (recorded.has(migration.number)) continue;
    await runMigration(client, migration);
    log.info({ file: migration.file }, 'migrated the database');
    ran.push(migration.file);
  }
  return ran;
}

type Recorded = Map<number, { file: string; sha256: Buffer }>;

async function loadRecorded(client: pg.PoolClient): Promise<Recorded> {
  await client.query(`
    create schema if not exists overair;
    create table if not exists overair.migrations (
      number int primary key,
      file text not null,
      sha256 bytea not null,
      ran_at timestamptz not null default now()
    )`);
  const { rows } = await client.query<{ number: number; file: string; sha256: Buffer }>(
    'select number, file, sha256 from overair.migrations order by number',
  );
  return new Map(rows.map((row) => [row.number, row]));
}

function checkRecorded(migrations: Migration[], recorded: Recorded): void {
  const known = new Map(migrations.map((migration) => [migration.number, migration]));
  if (known.size !== migrations.length) throw refusal('Two migration files have the same number.');
  const newest = migrations.at(-1)?.number ?? 0;
  for (const [number, { file, sha256 }] of recorded) {
    const migration = known.get(number);
    if (!migration && number > newest)
      throw refusal(
        `The database was migrated by a newer Overair (${file}). Run that version or a newer one.`,
      );
    if (!migration)
      throw refusal(
        `The database has run the migration ${file}, which is not in this checkout. Restore the file.`,
      );
    if (migration.file !== file || !sha256.equals(migration.sha256))
      throw refusal(
        `The migration ${file} was changed after it ran. Restore it, and put the change into a new file.`,
      );
  }
}

async function runMigration(client: pg.PoolClient, { number, file, text, sha256 }: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query(text);
    await client.query('insert into overair.migrations (number, file, sha256) values ($1, $2, $3)', [
      number,
      file,
      sha256,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw new AppError('unavailable', `The migration ${file} failed, and nothing of it was kept.`, {
      internal: error instanceof Error ? error.message : String(error),
      cause: error,
    });
  }
}

function refusal(detail: string): AppError {
  return new AppError('unavailable', detail);
}
