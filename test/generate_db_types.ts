// Writes src/pg/db.ts from the migrated schema, or with `--verify` fails when it is not current.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { silentLog } from '../src/base/log.ts';
import { openDatabase } from '../src/pg/database.ts';
import { startEmbeddedPostgres } from '../src/pg/embedded_postgres.ts';
import { migrate } from '../src/pg/migrate.ts';

const outFile = fileURLToPath(new URL('../src/pg/db.ts', import.meta.url));
const dataDir = await mkdtemp(join(tmpdir(), 'overair-types-'));
try {
  const server = await startEmbeddedPostgres({ dataDir, log: silentLog });
  const database = await openDatabase({ connectionString: server.connectionString });
  try {
    await migrate(database, { log: silentLog });
    process.exitCode = await generate(server.connectionString, process.argv.includes('--verify'));
  } finally {
    await database.close();
    await server.stop();
  }
} finally {
  await rm(dataDir, { recursive: true, force: true });
}

function generate(connectionString: string, verify: boolean): Promise<number> {
  const main = createRequire(import.meta.url).resolve('kysely-codegen');
  const args = {
    dialect: 'postgres',
    url: connectionString,
    'out-file': outFile,
    // Every table then has its schema in its name: `orders.orders`.
    'default-schema': 'none',
    'exclude-pattern': 'graphile_worker.*',
    'date-parser': 'string',
    'type-mapping': JSON.stringify({ int8: 'bigint', json: 'unknown', jsonb: 'unknown' }),
  };
  const flags = Object.entries(args).flatMap(([name, value]) => [`--${name}`, value]);
  const codegen = spawn(
    process.execPath,
    [join(dirname(main), 'cli', 'bin.js'), ...flags, ...(verify ? ['--verify'] : [])],
    {
      stdio: 'inherit',
    },
  );
  return new Promise((resolve, reject) => {
    codegen.once('error', reject);
    codegen.once('close', (code) => resolve(code ?? 1));
  });
}
