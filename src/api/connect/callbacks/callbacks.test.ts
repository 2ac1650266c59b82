import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, test } from 'node:test';
import { completeEid } from '../../../base/digits.ts';
import { putDoor, setSigningSecret } from '../../../modules/accounts/index.ts';
import { bundlesDueWork } from '../../../modules/bundles/index.ts';
import type { Esim } from '../../../modules/esims/index.ts';
import { topUp } from '../../../modules/ledger/index.ts';
import { openReceiver } from '../../../modules/webhooks/test_receiver.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { openTestDesk } from '../../http/test_callbacks.ts';
import { data1Gb, openConnect, type Party } from '../test_connect.ts';
import { moveSim, newSim, useData } from '../test_lines.ts';
import { connectDialects } from './index.ts';

const door = await openConnect(await testDatabase(), { fulfils: false });
const { ctx } = door;
const { id: accountId } = door.account.account;
const receiver = await openReceiver();
after(() => receiver.close());
const tellAll = openTestDesk(ctx, connectDialects());
const dayMs = 86_400_000;
const days = (count: number) => new Date(Date.now() + count * dayMs);

async function toldNow(now = new Date()) {
  await tellAll(now);
  return receiver.received.splice(0);
}
const bodies = async (now?: Date) => (await toldNow(now)).map(({ body }) => JSON.parse(body));

async function register(
  { iccid }: Esim,
  version: 1 | 2,
  types: string[],
  more: object = {},
  of: Party = door.account,
) {
  const token = await door.tokenOf(of);
  for (const type of types) {
    const { status } = await door.call(
      version === 1 ? 'POST' : 'PUT',
      `/v${version}/${version === 1 ? 'sim' : 'sims'}/${iccid}/preferences/notifications/${type}`,
      { body: { webhook_url: receiver.url, ...more }, token },
    );
    assert.equal(status, 200);
  }
  await toldNow();
}
/** A new SIM, registered for these types, and nothing told of it yet. */
async function registered(version: 1 | 2, types: string[], more: object = {}, of: Party = door.account) {
  const made = await newSim(door, { of });
  await register(made.sim, version, types, more, of);
  return made;
}

test('USAGE_THRESHOLD is told once, at 80 percent and no other', async () => {
  const { sim, bundles } = await registered(1, ['USAGE_THRESHOLD']);
  await useData(ctx, sim, 790_000_000n);
  assert.deepEqual(await bodies(), []);
  await useData(ctx, sim, 10_000_000n);
  const [{ id, ...told }, ...none] = await bodies();
  assert.match(id, /^evt_/);
  assert.deepEqual(told, {
    type: 'USAGE_THRESHOLD',
    iccid: sim.iccid,
    threshold: 80,
    subscription_id: bundles[0]?.id,
  });
  assert.deepEqual(none, []);
  await useData(ctx, sim, 200_000_000n);
  assert.deepEqual(await bodies(), []);
});

test('SUBSCRIPTION_END is told once, when a subscription is used up or its time is over, used or not', async () => {
  const used = await registered(1, ['SUBSCRITPION_END']);
  await useData(ctx, used.sim, 1_000_000_000n);
  const [{ id, ...told }, ...none] = await bodies();
  assert.match(id, /^evt_/);
  const end = { type: 'SUBSCRIPTION_END', iccid: used.sim.iccid, subscription_id: used.bundles[0]?.id };
  assert.deepEqual([told, none], [end, []]);
  const expired = await registered(1, ['SUBSCRIPTION_END']);
  await useData(ctx, expired.sim, 1_000n);
  const lapsed = await registered(1, ['SUBSCRIPTION_END']);
  for (const [after, { sim }] of [
    [8, expired],
    [400, lapsed],
  ] as const) {
    while ((await bundlesDueWork.runDue({ ...ctx, now: days(after) }, accountId)) > 0);
    assert.deepEqual(
      (await bodies(days(after))).map(({ type, iccid }) => [type, iccid]),
      [['SUBSCRIPTION_END', sim.iccid]],
    );
  }
});

test('version 2 tells besides until when a subscription lasts and what is left of it', async () => {
  const { sim } = await registered(2, ['USAGE_THRESHOLD', 'SUBSCRITPION_END']);
  await useData(ctx, sim, 900_000_000n);
  await useData(ctx, sim, 100_000_000n);
  const told = await bodies();
  for (const { expiration_date: date } of told)
    assert.ok(Math.abs(Date.parse(date) - days(7).getTime()) < 60_000, date);
  assert.deepEqual(told.map(({ type, current_balance: left }) => [type, left]).sort(), [
    ['SUBSCRIPTION_END', 0],
    ['USAGE_THRESHOLD', 100_000_000],
  ]);
});

test('DOWNLOAD_PROGRESS tells each step of a device, what failed too, and nothing that is none', async () => {
  const { sim } = await registered(2, ['DOWNLOAD_PROGRESS']);
  const eid = completeEid('890490320000010000000000000600');
  await moveSim(ctx, sim, { to: 'downloaded', eid });
  await moveSim(ctx, sim, { from: 'downloaded', to: 'released', detail: 'not enough memory' });
  await moveSim(ctx, sim, { to: 'downloaded', eid });
  await moveSim(ctx, sim, { from: 'downloaded', to: 'installed', eid });
  await moveSim(ctx, sim, { from: 'installed', to: 'installed', enabled: true });
  await moveSim(ctx, sim, { from: 'installed', to: 'installed', enabled: false });
  await moveSim(ctx, sim, { from: 'installed', to: 'deleted' });
  await moveSim(ctx, sim, { from: 'deleted', to: 'released', eid: null });
  const told = await bodies();
  assert.deepEqual(
    told.map((each) => [each.download_progress_step, each.notification_status]),
    [
      ['BPP_DOWNLOAD', 'SUCCESS'],
      ['BPP_INSTALLATION', 'FAILED'],
      ['BPP_DOWNLOAD', 'SUCCESS'],
      ['BPP_INSTALLATION', 'SUCCESS'],
      ['PROFILE_ENABLED', 'SUCCESS'],
      ['PROFILE_DISABLED', 'SUCCESS'],
      ['PROFILE_DELETED', 'SUCCESS'],
    ],
  );
  const { id, ...installed } = told[3];
  assert.match(id, /^evt_/);
  assert.deepEqual(installed, {
    iccid: sim.iccid,
    eid,
    type: 'DOWNLOAD_PROGRESS',
    download_progress_step: 'BPP_INSTALLATION',
    notification_point_description: 'BPP Installation',
    notification_status: 'SUCCESS',
  });
});

test('unsigned as documented, with the credentials that were given', async () => {
  const plain = await registered(1, ['USAGE_THRESHOLD']);
  await useData(ctx, plain.sim, 800_000_000n);
  const [one] = await toldNow();
  assert.equal(one?.headers['content-type'], 'application/json');
  assert.equal(one?.headers['authorization'], undefined);
  assert.equal(one?.headers['x-signature-sha256'], undefined);
  const basic = await registered(2, ['USAGE_THRESHOLD'], { username: 'connect', password: 'pass:word' });
  await useData(ctx, basic.sim, 800_000_000n);
  const [two] = await toldNow();
  assert.equal(two?.headers['authorization'], `Basic ${Buffer.from('connect:pass:word').toString('base64')}`);
});

test('signed as soon as the account has a secret for this door, until it wants no signature any more', async () => {
  const of = { accountId: door.foreign.account.id, door: 'connect' } as const;
  const secret = 'a-secret-of-the-account';
  await write(ctx, {}, (tx) => setSigningSecret(tx, { ...of, secret }));
  const sim = await simOfForeign();
  const received = async () => {
    await useData(ctx, sim, 800_000_000n);
    return (await toldNow())[0];
  };
  const signed = await received();
  const expected = createHmac('sha256', secret)
    .update(signed?.body ?? '')
    .digest('hex');
  assert.equal(signed?.headers['x-signature-sha256'], expected);
  await write(ctx, {}, (tx) => putDoor(tx, { ...of, settings: { signCallbacks: false } }));
  assert.equal((await received())?.headers['x-signature-sha256'], undefined);
});

/** With two subscriptions that reach 80 percent one after the other. */
async function simOfForeign(): Promise<Esim> {
  const { id, currency } = door.foreign.account;
  await write(ctx, {}, (tx) =>
    topUp(tx, { accountId: id, currency, amountMinor: 10_00n, reference: 'test' }),
  );
  const { sim } = await newSim(door, { of: door.foreign, products: [data1Gb.name, data1Gb.name] });
  await register(sim, 1, ['USAGE_THRESHOLD'], {}, door.foreign);
  return sim;
}

test('nobody is told about the SIMs of others, nor after the registration was taken away', async () => {
  const { sim } = await registered(1, ['USAGE_THRESHOLD']);
  const { sim: theirs } = await newSim(door, { of: door.subaccount });
  await toldNow();
  await useData(ctx, theirs, 900_000_000n);
  assert.deepEqual(await bodies(), []);
  await door.call('DELETE', `/v1/sim/${sim.iccid}/preferences/notifications/USAGE_THRESHOLD`);
  await useData(ctx, sim, 900_000_000n);
  assert.deepEqual(await bodies(), []);
});
