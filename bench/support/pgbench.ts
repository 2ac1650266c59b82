// PostgreSQL's own load generator, where it is installed: the same statement without Node.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The newest pgbench in Debian's place, if there is one. */
export function findPgbench(): string | undefined {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return undefined;
  const programs = readdirSync(root).map((version) => join(root, version, 'bin', 'pgbench'));
  return programs.filter((program) => existsSync(program)).at(-1);
}

export type PgbenchRun = {
  program: string;
  connectionString: string;
  script: string;
  variables: Record<string, string>;
  clients: number;
  seconds: number;
};

/** Transactions per second with prepared statements, connecting not counted. */
export async function runPgbench(run: PgbenchRun): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'overair-pgbench-'));
  try {
    const file = join(folder, 'script.sql');
    await writeFile(file, run.script);
    const variables = Object.entries(run.variables).flatMap(([name, value]) => ['-D', `${name}=${value}`]);
    const load = ['-c', String(run.clients), '-j', '1', '-T', String(run.seconds)];
    const args = ['-n', '-M', 'prepared', ...load, '-f', file, ...variables, run.connectionString];
    const { stdout } = await promisify(execFile)(run.program, args);
    return Number(/tps = ([\d.]+)/.exec(stdout)?.[1]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
