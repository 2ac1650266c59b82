// A Kysely dialect over pg in which every statement is a named prepared statement, parsed and planned once a connection.
import { createHash } from 'node:crypto';
import type { Writable } from 'node:stream';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';
import type pg from 'pg';

/**
 * A dialect whose statements are named by the hash of their text. Texts must therefore be constant (values bound,
 * lists bound as one array with `= any($1)`): beyond `namedStatementsMax` different texts in a process, further ones
 * run unnamed, so that the server's memory stays bounded.
 */
export function preparedDialect(pool: pg.Pool): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => preparedDriver(pool),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

export const namedStatementsMax = 2000;

export type PreparedConnection = DatabaseConnection & {
  /** Sends the statement that opens a transaction, without waiting: its failure is that of the next statement. */
  begin(text: string): void;
  release(): void;
  breakOff(): void;
};

const names = new Map<string, string>();

/** The name a statement is prepared under, or undefined when too many texts have been seen. */
export function statementName(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= namedStatementsMax) return known;
  const name = `o_${createHash('sha256').update(text).digest('base64url').slice(0, 16)}`;
  names.set(text, name);
  return name;
}

function preparedDriver(pool: pg.Pool): Driver {
  return {
    init: async () => {},
    destroy: async () => {},
    acquireConnection: () => acquirePrepared(pool),
    releaseConnection: async (connection) => (connection as PreparedConnection).release(),
    beginTransaction: async (connection, settings) =>
      (connection as PreparedConnection).begin(beginText(settings)),
    commitTransaction: async (connection) =>
      void (await connection.executeQuery(CompiledQuery.raw('commit'))),
    rollbackTransaction: (connection) => rollBack(connection as PreparedConnection),
  };
}

/** A connection of the pool, to be released by the caller. */
export async function acquirePrepared(pool: pg.Pool): Promise<PreparedConnection> {
  return preparedConnection(await pool.connect());
}

function preparedConnection(client: pg.PoolClient): PreparedConnection {
  let broken = false;
  let beginning: Promise<unknown> | undefined;
  const run = async <Row>(text: string, values: readonly unknown[]): Promise<QueryResult<Row>> => {
    gatherWrites(client);
    try {
      const result = await client.query({ name: statementName(text), text, values } as pg.QueryConfig);
      return { rows: result.rows as Row[], numAffectedRows: BigInt(result.rowCount ?? 0) };
    } catch (error) {
      if (isStalePlan(error) || isFatal(error)) broken = true;
      throw error;
    }
  };
  return {
    async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
      if (!beginning) return run(sql, parameters);
      const begun = beginning;
      beginning = undefined;
      const [result] = await Promise.all([run<Row>(sql, parameters), begun]);
      return result;
    },
    // biome-ignore lint/correctness/useYield: the interface asks for a generator.
    async *streamQuery() {
      throw new Error('page through rows by key instead of streaming them');
    },
    begin(text) {
      beginning = run(text, []);
      // Whoever runs the first statement hears of it; without one nobody needs to.
      beginning.catch(() => {
        broken = true;
      });
    },
    release: () => client.release(broken),
    breakOff: () => {
      broken = true;
    },
  };
}

/**
 * Statements sent in one turn leave in one write: waking the server costs more than most statements do. The stream is
 * that of `pg`; without one (another transport) every statement leaves by itself.
 */
function gatherWrites(client: pg.PoolClient): void {
  const { stream } = (client as unknown as { connection?: { stream?: Writable } }).connection ?? {};
  if (!stream || stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

function beginText({ isolationLevel, accessMode }: TransactionSettings): string {
  return `begin${isolationLevel ? ` isolation level ${isolationLevel}` : ''}${accessMode ? ` ${accessMode}` : ''}`;
}

/** A rollback that fails must not hide the error that led to it; the connection is closed instead of used again. */
async function rollBack(connection: PreparedConnection): Promise<void> {
  try {
    await connection.executeQuery(CompiledQuery.raw('rollback'));
  } catch {
    connection.breakOff();
  }
}

/** True when a migration by a newer node has changed what a prepared statement gives: 0A000, for this connection for good. */
export function isStalePlan(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return code === '0A000' && message?.includes('cached plan') === true;
}

/** True when the server ends the connection with this error, which `pg` notices a moment too late. */
function isFatal(error: unknown): boolean {
  const { severity } = error as { severity?: string };
  return severity === 'FATAL' || severity === 'PANIC';
}
