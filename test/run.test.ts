import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const cases: [title: string, body: string, code: number, lastLines: RegExp][] = [
  ['passes', 'if (!process.env.OVERAIR_TEST_DATABASE_URL) throw new Error()', 0, /pass 1\n(.*\n)*.*fail 0\n/],
  ['fails', 'throw new Error()', 1, /pass 0\n(.*\n)*.*fail 1\n/],
];
for (const [title, body, code, lastLines] of cases)
  test(`a run that ${title} ends with ${code}, with the closing lines of node's runner, and leaves nothing`, async (t) => {
    const { runner, output, directory } = startRun(t, body);
    const ended = await new Promise((resolve) => runner.once('close', resolve));
    assert.equal(ended, code, output());
    assert.match(output(), lastLines);
    assert.deepEqual(readdirSync(directory), ['one.test.ts']);
  });

const moments: [moment: string, sign: string][] = [
  ['while its server starts', 'overair-test-'],
  ['in the middle of a test', 'running'],
];
for (const [moment, sign] of moments)
  test(`a run that is interrupted ${moment} stops its server and removes its directory`, async (t) => {
    const body = `writeFileSync(tmpdir() + '/running', ''); await new Promise((resolve) => setTimeout(resolve, 60_000))`;
    const { runner, directory } = startRun(t, body);
    while (!readdirSync(directory).some((name) => name.startsWith(sign))) await sleep(20);
    runner.kill('SIGTERM');
    const ended = await new Promise((resolve) => runner.once('close', resolve));
    assert.notEqual(ended, 0);
    assert.deepEqual(
      readdirSync(directory).filter((name) => name !== 'running'),
      ['one.test.ts'],
    );
  });

function startRun(
  t: TestContext,
  body: string,
): { runner: ChildProcess; output: () => string; directory: string } {
  const directory = mkdtempSync(join(tmpdir(), 'overair-run-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'one.test.ts');
  writeFileSync(
    file,
    `import { writeFileSync } from 'node:fs';\nimport { tmpdir } from 'node:os';\nimport { test } from 'node:test';\ntest('one', async () => { ${body} });\n`,
  );
  // A runner within a runner runs nothing unless it does not know.
  const { NODE_TEST_CONTEXT: _, OVERAIR_TEST_DATABASE_URL: __, ...env } = process.env;
  const runner = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', fileURLToPath(new URL('run.ts', import.meta.url)), file],
    {
      env: { ...env, TMPDIR: directory },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  for (const stream of [runner.stdout, runner.stderr]) stream.on('data', (chunk) => (output += chunk));
  return { runner, output: () => output, directory };
}
