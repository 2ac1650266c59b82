import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFleet, getFleet, updateFleet } from '../../../modules/sims/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { openSuperSim } from '../test_supersim.ts';
import { writeSid } from '../wire/sid.ts';

const { ctx, account, foreign, call } = await openSuperSim(await testDatabase());
const accountId = account.account.id;
const hook = 'https://93.184.216.34/sms';

await call('POST', '/NetworkAccessProfiles', { form: { UniqueName: 'nap-a' } });
const { body: napB } = await call('POST', '/NetworkAccessProfiles', { form: { UniqueName: 'nap-b' } });

async function create(form: Record<string, string> = {}) {
  return (await call('POST', '/Fleets', { form: { NetworkAccessProfile: 'nap-a', ...form } })).body;
}
const update = (key: string, form: Record<string, string>) => call('POST', `/Fleets/${key}`, { form });

test('a fleet is fetched by its SID, in either case, and by its unique name', async () => {
  const made = await create({ UniqueName: 'north sea', SmsCommandsUrl: hook });
  const upper = `HF${made.sid.slice(2).toUpperCase()}`;
  for (const key of [made.sid, upper, 'north%20sea'])
    assert.deepEqual((await call('GET', `/Fleets/${key}`)).body, made);
});

test('an update changes what it names and leaves the rest', async () => {
  const made = await create({ UniqueName: 'changing', DataLimit: '5', SmsCommandsUrl: hook });
  const { status, body } = await update('changing', {
    UniqueName: 'changed',
    DataLimit: '7',
    NetworkAccessProfile: 'nap-b',
  });
  assert.equal(status, 200);
  const changes = { unique_name: 'changed', data_limit: 7, network_access_profile_sid: napB.sid };
  assert.deepEqual(body, { ...made, ...changes, date_updated: body.date_updated });
  const { body: same } = await call('POST', `/Fleets/${made.sid}`);
  assert.deepEqual(same, { ...body, date_updated: same.date_updated });
});

test('the callbacks of a fleet are changed one by one, and an empty URL takes one away', async () => {
  const { sid } = await create({ SmsCommandsUrl: hook, IpCommandsUrl: hook });
  const callbacksAfter = async (form: Record<string, string>) => {
    const { body } = await update(sid, form);
    assert.deepEqual((await call('GET', `/Fleets/${sid}`)).body, body);
    return [body.sms_commands_url, body.sms_commands_method, body.ip_commands_url, body.ip_commands_method];
  };
  assert.deepEqual(await callbacksAfter({ SmsCommandsMethod: 'GET' }), [hook, 'GET', hook, 'POST']);
  const moved = `${hook}/moved`;
  assert.deepEqual(await callbacksAfter({ SmsCommandsUrl: moved }), [moved, 'GET', hook, 'POST']);
  assert.deepEqual(await callbacksAfter({ SmsCommandsUrl: hook }), [hook, 'GET', hook, 'POST']);
  assert.deepEqual(await callbacksAfter({ IpCommandsUrl: '' }), [hook, 'GET', null, 'POST']);
  assert.deepEqual(await callbacksAfter({ IpCommandsMethod: 'get' }), [hook, 'GET', null, 'POST']);
  assert.deepEqual(await callbacksAfter({ SmsCommandsUrl: `${hook}/2`, SmsCommandsMethod: 'POST' }), [
    `${hook}/2`,
    'POST',
    null,
    'POST',
  ]);
});

test('an empty unique name takes the name away', async () => {
  const { sid } = await create({ UniqueName: 'brief' });
  assert.equal((await update('brief', { UniqueName: '' })).body.unique_name, null);
  assert.equal((await call('GET', `/Fleets/${sid}`)).body.unique_name, null);
  assert.equal((await call('GET', '/Fleets/brief')).status, 404);
});

test('an update cannot switch data or SMS commands: the vendor has no such fields', async () => {
  const { sid } = await create();
  const { body } = await update(sid, { DataEnabled: 'false', SmsCommandsEnabled: 'false' });
  assert.deepEqual([body.data_enabled, body.sms_commands_enabled], [true, true]);
});

test('a limit that is no whole number of megabytes is rounded up, and no limit is shown as the largest', async () => {
  const made = await write(ctx, {}, (tx) =>
    createFleet(tx, { accountId, networkAccessProfile: 'nap-a', dataLimitBytes: 1_000_001n }),
  );
  const sid = writeSid('fleet', made.id);
  assert.equal((await call('GET', `/Fleets/${sid}`)).body.data_limit, 2);
  await write(ctx, {}, (tx) => updateFleet(tx, { accountId, key: made.id, dataLimitBytes: null }));
  assert.equal((await call('GET', `/Fleets/${sid}`)).body.data_limit, 2_000_000);
  await update(sid, { UniqueName: 'unlimited' });
  assert.equal((await getFleet(ctx, { accountId, key: made.id })).dataLimitBytes, null);
});

test('fleets are listed newest first with their callbacks, page by page, by network access profile', async () => {
  const made = [];
  for (let n = 0; n < 3; n++)
    made.unshift(await create({ NetworkAccessProfile: 'nap-b', IpCommandsUrl: `${hook}/${n}` }));
  const query = { NetworkAccessProfile: napB.sid, PageSize: 2 };
  const { body: first } = await call('GET', '/Fleets', { query });
  assert.deepEqual(first.fleets, made.slice(0, 2));
  const follow = (url: string) => call('GET', url.slice(url.indexOf('/v1/') + 3));
  const { body: second } = await follow(first.meta.next_page_url);
  assert.equal(second.fleets[0].sid, made[2].sid);
  assert.deepEqual((await follow(second.meta.previous_page_url)).body.fleets, first.fleets);
  assert.deepEqual(
    (await call('GET', '/Fleets', { query: { ...query, NetworkAccessProfile: 'nap-b' } })).body.fleets,
    first.fleets,
  );
});

test('a network access profile that is not there has no fleets, and nobody sees those of others', async () => {
  const of = (NetworkAccessProfile: string, auth = account.auth) =>
    call('GET', '/Fleets', { query: { NetworkAccessProfile }, auth });
  assert.deepEqual((await of('nowhere')).body.fleets, []);
  assert.deepEqual((await of(`HA${'0'.repeat(32)}`)).body.fleets, []);
  assert.deepEqual((await of(napB.sid, foreign.auth)).body.fleets, []);
  assert.deepEqual((await call('GET', '/Fleets', { auth: foreign.auth })).body.fleets, []);
});
