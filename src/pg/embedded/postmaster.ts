// Starts a postmaster, sees whether one is alive, and ends one: by its lock file and by what the kernel says.
import { closeSync, openSync, statSync, truncateSync } from 'node:fs';
import { open, readFile, readlink, unlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../base/app_error.ts';
import type { Binaries } from './binaries.ts';
import type { Cluster } from './cluster.ts';
import { spawnProgram } from './run_program.ts';

/** The first lines of `postmaster.pid` (PostgreSQL `pidfile.h`). */
export type Postmaster = { pid: number; port: number; ready: boolean };

/** `dying`: killed, but its parent has not taken notice yet. `stranger`: another program has this pid by now. */
export type Life = 'running' | 'dying' | 'gone' | 'stranger';

const pollMs = 5;
const readyWaitMsMax = 300_000;
const stopWaitMsMax = 60_000;
const logBytesMax = 10 * 1024 * 1024;
const logTailBytesMax = 4096;

/** What a failed start says about trying again: at once with another port, later, or not at all. */
export type StartResult =
  | { started: Postmaster }
  | { failed: 'port_taken' | 'still_locked' | 'broken'; words: string };

export async function readPostmaster(cluster: Cluster): Promise<Postmaster | undefined> {
  const text = await readFile(join(cluster.pgData, 'postmaster.pid'), 'utf8').catch(() => undefined);
  const lines = text?.split('\n') ?? [];
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid < 2) return undefined;
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
}

/** Whether `pid` is the postmaster of this cluster. */
export async function lifeOf(pid: number, cluster: Cluster): Promise<Life> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  const match = /^\d+ \((.*)\) (\w)/s.exec(status ?? '');
  if (!match) return 'gone';
  if (match[2] === 'Z' || match[2] === 'X') return 'dying';
  if (match[1] !== 'postgres') return 'stranger';
  const directory = await readlink(`/proc/${pid}/cwd`).catch(() => cluster.pgData);
  return directory === cluster.pgData ? 'running' : 'stranger';
}

/** Removes the lock file of a postmaster that is certainly not alive; PostgreSQL itself cannot tell pids apart. */
export async function removeStaleLock(cluster: Cluster): Promise<void> {
  await unlink(join(cluster.pgData, 'postmaster.pid')).catch(() => {});
}

/** Starts a postmaster and waits until it accepts connections, crash recovery included, or has ended. */
export async function startPostmaster(cluster: Cluster, binaries: Binaries): Promise<StartResult> {
  const port = await freePort();
  const log = openLog(cluster.logFile);
  try {
    const child = spawnProgram(
      join(binaries.directory, 'bin', 'postgres'),
      (openDir) => serverArgs(openDir(cluster.pgData), port),
      cluster.user,
      log.fd,
    );
    let ended = false;
    child.once('error', () => (ended = true)).once('exit', () => (ended = true));
    child.unref();
    const started = await untilReady(cluster, child.pid, () => ended);
    return started ? { started } : failure(await readTail(cluster.logFile, log.size));
  } finally {
    closeSync(log.fd);
  }
}

/** Fast shutdown: open transactions are rolled back, everything committed is on disk. Waits for its end. */
export async function stopPostmaster(cluster: Cluster, pid: number): Promise<void> {
  if ((await lifeOf(pid, cluster)) !== 'running') return;
  process.kill(pid, 'SIGINT');
  for (const deadline = Date.now() + stopWaitMsMax; Date.now() < deadline; await sleep(pollMs))
    if ((await lifeOf(pid, cluster)) !== 'running') return;
  throw new AppError('unavailable', `PostgreSQL (process ${pid}) has not stopped within a minute.`);
}

function serverArgs(directory: string, port: number): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: directory,
    logging_collector: 'off',
    log_destination: 'stderr',
    fsync: 'on',
  };
  return [
    '-D',
    directory,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}

async function untilReady(
  cluster: Cluster,
  pid: number | undefined,
  hasEnded: () => boolean,
): Promise<Postmaster | undefined> {
  for (
    const deadline = Date.now() + readyWaitMsMax;
    Date.now() < deadline && !hasEnded();
    await sleep(pollMs)
  ) {
    const found = await readPostmaster(cluster);
    if (found?.pid === pid && found?.ready) return found;
  }
  return undefined;
}

function failure(words: string): StartResult {
  if (/could not create any TCP\/IP sockets/.test(words)) return { failed: 'port_taken', words };
  if (/lock file ".*" already exists|pre-existing shared memory block/.test(words))
    return { failed: 'still_locked', words };
  return { failed: 'broken', words };
}

function openLog(file: string): { fd: number; size: number } {
  const fd = openSync(file, 'a', 0o600);
  if (statSync(file).size > logBytesMax) truncateSync(file);
  return { fd, size: statSync(file).size };
}

async function readTail(file: string, from: number): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(logTailBytesMax), 0, logTailBytesMax, from);
    return buffer.toString('utf8', 0, bytesRead).trim();
  } finally {
    await handle.close();
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
