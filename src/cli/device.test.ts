// The device commands against a server on this machine: what they print, and what they answer to mistakes.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startTestSmdp, type TestServer, testMetadata } from '../device/test_smdp.ts';
import { makeTestPki } from '../rsp/pki/make_test_pki.ts';
import { readPki } from '../rsp/pki/read_pki.ts';
import { deviceCommand } from './device.ts';

const folder = mkdtempSync(join(tmpdir(), 'overair-device-'));
const { iccid } = testMetadata;
let server: TestServer;

before(async () => {
  const files = makeTestPki({ smdpAddress: 'localhost', now: new Date() });
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, 'pki', path)), { recursive: true });
    writeFileSync(join(folder, 'pki', path), bytes);
  }
  const notificationConfigurationInfo = (address: string) => [
    {
      profileManagementOperation: ['enable' as const, 'disable' as const, 'delete' as const],
      notificationAddress: address,
    },
  ];
  server = await startTestSmdp({
    pkiOf: () => readPki([...files].map(([path, bytes]) => ({ path, bytes }))),
    confirmationCode: '1234',
    metadataOf: (address) => ({ notificationConfigurationInfo: notificationConfigurationInfo(address) }),
  });
});
after(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

async function device(...args: string[]): Promise<{ out: string; error: string; failed: boolean }> {
  const result = { out: '', error: '', failed: false };
  await deviceCommand(args, {
    out: (text) => (result.out += `${text}\n`),
    error: (text) => (result.error += `${text}\n`),
    fail: () => (result.failed = true),
    env: { OVERAIR_DATA_DIR: folder },
  });
  return result;
}

describe('overair device', () => {
  it('downloads with a card made on first use, then lists, enables, disables and deletes', async () => {
    const code = `LPA:1$${server.address}$A-1$$1`;
    const missing = await device('download', code);
    assert.ok(missing.failed && missing.error.includes('confirmation code'));
    const downloaded = await device('download', code, '--confirmation-code', '1234');
    assert.ok(!downloaded.failed, downloaded.error);
    assert.match(downloaded.out, /ms {2}initiateAuthentication[\s\S]*Installed Example Mobile Plan A/);
    assert.match(
      (await device('list')).out,
      new RegExp(`${iccid} +disabled +Example Mobile +Plan A +001010000000017`),
    );
    for (const [command, outcome] of [
      ['enable', 'enabled'],
      ['disable', 'disabled'],
      ['delete', 'deleted'],
    ] as const) {
      const done = await device(command, iccid);
      assert.match(done.out, new RegExp(`${iccid} is ${outcome}. 1 notification`), done.error);
    }
    assert.match((await device('list')).out, /no profiles/);
    assert.match((await device('notifications')).out, /Nothing waits/);
  });

  it('prints JSON when asked to, for failures too', async () => {
    const info = JSON.parse((await device('info', '--json')).out);
    assert.match(info.eid, /^89049032\d{24}$/);
    const failed = await device('enable', iccid, '--json');
    assert.ok(failed.failed);
    assert.equal(JSON.parse(failed.out).error.cardRefusal.reason, 'The eUICC has no such profile.');
  });

  const mistakes: [string, string[], RegExp][] = [
    ['an unknown command', ['dance'], /no command dance/],
    ['an unknown option', ['list', '--loud'], /--loud/],
    ['something that is no activation code', ['download', 'hello'], /no usable activation code/],
    ['no default SM-DP+', ['download'], /no default SM-DP\+/],
    ['a server that is not there', ['download', 'LPA:1$localhost:1$A'], /Is the server running/],
    ['no ICCID', ['enable'], /ICCID of 18 to 20 digits/],
    [
      'a PKI that is not there',
      ['info', '--file', join(folder, 'x.json'), '--pki', join(folder, 'nowhere')],
      /overair serve/,
    ],
    ['a card that exists', ['create'], /already/],
  ];
  for (const [title, args, words] of mistakes)
    it(`says what is wrong with ${title}, and fails`, async () => {
      const { failed, error } = await device(...args);
      assert.ok(failed);
      assert.match(error, words);
    });
});
