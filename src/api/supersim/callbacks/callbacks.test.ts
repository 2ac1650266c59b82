import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createAccount,
  createSubaccount,
  putDoor,
  setSigningSecret,
} from '../../../modules/accounts/index.ts';
import { findCallbacks } from '../../../modules/webhooks/index.ts';
import { query } from '../../../pg/query.ts';
import { testCtx } from '../../../pg/test_ctx.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { findFleetCallbacks } from './find_fleet_callbacks.ts';
import { readCallback } from './read_callback.ts';
import { koreCaller, openCallbacks, twilioCaller } from './test_callbacks.ts';

const ctx = testCtx(await testDatabase());
const { set } = openCallbacks(ctx);
const newAccount = async () =>
  (await createAccount(ctx, { name: 'Own', kind: 'sandbox', currency: 'EUR' })).id;
const accountId = await newAccount();
const url = 'https://receiver.example/cb';
const one = async (resourceId: string, of = accountId) =>
  (await findCallbacks(ctx, { accountId: of, resourceIds: [resourceId] })).map(
    ({ topic, url, method, dialect, types }) => ({ topic, url, method, dialect, types }),
  );
const all = [
  'esim.available',
  'esim.downloaded',
  'esim.installed',
  'esim.failed',
  'order.failed',
  'order.cancelled',
];

for (const [what, given, detail] of [
  ['a private address', 'http://10.1.2.3/cb', /may not be called/],
  ['an address of the cloud', 'http://169.254.169.254/latest/meta-data', /may not be called/],
  ['a password', 'https://user:secret@receiver.example/', /password/],
  ['another scheme', 'ftp://receiver.example/', /only http and https/],
  ['no URL at all', 'callback', /give a URL/],
] as const)
  test(`a callback to ${what} is refused by the name of its field`, async () => {
    const call = { ctx, caller: twilioCaller, account: { id: accountId } };
    const read = readCallback(call, { url: given, method: undefined, field: 'SmsCommandsUrl' });
    await assert.rejects(read, (error: any) => {
      assert.deepEqual([error.code, error.fields[0].field], ['invalid_request', 'SmsCommandsUrl']);
      assert.match(error.detail, detail);
      return true;
    });
  });

test('a host that does not resolve yet is taken, and what stands behind # is left out', async () => {
  const of = { accountId, resourceId: 'sim_later', topic: 'sim' } as const;
  await set(twilioCaller, { ...of, url: 'https://nowhere.example/cb#cbs=kore' });
  assert.deepEqual(
    (await one('sim_later')).map((each) => each.url),
    ['https://nowhere.example/cb'],
  );
});

test('nothing is kept where nothing was asked for, and an empty URL takes away what is there', async () => {
  const of = { accountId, resourceId: 'flt_empty', topic: 'fleet_sms_commands' } as const;
  await set(twilioCaller, of);
  assert.deepEqual(await one('flt_empty'), []);
  await set(twilioCaller, { ...of, url });
  await set(twilioCaller, { ...of, topic: 'fleet_ip_commands', url });
  await set(twilioCaller, of);
  assert.equal((await one('flt_empty')).length, 2);
  await set(twilioCaller, { ...of, url: null });
  assert.deepEqual(
    (await one('flt_empty')).map(({ topic }) => topic),
    ['fleet_ip_commands'],
  );
  await set(twilioCaller, { ...of, url: '' });
});

test('a method without a URL changes the callback that is there, and makes none', async () => {
  const of = { accountId, resourceId: 'sim_method', topic: 'sim' } as const;
  await set(twilioCaller, { ...of, method: 'GET' });
  assert.deepEqual(await one('sim_method'), []);
  await set(twilioCaller, { ...of, url });
  assert.equal((await one('sim_method'))[0]?.method, 'POST');
  await set(twilioCaller, { ...of, method: 'GET' });
  assert.deepEqual(await one('sim_method'), [
    { topic: 'sim', url, method: 'GET', dialect: 'twilio', types: ['sim.status_changed', 'sim.core_failed'] },
  ]);
});

test('the last caller decides about the dialect', async () => {
  const of = { accountId, resourceId: 'esm_dialect', topic: 'esim_profile', url } as const;
  await set(twilioCaller, of);
  assert.deepEqual(
    (await one('esm_dialect')).map(({ dialect, types }) => [dialect, types]),
    [['twilio', ['esim.available']]],
  );
  await set(koreCaller, of);
  assert.deepEqual(
    (await one('esm_dialect')).map(({ dialect, types }) => [dialect, types]),
    [['kore', all]],
  );
});

for (const [callbackEvents, caller, types] of [
  [null, twilioCaller, ['esim.available']],
  [null, koreCaller, all],
  ['available', koreCaller, ['esim.available']],
  ['all', twilioCaller, all],
] as const)
  test(`with ${callbackEvents} set, a ${caller.dialect} caller is told ${types.length} kinds of events`, async () => {
    const parentId = await newAccount();
    await write(ctx, {}, (tx) =>
      putDoor(tx, { accountId: parentId, door: 'supersim', settings: { callbackEvents } }),
    );
    const { id } = await write(ctx, {}, (tx) => createSubaccount(tx, { parentId, name: 'Sub' }));
    await set(caller, { accountId: id, resourceId: 'esm_1', topic: 'esim_profile', url });
    assert.deepEqual((await one('esm_1', id))[0]?.types, types);
  });

test('the password of a caller is not kept where the account has a secret to sign with', async () => {
  const id = await newAccount();
  await write(ctx, {}, (tx) => setSigningSecret(tx, { accountId: id, door: 'supersim' }));
  await set(twilioCaller, { accountId: id, resourceId: 'sim_1', topic: 'sim', url });
  const [target] = await findCallbacks(ctx, { accountId: id, resourceIds: ['sim_1'] });
  const [row] = await query<{ secrets: Buffer }>(
    ctx.db,
    'select secrets from webhooks.targets where id = $1',
    [target?.id],
  );
  assert.equal(ctx.vault.open(row?.secrets ?? Buffer.alloc(0), target?.id ?? '').toString(), '[]');
});

test('where fleets send their commands is found for all of a page', async () => {
  const fleet = (resourceId: string) => ({ accountId, resourceId, url }) as const;
  await set(twilioCaller, { ...fleet('flt_1'), topic: 'fleet_sms_commands' });
  await set(twilioCaller, { ...fleet('flt_1'), topic: 'fleet_ip_commands', method: 'GET', url: `${url}/ip` });
  await set(twilioCaller, { ...fleet('flt_2'), topic: 'fleet_ip_commands' });
  const foreign = await newAccount();
  await set(twilioCaller, { ...fleet('flt_3'), accountId: foreign, topic: 'fleet_ip_commands' });
  const found = await findFleetCallbacks(ctx, { accountId, fleetIds: ['flt_1', 'flt_2', 'flt_3'] });
  assert.deepEqual(Object.fromEntries(found), {
    flt_1: { sms: { url, method: 'POST' }, ip: { url: `${url}/ip`, method: 'GET' } },
    flt_2: { sms: null, ip: { url, method: 'POST' } },
    flt_3: { sms: null, ip: null },
  });
});
