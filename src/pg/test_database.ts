// A migrated database of its own for each test file, cloned from a template in a tenth of a second, gone at the end.
import { createHash, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import pg from 'pg';
import { silentLog } from '../base/log.ts';
import { type Database, type DatabaseOptions, openDatabase } from './database.ts';
import { startEmbeddedPostgres } from './embedded_postgres.ts';
import { migrate, migrationsFolder, readMigrations } from './migrate.ts';

/**
 * Opens a fresh migrated database, which is closed and dropped after the tests of this file (or after the test that calls
 * it). For tests only. The server is that of `OVERAIR_TEST_DATABASE_URL` (which `test/run.ts` sets), else one that is
 * started for this file and stopped after it.
 */
export async function testDatabase({
  empty = false,
  ...options
}: TestDatabaseOptions = {}): Promise<Database> {
  const { connectionString: server, release } = await acquireServer();
  const name = `overair_test_${randomBytes(8).toString('hex')}`;
  const template = empty ? 'template0' : await ensureTemplate(server);
  await onServer(server, (client) => client.query(`create database ${name} template ${template}`));
  const database = await openDatabase({ ...options, connectionString: withDatabase(server, name) });
  after(async () => {
    await database.close();
    await onServer(server, (client) => client.query(`drop database if exists ${name} with (force)`));
    await release();
  });
  return database;
}

export type TestDatabaseOptions = Omit<DatabaseOptions, 'connectionString'> & {
  /** Without any migration. */
  empty?: boolean;
};

/** The connection string of a server to test on; one that had to be started is stopped after the tests of this file. */
export async function testServer(): Promise<string> {
  const { connectionString, release } = await acquireServer();
  after(release);
  return connectionString;
}

/** `connectionString` with another database name. */
export function withDatabase(connectionString: string, name: string): string {
  const url = new URL(connectionString);
  url.pathname = `/${name}`;
  return url.href;
}

type Server = { connectionString: string; release(): Promise<void> };

type OwnServer = { connectionString: string; stop(): Promise<void> };

let ownServer: Promise<OwnServer> | undefined;
let users = 0;
const templateLockKey = 0x6f7674;

async function acquireServer(): Promise<Server> {
  const { OVERAIR_TEST_DATABASE_URL: given } = process.env;
  if (given) return { connectionString: given, release: async () => {} };
  users++;
  ownServer ??= startOwnServer();
  return { connectionString: (await ownServer).connectionString, release: releaseOwnServer };
}

async function startOwnServer(): Promise<OwnServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'overair-test-'));
  const server = await startEmbeddedPostgres({ dataDir, log: silentLog });
  // The hooks of the runner do not run when a test file fails to load or is interrupted.
  const abandon = () => {
    process.kill(server.pid, 'SIGQUIT');
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  };
  const interrupted = () => process.exit(130);
  process.once('exit', abandon).once('SIGINT', interrupted).once('SIGTERM', interrupted);
  return {
    connectionString: server.connectionString,
    async stop() {
      process.off('exit', abandon).off('SIGINT', interrupted).off('SIGTERM', interrupted);
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function releaseOwnServer(): Promise<void> {
  if (--users > 0) return;
  const server = await ownServer;
  ownServer = undefined;
  await server?.stop();
}

/** The name of the migrated template: it holds the hash of all migrations, so it is never stale. */
async function ensureTemplate(server: string): Promise<string> {
  const hash = createHash('sha256');
  for (const { file, sha256 } of await readMigrations(migrationsFolder)) hash.update(file).update(sha256);
  const template = `overair_template_${hash.digest('hex').slice(0, 16)}`;
  await onServer(server, async (client) => {
    await client.query('select pg_advisory_lock($1)', [templateLockKey]);
    const { rows } = await client.query('select from pg_database where datname = $1 and datistemplate', [
      template,
    ]);
    if (rows.length === 0) await makeTemplate(client, server, template);
  });
  return template;
}

async function makeTemplate(client: pg.Client, server: string, template: string): Promise<void> {
  await client.query(`drop database if exists ${template} with (force)`);
  await client.query(`create database ${template}`);
  const database = await openDatabase({ connectionString: withDatabase(server, template), poolSize: 2 });
  try {
    await migrate(database, { log: silentLog });
  } finally {
    await database.close();
  }
  await client.query(`alter database ${template} is_template true`);
}

async function onServer<T>(server: string, run: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: server, application_name: 'overair test' });
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}
