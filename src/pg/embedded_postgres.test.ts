import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { AppError } from '../base/app_error.ts';
import { silentLog } from '../base/log.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded_postgres.ts';

const isRoot = process.getuid?.() === 0;
const nobody = { uid: 65534, gid: 65534 };
const options = (dataDir: string) => ({ dataDir, log: silentLog });

/** A directory that only we may enter, with data from an earlier start in `data`. */
const shared = temporaryDirectory();
after(() => rmSync(shared, { recursive: true, force: true }));
const dataDir = join(shared, 'data');

test('the first start makes a database within 10 seconds, below a directory that only we may enter', async (t) => {
  assert.equal(statSync(shared).mode & 0o777, 0o700);
  const startedMs = Date.now();
  const server = await start(t, dataDir);
  assert.ok(Date.now() - startedMs < 10_000);
  assert.ok(server.startedHere);
  const settings = `select current_setting('fsync') as fsync, current_setting('jit') as jit, current_user as "user"`;
  assert.deepEqual(await queryOn(server.connectionString, settings), [
    { fsync: 'on', jit: 'off', user: 'overair' },
  ]);
  await queryOn(server.connectionString, 'create table kept (value int)');
  await queryOn(server.connectionString, 'insert into kept values (7)');
  await server.stop();
  assert.ok(!isAlive(server.pid));
});

test('a later start takes less than 3 seconds and finds what was written', async (t) => {
  const startedMs = Date.now();
  const server = await start(t, dataDir);
  assert.ok(Date.now() - startedMs < 3000);
  assert.deepEqual(await queryOn(server.connectionString, 'select value from kept'), [{ value: 7 }]);
  await server.stop();
});

test('the server runs in a process group of its own, never as root, and asks everybody for the password', async (t) => {
  const server = await start(t, dataDir);
  const processGroup = Number(/\) \w \d+ (\d+)/.exec(readFileSync(`/proc/${server.pid}/stat`, 'utf8'))?.[1]);
  assert.equal(processGroup, server.pid);
  assert.notEqual(statSync(`/proc/${server.pid}`).uid, 0);
  assert.equal(statSync(join(dataDir, 'password')).mode & 0o777, 0o600);
  const url = new URL(server.connectionString);
  url.password = 'guess';
  await assert.rejects(queryOn(url.href, 'select'), { code: '28P01' });
  url.searchParams.delete('host');
  await assert.rejects(queryOn(url.href, 'select'), { code: '28P01' });
  await server.stop();
});

test('after kill -9 of its process the server is used again, and stopped by the next one', async (t) => {
  const parent = await startInChild(dataDir);
  parent.child.kill('SIGKILL');
  await sleep(50);
  assert.ok(isAlive(parent.pid));
  const server = await start(t, dataDir);
  assert.equal(server.startedHere, false);
  assert.equal(server.pid, parent.pid);
  await server.stop();
  assert.ok(!isAlive(parent.pid));
});

test('after kill -9 of the server itself the next start recovers what was committed', async (t) => {
  const server = await start(t, dataDir);
  await queryOn(server.connectionString, 'update kept set value = 8');
  process.kill(server.pid, 'SIGKILL');
  const next = await start(t, dataDir);
  assert.ok(next.startedHere);
  assert.deepEqual(await queryOn(next.connectionString, 'select value from kept'), [{ value: 8 }]);
  await server.stop();
  assert.ok(isAlive(next.pid), 'a handle of the server before must not stop this one');
  await next.stop();
});

test('the server stays until the last process that uses it stops', async (t) => {
  const first = await start(t, dataDir);
  const second = await startInChild(dataDir);
  assert.deepEqual([second.startedHere, second.pid], [false, first.pid]);
  await first.stop();
  assert.ok(isAlive(first.pid));
  await second.stop();
  assert.ok(!isAlive(first.pid));
});

test('a connection named overair keeps the server up, another one does not', async (t) => {
  const server = await start(t, dataDir);
  const ours = await connected(server.connectionString, 'overair worker');
  await server.stop();
  assert.ok(isAlive(server.pid));
  await ours.end();
  const next = await start(t, dataDir);
  const stranger = await connected(server.connectionString, 'psql');
  await next.stop();
  assert.ok(!isAlive(server.pid));
  await stranger.end();
});

test('a lock file whose pid now belongs to another program does not stop the start', async (t) => {
  writeFileSync(
    join(dataDir, 'data', 'postmaster.pid'),
    `${process.pid}\n/x\n1\n1\n/x\n127.0.0.1\n 1 1\nready\n`,
  );
  const server = await start(t, dataDir);
  assert.ok(server.startedHere);
  await server.stop();
});

test('a server that does not take our password is left alone, and the error says what to do', async (t) => {
  const server = await start(t, dataDir);
  const password = readFileSync(join(dataDir, 'password'));
  writeFileSync(join(dataDir, 'password'), 'another\n');
  await refused(dataDir, /in use by another server \(process \d+\).*DATABASE_URL/);
  writeFileSync(join(dataDir, 'password'), password);
  await server.stop();
});

test('a data directory of another major version is refused, named, and not touched', async (t) => {
  const file = join(dataDir, 'data', 'PG_VERSION');
  const version = readFileSync(file);
  t.after(() => writeFileSync(file, version));
  writeFileSync(file, '16\n');
  await refused(dataDir, /was made by PostgreSQL 16; this Overair runs 18\..*DATABASE_URL/);
  assert.equal(readFileSync(file, 'utf8'), '16\n');
});

test("somebody else's PostgreSQL directory is refused", async (t) => {
  const directory = temporaryDirectory(t);
  writeFileSync(join(directory, 'PG_VERSION'), '15\n');
  await refused(directory, /made by PostgreSQL 15, not by Overair/);
  assert.deepEqual(readdirSync(directory), ['PG_VERSION']);
});

test('a data directory that is a file is refused', async (t) => {
  const file = join(temporaryDirectory(t), 'file');
  writeFileSync(file, '');
  await refused(file, /is not a directory/);
});

test('without binaries for this machine the error says to set DATABASE_URL', async (t) => {
  const directory = temporaryDirectory(t);
  const starting = startEmbeddedPostgres({ ...options(directory), binaries: '/nowhere', cacheDirs: [] });
  await assert.rejects(starting, isUnavailable(/set DATABASE_URL/));
});

test('a server log beyond 10 MB starts again from nothing', async (t) => {
  const log = join(dataDir, 'postgres.log');
  writeFileSync(log, Buffer.alloc(11 * 1024 * 1024, 'x'));
  const server = await start(t, dataDir);
  await server.stop();
  assert.ok(statSync(log).size < 10_000);
});

test('two processes that start at once on an empty directory share one server with one initdb', async (t) => {
  const directory = temporaryDirectory(t);
  const both = await Promise.all([startInChild(directory), startInChild(directory)]);
  assert.equal(both[0].pid, both[1].pid);
  assert.deepEqual(both.map((each) => each.startedHere).sort(), [false, true]);
  assert.deepEqual(readdirSync(directory).sort(), ['data', 'password', 'postgres.log']);
  await Promise.all(both.map((each) => each.stop()));
  assert.ok(!isAlive(both[0].pid));
});

test('an initdb that was killed in the middle is made again', async (t) => {
  const directory = temporaryDirectory(t);
  const { child } = spawnStarter(directory);
  while (!readdirSync(directory).some((name) => name.startsWith('data.new.'))) await sleep(5);
  await sleep(100);
  child.kill('SIGKILL');
  const server = await start(t, directory);
  assert.ok(server.startedHere);
  await server.stop();
});

test('with a path too long for a socket the server is reached over TCP', async (t) => {
  const directory = join(temporaryDirectory(t), 'x'.repeat(100));
  const server = await start(t, directory);
  assert.equal(new URL(server.connectionString).search, '');
  assert.deepEqual(await queryOn(server.connectionString, 'select 1 as one'), [{ one: 1 }]);
  await server.stop();
});

test('binaries without their links, where nobody else may look, are copied to a cache and run', async (t) => {
  const directory = temporaryDirectory(t);
  const binaries = join(directory, 'hidden', 'native');
  mkdirSync(dirname(binaries), { mode: 0o700 });
  cpSync(packagedBinaries(), binaries, {
    recursive: true,
    filter: (file) => !/\.so(\.\d+)?$/.test(file) || !isLink(file),
  });
  const cacheDir = join(publicDirectory(t), 'cache');
  const unsafe = join(publicDirectory(t), 'unsafe');
  mkdirSync(unsafe);
  chmodSync(unsafe, 0o777);
  const server = await startEmbeddedPostgres({
    ...options(join(directory, 'data')),
    binaries,
    cacheDirs: [unsafe, cacheDir],
  });
  await server.stop();
  assert.deepEqual(readdirSync(unsafe), [], 'a place that others can write to must not be used');
  assert.equal(readdirSync(cacheDir).length, 1);
});

const unprivileged = isRoot && spawnSync(process.execPath, ['-e', ''], { ...nobody, cwd: '/' }).status === 0;

test('an unprivileged user starts it too', {
  skip: unprivileged ? false : 'not root, or not reachable',
}, async (t) => {
  const directory = publicDirectory(t);
  chownSync(directory, nobody.uid, nobody.gid);
  const server = await startInChild(join(directory, 'data'), nobody);
  assert.ok(server.startedHere);
  assert.equal(statSync(join(directory, 'data', 'data')).uid, nobody.uid);
  await server.stop();
  assert.ok(!isAlive(server.pid));
});

test('a directory we may not write to is refused', {
  skip: unprivileged ? false : 'not root, or not reachable',
}, async (t) => {
  const directory = publicDirectory(t);
  await assert.rejects(startInChild(join(directory, 'data'), nobody), /is not accessible to this user/);
});

test('root serves the directory of a user as that user', { skip: isRoot ? false : 'not root' }, async (t) => {
  const directory = publicDirectory(t);
  const first = await start(t, join(directory, 'data'));
  await first.stop();
  spawnSync('chown', ['-R', '4242:4242', join(directory, 'data')]);
  const server = await start(t, join(directory, 'data'));
  assert.equal(statSync(`/proc/${server.pid}`).uid, 4242);
  await server.stop();
});

/** Starts it here; a test that fails half-way leaves nothing running. */
async function start(t: TestContext, directory: string): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres(options(directory));
  t.after(() => server.stop());
  return server;
}

function temporaryDirectory(t?: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'overair-embedded-'));
  t?.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

function publicDirectory(t: TestContext): string {
  const directory = temporaryDirectory(t);
  chmodSync(directory, 0o755);
  return directory;
}

function packagedBinaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
}

function isLink(file: string): boolean {
  const links = JSON.parse(readFileSync(join(packagedBinaries(), 'pg-symlinks.json'), 'utf8')) as {
    target: string;
  }[];
  return links.some(({ target }) => file.endsWith(target));
}

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

async function refused(directory: string, words: RegExp): Promise<void> {
  await assert.rejects(startEmbeddedPostgres(options(directory)), isUnavailable(words));
}

function isUnavailable(words: RegExp) {
  return (error: unknown) =>
    error instanceof AppError && error.code === 'unavailable' && words.test(error.detail);
}

async function connected(connectionString: string, name: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, application_name: name });
  client.on('error', () => {});
  await client.connect();
  return client;
}

async function queryOn(connectionString: string, text: string): Promise<Record<string, unknown>[]> {
  const client = await connected(connectionString, 'test');
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

const starter = `
  import { startEmbeddedPostgres } from ${JSON.stringify(new URL('embedded_postgres.ts', import.meta.url).href)};
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const server = await startEmbeddedPostgres({ dataDir: process.env.DATA_DIR, log });
  console.log(JSON.stringify(server));
  process.stdin.resume().once('end', () => server.stop());
`;

function spawnStarter(directory: string, user = {}): { child: ChildProcess; words: () => string } {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', starter],
    {
      ...user,
      cwd: '/',
      env: { DATA_DIR: directory },
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  let words = '';
  child.stderr?.on('data', (chunk) => (words += chunk));
  return { child, words: () => words };
}

/** Starts it in a process of its own; `stop` stops it there and ends that process. */
async function startInChild(directory: string, user = {}) {
  const { child, words } = spawnStarter(directory, user);
  const ended = new Promise((resolve) => child.once('close', resolve));
  for await (const line of createInterface({ input: child.stdout! })) {
    const server = JSON.parse(line) as { pid: number; startedHere: boolean };
    const stop = async () => {
      child.stdin!.end();
      await ended;
    };
    return { ...server, child, stop };
  }
  throw new Error(words());
}
