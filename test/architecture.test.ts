import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const root = new URL('..', import.meta.url).pathname;

test('the import graph is as layers.json says, and every source file was looked at', async () => {
  const { violations, modules } = await cruise(root);
  assert.deepEqual(violations, []);
  const files = (await readdir(join(root, 'src'), { recursive: true })).filter((name) =>
    name.endsWith('.ts'),
  );
  assert.ok(modules >= files.length, `${modules} modules cruised for ${files.length} files`);
});

test('every room and every module on disk stands in layers.json', async () => {
  const { rooms, modules } = JSON.parse(await readFile(join(root, 'layers.json'), 'utf8'));
  assert.deepEqual((await readdir(join(root, 'src'))).sort(), Object.keys(rooms).sort());
  assert.deepEqual((await readdir(join(root, 'src/modules'))).sort(), Object.keys(modules).sort());
});

test('no source file is left out of the repository by .gitignore', async (t) => {
  const run = promisify(execFile);
  const ignored = [
    'ls-files',
    '--others',
    '--ignored',
    '--exclude-standard',
    '--',
    'src',
    'test',
    'bench',
    'sql',
    'docs',
  ];
  const answer = await run('git', ignored, { cwd: root }).catch(() => undefined);
  if (!answer) return t.skip('not a git checkout');
  assert.equal(answer.stdout, '');
});

test('each planted fault is found by the rule that is there for it', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'overair-layers-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  for (const name of ['.dependency-cruiser.cjs', 'layers.json', 'package.json', 'tsconfig.json'])
    await cp(join(root, name), join(folder, name));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const good = 'export const x = 1;\n';
  for (const path of [
    'base/a.ts',
    'der/a.ts',
    'pg/query.ts',
    'modules/events/index.ts',
    'modules/events/inner.ts',
    'modules/orders/index.ts',
    'api/v1/a.ts',
    'api/es9/a.ts',
  ])
    await plant(folder, path, good);
  for (const [file, text] of Object.values(planted)) await plant(folder, file, text);
  const { violations } = await cruise(folder);
  for (const [rule, [file]] of Object.entries(planted)) {
    assert.ok(
      violations.some(
        (found) => found.rule === rule && found.from.startsWith(`src/${file.replace('.ts', '')}`),
      ),
      `${rule} did not find ${file}`,
    );
  }
});

/** By rule: a file and what it wrongly holds. */
const planted: Record<string, [file: string, text: string]> = {
  'room-base': ['base/uphill.ts', "import { x } from '../der/a.ts';\nexport const y = x;\n"],
  'room-device': [
    'device/knows_modules.ts',
    "import { x } from '../modules/events/index.ts';\nexport const y = x;\n",
  ],
  'module-events': [
    'modules/events/uphill.ts',
    "import { x } from '../orders/index.ts';\nexport const y = x;\n",
  ],
  'module-front-door': [
    'modules/orders/side_door.ts',
    "import { x } from '../events/inner.ts';\nexport const y = x;\n",
  ],
  'module-front-door-outside': [
    'main/side_door.ts',
    "import { x } from '../modules/events/inner.ts';\nexport const y = x;\n",
  ],
  'facades-are-strangers': ['api/v1/neighbour.ts', "import { x } from '../es9/a.ts';\nexport const y = x;\n"],
  'pure-rooms-stay-pure': ['rsp/impure.ts', "import pg from 'pg';\nexport const y = pg;\n"],
  'no-statements-above-modules': [
    'api/v1/statement.ts',
    "import { x } from '../../pg/query.ts';\nexport const y = x;\n",
  ],
  'sql-stays-home': ['api/v1/driver.ts', "import pg from 'pg';\nexport const y = pg;\n"],
  'http-stays-home': [
    'modules/orders/http.ts',
    "import fastify from 'fastify';\nexport const y = fastify;\n",
  ],
  'unknown-room': ['attic/a.ts', "import { x } from '../base/a.ts';\nexport const y = x;\n"],
  'no-cycle': ['base/circle.ts', "import { z } from './circle_back.ts';\nexport const y = z;\n"],
};

async function plant(folder: string, path: string, text: string): Promise<void> {
  const file = join(folder, 'src', path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  if (path === 'base/circle.ts')
    await writeFile(
      join(folder, 'src/base/circle_back.ts'),
      "import { y } from './circle.ts';\nexport const z: number = y;\n",
    );
}

type Violation = { rule: string; from: string };

function cruise(folder: string): Promise<{ violations: Violation[]; modules: number }> {
  const args = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src'];
  return new Promise((resolve, reject) => {
    execFile(
      join(root, 'node_modules/.bin/depcruise'),
      args,
      { cwd: folder, maxBuffer: 2 ** 28 },
      (error, stdout) => {
        if (error && stdout === '') return reject(error);
        const { summary, modules } = JSON.parse(stdout);
        const violations = summary.violations.map((each: { rule: { name: string }; from: string }) => ({
          rule: each.rule.name,
          from: each.from,
        }));
        resolve({ violations, modules: modules.length });
      },
    );
  });
}
