import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import twilio from 'twilio';
import { downloadProfile } from '../../src/device/lpa/download_profile.ts';
import { enableProfile, getEid } from '../../src/device/lpa/es10_client.ts';
import { sendNotifications } from '../../src/device/lpa/send_notifications.ts';
import { createSimulatedNetwork } from '../../src/device/network/simulated_network.ts';
import { openReceiver, type Received, waitFor } from '../../src/modules/webhooks/test_receiver.ts';
import { startPlatform } from '../support/platform.ts';

const platform = await startPlatform({ OVERAIR_CALLBACK_NETWORKS: '127.0.0.0/8' });
const { call, device, apiKey, server } = platform;
const { id: accountId } = (await call('GET', '/account')).body;
const client = twilio(`AC${accountId.slice(4)}`, apiKey);
client.supersim.baseUrl = `${server.apiUrl}/supersim`;
const { supersim } = client;

const receiver = await openReceiver();
after(() => receiver.close());

/** What was told to the path, in order, each signature checked by the official library. */
function told(path: string): Record<string, string>[] {
  return receiver.received.filter(({ url }) => url.startsWith(path)).map(readCallback);
}

function readCallback({ method, url, headers, body }: Received): Record<string, string> {
  const full = new URL(url, receiver.url);
  const params = Object.fromEntries(new URLSearchParams(method === 'GET' ? full.search : body));
  const signed = method === 'GET' ? {} : params;
  assert.ok(twilio.validateRequest(apiKey, headers['x-twilio-signature'] ?? '', full.href, signed), url);
  return params;
}

const at = (path: string) => new URL(path, receiver.url).href;
const days = 86_400;

test('the story of a Super SIM: reserved, configured, installed, used, charged by the month, over the official client', async () => {
  // Told everything, as the settings of the door may say.
  assert.equal((await call('PUT', '/doors/supersim', { callbackEvents: 'all' })).status, 200);
  const profile = await supersim.v1.esimProfiles.create({
    generateMatchingId: true,
    callbackUrl: at('/profile'),
  });
  assert.deepEqual([profile.status, profile.iccid, profile.simSid], ['new', null, null]);
  const reserved = await waitFor(async () => {
    const now = await supersim.v1.esimProfiles(profile.sid).fetch();
    return now.status === 'available' && now;
  });
  assert.equal(reserved.activationCode?.startsWith('1$'), true);

  // The line is configured before the profile is on any device.
  const kpn = (await supersim.v1.networks.list({ mcc: '204', mnc: '08' }))[0]!;
  const access = await supersim.v1.networkAccessProfiles.create({ uniqueName: 'nl', networks: [kpn.sid] });
  const fleet = await supersim.v1.fleets.create({
    networkAccessProfile: access.sid,
    uniqueName: 'trackers',
    dataLimit: 5,
    smsCommandsUrl: at('/from-device'),
    smsCommandsMethod: 'GET',
  });
  const sim = await supersim.v1
    .sims(reserved.simSid)
    .update({ uniqueName: 'tracker-1', fleet: 'trackers', status: 'ready' });
  assert.deepEqual([sim.status, sim.fleetSid, sim.uniqueName], ['ready', fleet.sid, 'tracker-1']);

  const { card, lpa } = device();
  await downloadProfile(lpa, `LPA:${reserved.activationCode}`);
  enableProfile(card, reserved.iccid);
  await sendNotifications(lpa);
  const installed = await supersim.v1.esimProfiles(profile.sid).fetch();
  assert.deepEqual([installed.status, installed.eid], ['installed', getEid(card)]);

  const time = { now: new Date() };
  const network = createSimulatedNetwork({ baseUrl: `${server.apiUrl}/v1`, apiKey, now: () => time.now });
  const germany = { mcc: '262', mnc: '01' };
  await assert.rejects(network.attach(card, germany), { networkCause: 'network_forbidden' });
  const session = await network.attach(card, { mcc: '204', mnc: '08' });
  assert.equal((await supersim.v1.sims('tracker-1').simIpAddresses.list())[0]?.ipAddressVersion, 'IPv4');

  // Commands both ways.
  const command = await supersim.v1.smsCommands.create({
    sim: 'tracker-1',
    payload: 'report',
    callbackUrl: at('/command'),
  });
  assert.deepEqual(
    (await network.takeCommands(session)).map(({ payload }) => payload),
    ['report'],
  );
  assert.equal((await supersim.v1.smsCommands(command.sid).fetch()).status, 'delivered');
  await network.sendSms(session, 'here I am');

  // A quarter of a megabyte makes a ready line active, five stop its data until the next month.
  time.now = new Date();
  await network.useData(session, { bytesDown: 300_000, bytesUp: 100_000 });
  assert.equal((await supersim.v1.sims(sim.sid).fetch()).status, 'active');
  time.now = new Date();
  await network.useData(session, { bytesDown: 5_000_000, bytesUp: 0 });
  assert.equal((await call('GET', '/sims/tracker-1')).body.data.blocked, true);

  const [usage] = await supersim.v1.usageRecords.list({ sim: 'tracker-1' });
  assert.deepEqual(
    [usage?.dataUpload, usage?.dataDownload, usage?.dataTotal],
    [100_000, 5_300_000, 5_400_000],
  );
  const byNetwork = await supersim.v1.usageRecords.list({ group: 'network', granularity: 'day' });
  assert.deepEqual(
    byNetwork.map(({ networkSid }) => networkSid),
    [kpn.sid],
  );

  const moved = await call('POST', '/clock', { advanceSeconds: 31 * days });
  assert.equal(moved.status, 200);
  const periods = await supersim.v1.sims('tracker-1').billingPeriods.list();
  assert.deepEqual(
    periods.map(({ periodType }) => periodType),
    ['active', 'active', 'ready'],
  );

  const events = await waitFor(() => told('/profile').length >= 3 && told('/profile'));
  assert.deepEqual(
    events.map((each) => each['ESimProfileStatus']),
    ['available', 'downloaded', 'installed'],
  );
  for (const each of events)
    assert.deepEqual(
      [each['ESimProfileSid'], each['SimSid'], each['SimIccid']],
      [profile.sid, sim.sid, sim.iccid],
    );
  await waitFor(() => told('/command').length >= 2);
  assert.deepEqual(
    told('/command').map((each) => each['Status']),
    ['sent', 'delivered'],
  );
  assert.deepEqual(
    told('/from-device').map((each) => each['Payload']),
    ['here I am'],
  );
});

test('an eSIM for an EID is fetched from the default SM-DP+, without any code, by that eUICC alone', async () => {
  const { card, lpa } = device();
  const eid = getEid(card);
  const profile = await supersim.v1.esimProfiles.create({ eid });
  const reserved = await waitFor(async () => {
    const now = await supersim.v1.esimProfiles(profile.sid).fetch();
    return now.status === 'available' && now;
  });
  assert.deepEqual([reserved.activationCode, reserved.matchingId, reserved.eid], [null, null, eid]);
  const source = { smdpAddress: reserved.smdpPlusAddress };
  await assert.rejects(downloadProfile(device().lpa, source), /8\.1\.1\/3\.8/);
  assert.equal((await downloadProfile(lpa, source)).iccid, reserved.iccid);
  const [found, ...others] = await supersim.v1.esimProfiles.list({ eid });
  assert.deepEqual([found?.sid, found?.status, others.length], [profile.sid, 'installed', 0]);
});

test('when the stock is empty the profile fails with the code for it, nothing is charged, and the callback says so', async () => {
  const types = await call('POST', '/profile-types', {
    name: 'none-in-stock',
    metadata: { serviceProviderName: 'Nobody', profileName: 'None', profileClass: 'operational' },
  });
  assert.equal(types.status, 201, JSON.stringify(types.body));
  const put = await call('PUT', '/products', {
    products: [
      {
        name: 'sold_out',
        kind: 'esim',
        description: 'sold out',
        countries: [],
        profileType: 'none-in-stock',
        prices: [{ amount: '3.00', currency: 'EUR' }],
      },
    ],
  });
  assert.equal(put.status, 200, JSON.stringify(put.body));
  await call('PUT', '/doors/supersim', { product: 'sold_out', callbackEvents: 'all' });
  const before = (await call('GET', '/account')).body.wallet;
  const profile = await supersim.v1.esimProfiles.create({
    generateMatchingId: true,
    callbackUrl: at('/sold-out'),
  });
  const failed = await waitFor(async () => {
    const now = await supersim.v1.esimProfiles(profile.sid).fetch();
    return now.status === 'failed' && now;
  });
  assert.deepEqual([failed.errorCode, failed.iccid, failed.simSid], ['83500', null, null]);
  assert.deepEqual((await call('GET', '/account')).body.wallet, before);
  const [event] = await waitFor(() => told('/sold-out').length > 0 && told('/sold-out'));
  assert.deepEqual([event?.['ESimProfileStatus'], event?.['ErrorCode']], ['failed', '83500']);
  await call('PUT', '/doors/supersim', {});
});

test('a profile costs what the tier of its account says, and is paid before it is available', async () => {
  const price = (fromQuantity: number, amount: string) => ({
    product: 'esim_profile',
    fromQuantity,
    price: { amount, currency: 'EUR' },
  });
  const prices = [price(1, '3.00'), price(3, '2.50')];
  assert.equal((await call('PUT', '/price-lists/by-volume', { prices })).status, 200);
  await call('PUT', `/accounts/${accountId}/price-list`, { priceList: 'by-volume' });
  const paid: string[] = [];
  for (let ordered = 0; ordered < 4; ordered++) {
    const { sid } = await supersim.v1.esimProfiles.create({ generateMatchingId: true });
    await waitFor(async () => (await supersim.v1.esimProfiles(sid).fetch()).status === 'available');
    const { data } = (await call('GET', '/transfers?limit=1')).body;
    assert.deepEqual([data[0].reason, data[0].reference], ['order_settle', `ord_${sid.slice(2)}`]);
    paid.push(data[0].amount.amount);
  }
  assert.deepEqual(paid, ['3.00', '3.00', '2.50', '2.50']);
});
