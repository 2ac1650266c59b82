// "It does not install": what an operator sees and does, by `overair profiles`, on a running server and with real devices.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profilesCommand } from '../../src/cli/profiles.ts';
import { downloadProfile } from '../../src/device/lpa/download_profile.ts';
import { deleteProfile, enableProfile, getEid } from '../../src/device/lpa/es10_client.ts';
import { sendNotifications } from '../../src/device/lpa/send_notifications.ts';
import { startPlatform } from '../support/platform.ts';

const { call, order, device, server, apiKey } = await startPlatform();
const product = 'esim_1GB_7D_NL_V2';
const esimOf = async ({ id }: { id: string }) => (await call('GET', `/esims/${id}`)).body;

async function profiles(...args: string[]): Promise<string> {
  const lines: string[] = [];
  await profilesCommand([...args, '--api', server.apiUrl, '--key', apiKey], {
    out: (text) => lines.push(text),
    env: {},
  });
  return lines.join('\n');
}

test('a customer fails the confirmation code five times: the operator sees why and resets it, and it installs', async () => {
  const [esim] = await order({ product, confirmationCode: '4711' });
  const { lpa } = device();
  const answers = ['1', '2', '3', '4', '5'].map((digit) => digit.repeat(4));
  await assert.rejects(
    downloadProfile(lpa, esim.activationCode, { confirmationCode: () => answers.shift() }),
  );
  assert.equal((await esimOf(esim)).state, 'failed');

  const shown = await profiles('show', esim.activationCode);
  assert.match(
    shown,
    new RegExp(`^Profile ${esim.iccid}\n  State +error\n  Last result +failed: .*too often`),
  );
  assert.match(shown, /Wrong codes +5 of 5/);
  assert.match(shown, /May be done +reset, release/);
  const told = await profiles('sessions', esim.iccid);
  assert.equal(told.match(/getBoundProfilePackage +refused 8\.2\.7\/3\.8/g)?.length, 4);
  assert.match(told, /getBoundProfilePackage +refused 8\.2\.7\/6\.4/);

  assert.match(await profiles('reset', esim.iccid, '--reason', 'has the code now'), /State +released/);
  assert.equal((await esimOf(esim)).state, 'available');
  await downloadProfile(lpa, esim.activationCode, { confirmationCode: '4711' });
  assert.match(await profiles('show', esim.iccid), /State +installed\n {2}Last result +installed/);
  assert.match(
    await profiles('history', esim.iccid),
    /profile\.installed +system\n.*profile\.downloaded +system\n.*profile\.reset +key_\w+ +has the code now\n.*profile\.download_failed/,
  );
});

test('a profile that was deleted on the device is released again to another phone, whose word counts from then on', async () => {
  const [esim] = await order({ product });
  const [first, second] = [device(), device()];
  await downloadProfile(first.lpa, esim.activationCode);
  deleteProfile(first.card, esim.iccid);
  await sendNotifications(first.lpa);
  await assert.rejects(downloadProfile(second.lpa, esim.activationCode), /8\.1\.1\/3\.8/);
  await assert.rejects(profiles('rebind', esim.iccid, '--any-eid'), { detail: /deleted.*Release it again/ });

  await profiles('release', esim.iccid, '--any-eid');
  await downloadProfile(second.lpa, esim.activationCode);
  enableProfile(second.card, esim.iccid);
  await sendNotifications(second.lpa);
  const { state, enabled, eid } = await esimOf(esim);
  assert.deepEqual([state, enabled, eid], ['installed', true, getEid(second.card)]);
  assert.match(await profiles('show', esim.iccid), /State +installed, enabled/);
  const reported = await profiles('notifications', esim.iccid);
  assert.match(reported, new RegExp(`delete .*${getEid(first.card)}`));
  assert.match(await profiles('sessions', '--eid', getEid(second.card)), /refused 8\.1\.1\/3\.8/);
});

test('a lost phone: released with a new code, the profile goes to the next phone and the old code is worth nothing', async () => {
  const [esim] = await order({ product });
  await downloadProfile(device().lpa, esim.activationCode);
  await assert.rejects(profiles('release', esim.iccid), { detail: /notOnDevice/ });
  await profiles(
    'release',
    esim.iccid,
    '--not-on-device',
    '--any-eid',
    '--new-matching-id',
    '--reason',
    'lost phone',
  );
  const { lpa } = device();
  await assert.rejects(downloadProfile(lpa, esim.activationCode), /8\.2\.6\/3\.8/);
  await downloadProfile(lpa, (await esimOf(esim)).activationCode);
  assert.equal((await esimOf(esim)).state, 'installed');
});
