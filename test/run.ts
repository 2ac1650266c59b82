// Runs the tests against one PostgreSQL that lives as long as they do: `node test/run.ts [file or pattern …]`.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { silentLog } from '../src/base/log.ts';
import { startEmbeddedPostgres } from '../src/pg/embedded_postgres.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const patterns = process.argv.length > 2 ? process.argv.slice(2) : ['src/**/*.test.ts', 'test/**/*.test.ts'];
const filesAtOnce = 2;
const testMsMax = 300_000;

/** Signals wait until there is something to clean up: they end the tests, and the rest follows. */
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());

const { OVERAIR_TEST_DATABASE_URL: givenServer } = process.env;
process.exitCode = givenServer
  ? await runTests({})
  : await withServer((connectionString) => runTests({ OVERAIR_TEST_DATABASE_URL: connectionString }));

/** Starts a server in a directory of its own; both are gone when `run` is done, whatever happened. */
async function withServer(run: (connectionString: string) => Promise<number>): Promise<number> {
  const dataDir = await mkdtemp(join(tmpdir(), 'overair-test-'));
  try {
    const server = await startEmbeddedPostgres({ dataDir, log: silentLog });
    try {
      return await run(server.connectionString);
    } finally {
      await server.stop();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Gives the exit code of node's test runner, or 130 when it was interrupted. */
function runTests(env: Record<string, string>): Promise<number> {
  if (interrupted.signal.aborted) return Promise.resolve(130);
  const runner = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      '--test',
      `--test-concurrency=${filesAtOnce}`,
      '--test-reporter=spec',
      `--test-timeout=${testMsMax}`,
      ...patterns,
    ],
    { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } },
  );
  interrupted.signal.addEventListener('abort', () => runner.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    runner.once('error', reject);
    runner.once('close', (code) => resolve(code ?? 130));
  });
}
