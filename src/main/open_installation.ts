// An installation opened: its database migrated, its secrets readable, its SM-DP+ with an identity. Nothing listens yet.
import { mkdir } from 'node:fs/promises';
import { AppError } from '../base/app_error.ts';
import type { Log } from '../base/log.ts';
import type { Vault } from '../base/vault.ts';
import { followProfile } from '../modules/esims/index.ts';
import { loadSmdp, type Smdp } from '../modules/smdp/index.ts';
import { type Database, openDatabase } from '../pg/database.ts';
import { startEmbeddedPostgres } from '../pg/embedded_postgres.ts';
import { migrate } from '../pg/migrate.ts';
import type { PemIdentity } from '../rsp/pki/pem_identity.ts';
import type { Config } from './config.ts';
import { openPki } from './pki_files.ts';
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

/** An SM-DP+ that can listen, and the folder that its certificates came from. */
export type ServedSmdp = Smdp & { tls: PemIdentity; pkiDir: string };

/** The SM-DP+ of this installation under the address that it is reached at. */
export async function openSmdp(
  config: Config,
  { database }: Installation,
  smdpAddress: string,
): Promise<ServedSmdp> {
  const now = new Date();
  const { dir, files } = await openPki({ dataDir: config.dataDir, pkiDir: config.pkiDir, smdpAddress, now });
  const { sessionSeconds, svnMin, svnMax } = config;
  const smdp = loadSmdp({
    files,
    address: smdpAddress,
    now,
    settings: { sessionSeconds, svnMin, svnMax },
    database,
    profileMoved: followProfile,
  });
  if (!smdp.tls) {
    throw new AppError(
      'invalid_certificate',
      `No TLS certificate in ${dir} is valid now for ${smdpAddress}. Put one there with its key, or set OVERAIR_SMDP_ADDRESS to the name it has.`,
    );
  }
  return { ...smdp, tls: smdp.tls, pkiDir: dir };
}
