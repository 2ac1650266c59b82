// A PostgreSQL of our own: started when it is not running, shared by all processes on its directory, stopped by the last.
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { AppError } from '../base/app_error.ts';
import type { Log } from '../base/log.ts';
import { type Binaries, defaultCacheDirs, findBinaries } from './embedded/binaries.ts';
import { type Cluster, ensureInitialised, openCluster } from './embedded/cluster.ts';
import {
  lifeOf,
  type Postmaster,
  readPostmaster,
  removeStaleLock,
  startPostmaster,
  stopPostmaster,
} from './embedded/postmaster.ts';
import { enter, type Presence } from './embedded/presence.ts';
import { withStartLock } from './embedded/start_lock.ts';

export type EmbeddedPostgres = {
  connectionString: string;
  /** False when a server was already running on this directory. */
  startedHere: boolean;
  /** Of the postmaster. */
  pid: number;
  /** Leaves the server; the last process to leave stops it. Close your own connections first. */
  stop(): Promise<void>;
};

export type EmbeddedPostgresOptions = {
  /** Made when missing. Holds the data, the password and the server's log. */
  dataDir: string;
  log: Log;
  /** The folder with `bin`, `lib` and `share`; that of the npm package unless given. */
  binaries?: string;
  /** Where a copy of the binaries may be made when they cannot be run in place. */
  cacheDirs?: readonly string[];
};

/** How long a server may take to go away or to answer, before its directory counts as taken. */
const lockedWaitMsMax = 10_000;
const answerWaitMsMax = 60_000;
const retryMs = 50;

/**
 * Starts PostgreSQL on `dataDir`, or joins the one that runs there already: beside another process of ours, or left
 * over from one that was killed. As root the server runs as the owner of its data, `nobody` at first. Throws
 * `unavailable`, saying what to do, when the directory cannot be used or there is no PostgreSQL for this platform.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const cluster = await openCluster(options.dataDir);
  const { postmaster, presence, startedHere } = await withStartLock(cluster.password, () =>
    joinOrStart(cluster, options),
  );
  options.log.debug({ pid: postmaster.pid, startedHere, dataDir: cluster.directory }, 'PostgreSQL runs');
  let stopping: Promise<void> | undefined;
  return {
    connectionString: presence.connectionString,
    startedHere,
    pid: postmaster.pid,
    stop: () =>
      (stopping ??= withStartLock(cluster.password, () => leave(cluster, postmaster, presence, options.log))),
  };
}

type Running = { postmaster: Postmaster; presence: Presence; startedHere: boolean };

async function leave(cluster: Cluster, { pid }: Postmaster, presence: Presence, log: Log): Promise<void> {
  if (await presence.leave()) await stopPostmaster(cluster, pid);
  else log.debug({ pid }, 'others still use PostgreSQL, so it stays');
}

async function joinOrStart(cluster: Cluster, options: EmbeddedPostgresOptions): Promise<Running> {
  const joined = await join(cluster);
  if (joined) return { ...joined, startedHere: false };
  const binaries = await findBinaries({
    source: options.binaries,
    user: cluster.user,
    cacheDirs: options.cacheDirs ?? defaultCacheDirs(cluster.directory),
  });
  await ensureInitialised(cluster, binaries);
  const postmaster = await start(cluster, binaries);
  return { postmaster, presence: await enter(cluster, postmaster.port), startedHere: true };
}

async function start(cluster: Cluster, binaries: Binaries): Promise<Postmaster> {
  for (const deadline = Date.now() + lockedWaitMsMax; ; await sleep(retryMs)) {
    const result = await startPostmaster(cluster, binaries);
    if ('started' in result) return result.started;
    if (result.failed !== 'broken' && Date.now() < deadline) continue;
    throw new AppError('unavailable', `PostgreSQL does not start. Its log is ${cluster.logFile}.`, {
      internal: result.words,
    });
  }
}

/** The server that runs on this directory, or undefined when there is none. Waits for one that starts or stops. */
async function join(cluster: Cluster): Promise<Omit<Running, 'startedHere'> | undefined> {
  for (const since = Date.now(); ; await sleep(retryMs)) {
    const postmaster = await readPostmaster(cluster);
    if (!postmaster) return undefined;
    const presence = await tryToEnter(cluster, postmaster);
    if (presence) return { postmaster, presence };
    const life = await lifeOf(postmaster.pid, cluster);
    if (life === 'gone') return undefined;
    const waitedMs = Date.now() - since;
    if (life === 'stranger' || (life === 'dying' && waitedMs > lockedWaitMsMax)) {
      await removeStaleLock(cluster);
      return undefined;
    }
    if (waitedMs > answerWaitMsMax) throw taken(cluster, postmaster, 'it does not answer');
  }
}

async function tryToEnter(cluster: Cluster, postmaster: Postmaster): Promise<Presence | undefined> {
  try {
    return postmaster.ready ? await enter(cluster, postmaster.port) : undefined;
  } catch (error) {
    if (!(error as pg.DatabaseError).code?.startsWith('28')) return undefined;
    // Some server has this port; only if it is the one of this directory is the directory taken.
    if ((await lifeOf(postmaster.pid, cluster)) !== 'running') return undefined;
    throw taken(cluster, postmaster, 'it does not accept the password kept there', error);
  }
}

function taken(cluster: Cluster, { pid }: Postmaster, why: string, cause?: unknown): AppError {
  return new AppError(
    'unavailable',
    `The data directory ${cluster.directory} is in use by another server (process ${pid}): ${why}. ` +
      `Stop that server, choose another directory, or set DATABASE_URL to use it.`,
    cause === undefined ? {} : { cause },
  );
}
