// An installation opened: its database migrated, its secrets readable. Nothing listens yet.
import { mkdir } from 'node:fs/promises';
import { AppError } from '../base/app_error.ts';
import type { Log } from '../base/log.ts';
import type { Vault } from '../base/vault.ts';
import { type Database, openDatabase } from '../pg/database.ts';
import { startEmbeddedPostgres } from '../pg/embedded_postgres.ts';
import { migrate } from '../pg/migrate.ts';
import type { Config } from './config.ts';
import { openVault } from './secrets_key.ts';

export type Installation = {
  database: Database;
  vault: Vault;
  log: Log;
  /** Closes the database, and stops our own PostgreSQL unless another process still uses it. */
  close(): Promise<void>;
};

/** Opens what `config` names: starts PostgreSQL if need be, migrates, and opens the vault. */
export async function openInstallation(config: Config, log: Log): Promise<Installation> {
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 }).catch((cause: NodeJS.ErrnoException) => {
    throw new AppError(
      'unavailable',
      `The data folder ${config.dataDir} cannot be made (${cause.code}). Set OVERAIR_DATA_DIR to a folder that can.`,
      { cause },
    );
  });
  const own =
    config.databaseUrl === undefined
      ? await startEmbeddedPostgres({ dataDir: `${config.dataDir}/postgres`, log })
      : undefined;
  try {
    const connectionString = own?.connectionString ?? config.databaseUrl ?? '';
    const database = await openDatabase({ connectionString, poolSize: config.databasePool }).catch(
      (cause: AppError) => {
        if (own || cause.code !== 'unavailable') throw cause;
        throw new AppError('unavailable', `DATABASE_URL: ${cause.detail} ${checkUrl}`, { cause });
      },
    );
    try {
      await migrate(database, { log });
      const vault = await openVault(database, config);
      return { database, vault, log, close: () => database.close().then(() => own?.stop()) };
    } catch (error) {
      await database.close();
      throw error;
    }
  } catch (error) {
    await own?.stop();
    throw error;
  }
}

const checkUrl =
  'Check that it is like postgres://user:password@host:5432/database and that the server runs, or unset it.';
