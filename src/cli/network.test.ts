// The network commands for a card file, against a platform on this machine: what they print, keep, and answer to mistakes.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createCardFile } from '../device/card_file.ts';
import { enableProfile } from '../device/lpa/es10_client.ts';
import { problem, startTestPlatform } from '../device/network/test_platform.ts';
import { install, newCard } from '../device/test_card.ts';
import { testSubscription } from '../rsp/profile/test_subscription.ts';
import { networkCommand } from './network.ts';

const folder = mkdtempSync(join(tmpdir(), 'overair-network-'));
const platform = await startTestPlatform();
const { imsi, iccid } = testSubscription;

before(() => {
  const card = newCard();
  install(card);
  enableProfile(card, iccid);
  createCardFile(join(folder, 'device.json'), card.state);
  writeFileSync(join(folder, 'sandbox.json'), JSON.stringify({ apiKey: 'ovr_sandbox' }));
  writeFileSync(
    join(folder, 'server.json'),
    JSON.stringify({ pid: process.pid, apiUrl: platform.baseUrl.replace('/v1', '') }),
  );
});
after(async () => {
  await platform.close();
  rmSync(folder, { recursive: true });
});

async function network(...args: string[]): Promise<{ out: string; error: string; failed: boolean }> {
  const result = { out: '', error: '', failed: false };
  await networkCommand(args, {
    out: (text) => (result.out += `${text}\n`),
    error: (text) => (result.error += `${text}\n`),
    fail: () => (result.failed = true),
    env: { OVERAIR_DATA_DIR: folder },
  });
  return result;
}

describe('overair network', () => {
  it('takes a phone through a trip, one command at a time', async () => {
    const story: [string[], RegExp][] = [
      [['status'], /^Not attached/],
      [
        ['attach', '--network', '204-08'],
        new RegExp(`Attached to KPN \\(204-08, NL\\) with IMSI ${imsi}: data at full speed`),
      ],
      [['use', '--mb', '250'], /^Used 250 MB \(25 sent, 225 received\) at full speed, told in 3 record/],
      [['roam', '--network', '208-01'], /^Now on KPN \(208-01/],
      [['use', '--kbps', '800', '--seconds', '10'], /^Used 1 MB/],
      [['call', '--seconds', '60'], /^Called for 60 s/],
      [['sms', 'hello there'], /^Sent, as cmd_1/],
      [['inbox'], /^Nothing waits/],
      [['status'], /^On KPN \(208-01/],
      [['detach'], /^Detached/],
      [['status'], /^Not attached/],
    ];
    for (const [args, words] of story) {
      const { out, error, failed } = await network(...args);
      assert.ok(!failed, error);
      assert.match(out, words);
    }
    assert.equal(platform.calls[0]?.headers.authorization, 'Bearer ovr_sandbox');
    assert.equal(platform.records().length, 6);
    assert.equal(existsSync(join(folder, 'device.network.json')), false);
  });

  it('prints JSON when asked to, for failures too', async () => {
    await network('attach', '--network', '204-08');
    platform.waiting = [
      { id: 'cmd_9', kind: 'ip', payload: 'AQI=', payloadType: 'binary', devicePort: 5000 },
    ];
    const [command] = JSON.parse((await network('inbox', '--json')).out);
    assert.equal(command.devicePort, 5000);
    platform.grant = { dataAllowed: false };
    const failed = await network('use', '--mb', '1', '--json');
    assert.ok(failed.failed);
    assert.equal(JSON.parse(failed.out).error.networkCause, 'data_not_allowed');
    platform.grant = {};
  });

  it('goes by the clock of the account', async () => {
    platform.clock = { now: '2031-05-01T10:00:00.000Z' };
    await network('attach', '--network', '204-08');
    assert.match(String(platform.of('/network/attachments').at(-1)?.['at']), /^2031-05-01T10:00/);
    platform.clock = {};
  });

  it('goes by the wall clock with a key that may not read', async () => {
    platform.fail = [problem(403, 'forbidden')];
    const { failed, error } = await network('attach', '--network', '204-08');
    assert.ok(!failed, error);
  });

  it('keeps that the line was put off the network', async () => {
    await network('attach', '--network', '204-08');
    platform.grant = { allowed: false, cause: 'line_inactive' };
    assert.match((await network('use', '--mb', '1')).error, /suspended/);
    platform.grant = {};
    assert.match((await network('use', '--mb', '1')).error, /attach it first/);
  });

  const elsewhere = join(folder, 'elsewhere.json');
  const mistakes: [string, string[], RegExp][] = [
    ['an unknown command', ['fly'], /no command fly/],
    ['an unknown option', ['use', '--loud'], /--loud/],
    ['no network', ['attach'], /MCC-MNC/],
    ['a network that is none', ['attach', '--network', 'KPN'], /MCC-MNC/],
    ['no amount', ['use'], /--mb/],
    ['two amounts', ['use', '--mb', '1', '--kbps', '1'], /either/],
    ['a rate without a time', ['use', '--kbps', '1'], /--seconds/],
    ['a negative amount', ['use', '--mb=-5'], /above 0/],
    ['no text', ['sms'], /in quotes/],
    ['a card that is not there', ['attach', '--network', '204-08', '--file', elsewhere], /card file/],
    [
      'a server that is not there',
      ['attach', '--network', '204-08', '--api', 'http://127.0.0.1:9'],
      /running/,
    ],
    ['an address that is none', ['attach', '--network', '204-08', '--api', 'localhost'], /not a URL/],
  ];
  for (const [title, args, words] of mistakes)
    it(`says what is wrong with ${title}, and fails`, async () => {
      const { failed, error } = await network(...args);
      assert.ok(failed);
      assert.match(error, words);
    });
});
