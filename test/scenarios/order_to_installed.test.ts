import assert from 'node:assert/strict';
import { test } from 'node:test';
import { downloadProfile } from '../../src/device/lpa/download_profile.ts';
import { deleteProfile, disableProfile, enableProfile, getEid } from '../../src/device/lpa/es10_client.ts';
import { sendNotifications } from '../../src/device/lpa/send_notifications.ts';
import { inspectProfilePackage } from '../../src/rsp/profile/inspect_profile_package.ts';
import { startPlatform } from '../support/platform.ts';

const platform = await startPlatform();
const { call, order, device } = platform;
const product = 'esim_1GB_7D_NL_V2';
const stateOf = async (esim: { id: string }) => (await call('GET', `/esims/${esim.id}`)).body.state;

test('an order becomes a profile that a device downloads, installs, enables, disables and deletes, and the API follows', async () => {
  const [esim] = await order({ product });
  const { card, lpa } = device();
  const installed = await downloadProfile(lpa, esim.activationCode);
  assert.equal(installed.iccid, esim.iccid);
  const enabledState = async () => {
    const { state, enabled, eid } = (await call('GET', `/esims/${esim.id}`)).body;
    return { state, enabled, eid };
  };
  const eid = getEid(card);
  assert.deepEqual(await enabledState(), { state: 'installed', enabled: false, eid });
  enableProfile(card, esim.iccid);
  await sendNotifications(lpa);
  assert.deepEqual(await enabledState(), { state: 'installed', enabled: true, eid });
  disableProfile(card, esim.iccid);
  await sendNotifications(lpa);
  assert.deepEqual(await enabledState(), { state: 'installed', enabled: false, eid });
  deleteProfile(card, esim.iccid);
  await sendNotifications(lpa);
  assert.deepEqual(await enabledState(), { state: 'deleted', enabled: false, eid });
  const { data } = (await call('GET', `/events?resource=${esim.id}`)).body;
  assert.deepEqual(
    data.map((event: any) => event.type),
    [
      'esim.reserved',
      'esim.available',
      'esim.downloaded',
      'esim.installed',
      'esim.enabled',
      'esim.disabled',
      'esim.deleted',
    ],
  );
});

test('the ICCID in the metadata, in the package header and in the stock agree, and the package carries the subscription', async () => {
  const [esim] = await order({ product });
  const { card, lpa } = device();
  await downloadProfile(lpa, esim.activationCode);
  const info = inspectProfilePackage(Buffer.from(card.state.profiles[0]!.package, 'base64'));
  assert.equal(info.iccid, esim.iccid);
  assert.equal(info.msisdn, esim.msisdn);
  assert.match(info.imsi ?? '', /^99970\d{10}$/);
});

test('a profile is downloaded by one eUICC only, and only once', async () => {
  const [esim] = await order({ product });
  const first = device();
  await downloadProfile(first.lpa, esim.activationCode);
  await assert.rejects(downloadProfile(device().lpa, esim.activationCode), /8\.1\.1\/3\.8|8\.2\/1\.2/);
  await assert.rejects(downloadProfile(first.lpa, esim.activationCode), /8\.2\/1\.2/);
  assert.equal(await stateOf(esim), 'installed');
});

test('a confirmation code is asked for, may be wrong and then right in one session, and ends the eSIM after too many', async () => {
  const [esim, other] = await order({ product, quantity: 2, confirmationCode: '4711' });
  assert.ok(esim.activationCode.endsWith('$$1') && esim.confirmationCodeRequired);
  const answers = ['0000', '4711'];
  await downloadProfile(device().lpa, esim.activationCode, { confirmationCode: () => answers.shift() });
  assert.equal(await stateOf(esim), 'installed');
  for (let tries = 0; tries < 5; tries++)
    await assert.rejects(downloadProfile(device().lpa, other.activationCode, { confirmationCode: '0000' }));
  await assert.rejects(downloadProfile(device().lpa, other.activationCode, { confirmationCode: '4711' }));
  assert.equal(await stateOf(other), 'failed');
});

test('an eSIM for an EID is fetched from the default SM-DP+ without a code, by that eUICC alone', async () => {
  const { card, lpa } = device();
  const [esim] = await order({ product, eid: getEid(card), delivery: 'default_smdp' });
  assert.equal(esim.activationCode, null);
  const source = { smdpAddress: platform.server.smdpAddress };
  await assert.rejects(downloadProfile(device().lpa, source), /8\.1\.1\/3\.8/);
  assert.equal((await downloadProfile(lpa, source)).iccid, esim.iccid);
  await assert.rejects(downloadProfile(lpa, source), /8\.1\.1\/3\.8/);
});

test('a device that turns the offer down, or puts it off, tells the server, and only a refusal ends the eSIM', async () => {
  const [refused] = await order({ product });
  await assert.rejects(downloadProfile(device().lpa, refused.activationCode, { askConsent: () => false }));
  assert.equal(await stateOf(refused), 'failed');
  const [postponed] = await order({ product, confirmationCode: '1234' });
  await assert.rejects(downloadProfile(device().lpa, postponed.activationCode));
  assert.equal(await stateOf(postponed), 'available');
  await downloadProfile(device().lpa, postponed.activationCode, { confirmationCode: '1234' });
});

test('two nodes serve alternate calls of the same session', async () => {
  const [esim] = await order({ product });
  const node = await platform.startNode();
  const ports = [platform.server, node].map((server) => Number(new URL(server.es9Url).port));
  const { card, lpa } = device();
  const lpas = ports.map((port) => device({}, { connectTo: { host: '127.0.0.1', port } }).lpa);
  let calls = 0;
  const alternating = {
    card,
    es9: { ...lpa.es9, call: (request: any) => lpas[calls++ % 2]!.es9.call(request) },
  };
  await downloadProfile(alternating as typeof lpa, esim.activationCode);
  assert.ok(calls >= 4);
  assert.equal(await stateOf(esim), 'installed');
});
