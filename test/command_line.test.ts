import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { settingsAsMarkdown } from '../src/cli/config.ts';

const overair = new URL('../bin/overair', import.meta.url).pathname;
const docs = new URL('../docs/', import.meta.url);

test('the demo goes from an order to an eSIM in use on a machine with nothing, and a second time on what it left', async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'overair-demo-'));
  t.after(() => rm(dataDir, { recursive: true, force: true }));
  for (let time = 0; time < 2; time++) {
    const { code, stdout, stderr } = await run(['demo', '--once'], {
      OVERAIR_DATA_DIR: dataDir,
      OVERAIR_HTTP_PORT: '0',
      OVERAIR_ES9_PORT: '0',
      OVERAIR_ES2_PORT: '0',
      OVERAIR_SMDS_PORT: '0',
    });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /LPA:1\$localhost:\d+\$[0-9A-Z-]+/);
    assert.match(stdout, /esim\.installed/);
    assert.match(stdout, /says: active, 400 MB left/);
  }
});

test('the sandbox prints the URLs and credentials of every door as JSON, and the same ones again', async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'overair-sandbox-'));
  t.after(() => rm(dataDir, { recursive: true, force: true }));
  const sandbox = async () =>
    JSON.parse((await run(['sandbox', '--json'], { OVERAIR_DATA_DIR: dataDir })).stdout);
  const first = await sandbox();
  assert.match(first.doors.v1.apiKey, /^ovr_/);
  assert.equal(first.doors.v1.baseUrl, 'http://127.0.0.1:8080/v1');
  assert.equal(first.doors.supersim.baseUrl, 'http://127.0.0.1:8080/supersim');
  assert.equal(first.doors.supersim.accountSid, `AC${first.account.id.slice(4)}`);
  assert.equal(first.doors.esimgo.baseUrl, 'http://127.0.0.1:8080/v2.4');
  assert.equal(first.doors.connect.baseUrl, 'http://127.0.0.1:8080/connect-api');
  assert.match(first.doors.connect.clientId, /^key_/);
  assert.equal(first.doors.es9.smdpAddress, 'localhost:8443');
  assert.deepEqual(await sandbox(), first);
});

test('a signal to npm start ends the server, not npm alone', async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'overair-start-'));
  t.after(() => rm(dataDir, { recursive: true, force: true }));
  const ports = Object.fromEntries(
    ['HTTP', 'ES9', 'ES2', 'SMDS'].map((name) => [`OVERAIR_${name}_PORT`, '0']),
  );
  const npm = spawn('npm', ['start', '--silent'], {
    cwd: new URL('..', import.meta.url),
    env: { ...withoutSettings(), ...ports, OVERAIR_DATA_DIR: dataDir },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let told = '';
  for await (const chunk of npm.stderr) {
    told += chunk;
    if (/overair is ready/.test(told)) npm.kill('SIGTERM');
  }
  const [, api] = /"api":"([^"]+)"/.exec(told) ?? [];
  assert.ok(api);
  await assert.rejects(fetch(api), { message: 'fetch failed' });
});

test('unknown and malformed settings are refused by name, before anything starts', async () => {
  const { code, stderr } = await run(['serve'], { OVERAIR_HTTP_PRT: '1', OVERAIR_ES9_PORT: '99999' });
  assert.equal(code, 1);
  assert.match(stderr, /OVERAIR_HTTP_PRT: there is no such setting/);
  assert.match(stderr, /OVERAIR_ES9_PORT: give a whole number from 0 to 65535/);
});

test('an unknown command lists the known ones and fails', async () => {
  const { code, stderr } = await run(['sevre'], {});
  assert.equal(code, 1);
  assert.match(stderr, /no command "sevre"[\s\S]*overair serve/);
});

test('docs/config.md lists the settings as they are', async () => {
  assert.equal(await readFile(new URL('config.md', docs), 'utf8'), `${settingsAsMarkdown()}\n`);
});

function run(
  args: string[],
  settings: Record<string, string>,
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      overair,
      args,
      { env: { ...withoutSettings(), ...settings }, timeout: 120_000 },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
      },
    );
  });
}

/** The environment, but for what it says to Overair. */
function withoutSettings(): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('OVERAIR_') && name !== 'DATABASE_URL'),
  );
}
