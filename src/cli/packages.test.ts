import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { buildProfilePackage } from '../rsp/profile/build_profile_package.ts';
import { testSubscription } from '../rsp/profile/test_subscription.ts';
import { packagesCommand } from './packages.ts';

const folder = await mkdtemp(join(tmpdir(), 'overair-packages-'));
after(() => rm(folder, { recursive: true }));
const good = buildProfilePackage(testSubscription);

async function check(bytes: Uint8Array, ...more: string[]) {
  const path = join(folder, 'package.der');
  await writeFile(path, bytes);
  const said: string[] = [];
  let failed = false;
  await packagesCommand(['check', path, ...more], {
    out: (text) => said.push(text),
    fail: () => {
      failed = true;
    },
  });
  return { said: said.join('\n'), failed };
}

test('a good package has no findings', async () => {
  assert.deepEqual(await check(good), {
    said: 'No eUICC should refuse this package: 0 errors, 0 warnings.',
    failed: false,
  });
});

test('a warning does not fail', async () => {
  const { said, failed } = await check(buildProfilePackage({ ...testSubscription, adm1: '55555555' }));
  assert.match(
    said,
    /^WARNING in element 3, pinCodes \(number 3\)\n {2}Test values are still in the profile: ADM1/,
  );
  assert.equal(failed, false);
});

test('an error names its place, why it matters and what to do, and fails', async () => {
  const { said, failed } = await check(good.subarray(0, 300));
  assert.match(said, /^ERROR in the package\n.*data is cut off.*\n {2}Why it matters: .*\n {2}What to do: /);
  assert.equal(failed, true);
  const broken = Buffer.from(good);
  broken[broken.indexOf(Buffer.from('890011', 'hex')) + 9] = 0x7f;
  const all = JSON.parse((await check(broken, '--json')).said);
  assert.deepEqual([all[0].rule, all[0].name, all[0].element], ['iccid is well formed', 'header', 0]);
});

test('a file that cannot be read is said', async () => {
  await assert.rejects(packagesCommand(['check', join(folder, 'none')]), /cannot be read/);
});
