// The directory of an embedded server: `data` is whole or absent, its password is made once, and no stranger may enter.
import { randomBytes } from 'node:crypto';
import {
  chmod,
  chown,
  link,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../base/app_error.ts';
import type { Binaries } from './binaries.ts';
import { runProgram, type ServerUser } from './run_program.ts';

export type Cluster = {
  /** The real path of the directory given by the operator. */
  directory: string;
  /** PGDATA, below it. */
  pgData: string;
  logFile: string;
  password: string;
  /** Who PostgreSQL runs as; undefined means as ourselves. */
  user: ServerUser | undefined;
};

/** The superuser and the database that Overair works as and in. */
export const databaseName = 'overair';

/** PostgreSQL refuses to run as root; this is `nobody`, which needs no entry in /etc/passwd. */
const nobody: ServerUser = { uid: 65534, gid: 65534 };

/** Opens the directory, made when missing. Throws `unavailable` when it is not ours to use. */
export async function openCluster(dataDir: string): Promise<Cluster> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const directory = await realpath(dataDir);
    const pgData = join(directory, 'data');
    await checkNotForeign(directory);
    const user = process.getuid?.() === 0 ? await serverUser(pgData) : undefined;
    const password = await loadPassword(join(directory, 'password'), user);
    return { directory, pgData, logFile: join(directory, 'postgres.log'), password, user };
  } catch (error) {
    throw accessError(dataDir, error);
  }
}

/**
 * Makes the data directory with initdb unless it is there. It is made under another name and renamed, so a killed
 * initdb leaves only rubbish, which the next one removes. Call it under the start lock.
 */
export async function ensureInitialised(cluster: Cluster, binaries: Binaries): Promise<void> {
  const version = await readMajorVersion(cluster.pgData);
  if (version === binaries.major) return;
  if (version !== undefined) throw otherVersion(cluster, version, binaries.major);
  try {
    await removeRubbish(cluster);
    const draft = join(cluster.directory, draftPrefix + randomBytes(8).toString('hex'));
    await mkdir(draft, { mode: 0o700 });
    if (cluster.user) await chown(draft, cluster.user.uid, cluster.user.gid);
    await initialise(cluster, binaries, draft);
    await rename(draft, cluster.pgData);
  } catch (error) {
    throw accessError(cluster.directory, error);
  }
}

const draftPrefix = 'data.new.';

/** An initdb whose parent was killed may still be writing there: it fails by itself, and what stays does no harm. */
async function removeRubbish({ directory }: Cluster): Promise<void> {
  const drafts = (await readdir(directory)).filter((name) => name.startsWith(draftPrefix));
  await Promise.allSettled(
    drafts.map((name) => rm(join(directory, name), { recursive: true, force: true, maxRetries: 3 })),
  );
}

async function initialise(cluster: Cluster, binaries: Binaries, draft: string): Promise<void> {
  const { code, output } = await runProgram(
    join(binaries.directory, 'bin', 'initdb'),
    (open) => [
      '-D',
      open(draft),
      `--pwfile=${open(join(cluster.directory, 'password'))}`,
      ...initialSettings,
    ],
    cluster.user,
  );
  if (code === 0) return;
  throw new AppError('unavailable', `PostgreSQL could not make its data directory in ${cluster.directory}.`, {
    internal: output,
  });
}

const initialSettings = [
  `--username=${databaseName}`,
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  // The built-in provider sorts the same on every machine, whatever its C library.
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  ...[
    'shared_buffers=128MB',
    'max_connections=100',
    'jit=off',
    'timezone=UTC',
    'log_timezone=UTC',
    'log_min_messages=warning',
    'log_checkpoints=off',
    'autovacuum_naptime=15s',
  ].flatMap((setting) => ['--set', setting]),
];

async function readMajorVersion(pgData: string): Promise<number | undefined> {
  const text = await readFile(join(pgData, 'PG_VERSION'), 'utf8').catch(absent);
  return text === undefined ? undefined : Number.parseInt(text, 10);
}

function otherVersion(cluster: Cluster, found: number, needed: number): AppError {
  return new AppError(
    'unavailable',
    `The data directory ${cluster.directory} was made by PostgreSQL ${found}; this Overair runs ${needed}. ` +
      `Dump it with the Overair that made it (pg_dump), choose an empty directory, and restore it there; ` +
      `or run PostgreSQL ${found} yourself and set DATABASE_URL.`,
  );
}

/** A directory that PostgreSQL itself made is somebody's database, not a place for ours. */
async function checkNotForeign(directory: string): Promise<void> {
  const version = await readMajorVersion(directory);
  if (version === undefined) return;
  throw new AppError(
    'unavailable',
    `The data directory ${directory} was made by PostgreSQL ${version}, not by Overair. ` +
      `Choose another directory, or start that server yourself and set DATABASE_URL.`,
  );
}

/** The owner of the data directory if it has one already, so that a directory made by a user stays that user's. */
async function serverUser(pgData: string): Promise<ServerUser> {
  const found = await stat(pgData).catch(absent);
  return found && found.uid !== 0 ? { uid: found.uid, gid: found.gid } : nobody;
}

async function loadPassword(file: string, user: ServerUser | undefined): Promise<string> {
  const existing = await readFile(file, 'utf8').catch(absent);
  if (existing !== undefined) return existing.trim();
  const draft = `${file}.${randomBytes(8).toString('hex')}`;
  await writeFile(draft, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    await chmod(draft, 0o600);
    if (user) await chown(draft, user.uid, user.gid);
    // Linking fails when another process was first: then its password counts.
    await link(draft, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  return (await readFile(file, 'utf8')).trim();
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

const accessWords: Record<string, string> = {
  EACCES: 'is not accessible to this user. Run as the user who made it, or choose another directory',
  EPERM: 'is not accessible to this user. Run as the user who made it, or choose another directory',
  EROFS: 'is on a read-only file system. Choose another directory',
  ENOSPC: 'is on a full disk',
  ENOTDIR: 'is not a directory',
  EEXIST: 'is not a directory',
};

function accessError(dataDir: string, error: unknown): unknown {
  const words = accessWords[(error as NodeJS.ErrnoException).code ?? ''];
  if (!words) return error;
  return new AppError('unavailable', `The data directory ${dataDir} ${words}.`, { cause: error });
}
