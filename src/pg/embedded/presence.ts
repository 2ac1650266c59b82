// One open connection for as long as a process uses an embedded server, by which others see that it is in use.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Cluster, databaseName } from './cluster.ts';

export type Presence = {
  connectionString: string;
  /** Ends our presence. True when nobody else is connected any more. */
  leave(): Promise<boolean>;
};

const socketPathCharsMax = 100;
const applicationName = 'overair presence';
/** A closed connection stays in pg_stat_activity for a moment. */
const lingerMsMax = 500;
const pollMs = 10;

/** Connects to the cluster's server on `port`, making the database at the first time. Throws the errors of `pg`. */
export async function enter(cluster: Cluster, port: number): Promise<Presence> {
  const connectionString = connectionStringOf(cluster, port, databaseName);
  const client = await connect(connectionString).catch(async (error: pg.DatabaseError) => {
    if (error.code !== '3D000') throw error;
    await createDatabase(cluster, port);
    return await connect(connectionString);
  });
  client.unref();
  return {
    connectionString,
    async leave() {
      client.ref();
      try {
        return await isLast(client);
      } catch {
        // The server is gone already.
        return true;
      } finally {
        await client.end().catch(() => {});
      }
    },
  };
}

/** The socket is 1.05 to 1.3 times faster than TCP, but the kernel bounds the length of its path. */
export function connectionStringOf(cluster: Cluster, port: number, database: string): string {
  const socket = join(cluster.pgData, `.s.PGSQL.${port}`);
  const base = `postgresql://${databaseName}:${cluster.password}@127.0.0.1:${port}/${database}`;
  return socket.length < socketPathCharsMax ? `${base}?host=${encodeURIComponent(cluster.pgData)}` : base;
}

/** The types of `pg` leave these two out. */
type Client = pg.Client & { ref(): void; unref(): void };

async function connect(connectionString: string): Promise<Client> {
  const client = new pg.Client({
    connectionString,
    application_name: applicationName,
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => {});
  await client.connect();
  return client as Client;
}

async function createDatabase(cluster: Cluster, port: number): Promise<void> {
  const client = await connect(connectionStringOf(cluster, port, 'postgres'));
  try {
    await client.query(`create database ${databaseName}`);
  } finally {
    await client.end();
  }
}

async function isLast(client: pg.Client): Promise<boolean> {
  for (const deadline = Date.now() + lingerMsMax; ; await sleep(pollMs)) {
    const { rows } = await client.query<{ others: number; present: number }>(
      `select count(*)::int as others, (count(*) filter (where application_name = $1))::int as present
         from pg_stat_activity
        where backend_type = 'client backend' and application_name like 'overair%' and pid <> pg_backend_pid()`,
      [applicationName],
    );
    const found = rows[0];
    if (found?.others === 0) return true;
    if (found?.present !== 0 || Date.now() > deadline) return false;
  }
}
