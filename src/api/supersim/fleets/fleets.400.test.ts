import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { openSuperSim } from '../test_supersim.ts';

const { call } = await openSuperSim(await testDatabase());
await call('POST', '/NetworkAccessProfiles', { form: { UniqueName: 'nap' } });
const { body: fleet } = await call('POST', '/Fleets', { form: { NetworkAccessProfile: 'nap' } });

const good = { NetworkAccessProfile: 'nap' };
const refused: [what: string, form: Record<string, string | string[]> | string, field: string][] = [
  ['a data limit of 0', { ...good, DataLimit: '0' }, 'DataLimit'],
  ['a data limit beyond 2 TB', { ...good, DataLimit: '2000001' }, 'DataLimit'],
  ['a data limit that is no whole number', { ...good, DataLimit: '1.5' }, 'DataLimit'],
  ['a data limit in words', { ...good, DataLimit: 'unlimited' }, 'DataLimit'],
  ['an empty network access profile', { NetworkAccessProfile: '' }, 'NetworkAccessProfile'],
  ['two network access profiles', { NetworkAccessProfile: ['nap', 'nap'] }, 'NetworkAccessProfile'],
  ['a unique name of 65 characters', { ...good, UniqueName: 'x'.repeat(65) }, 'UniqueName: give at most 64'],
  ['a unique name that a URL cannot hold', { ...good, UniqueName: '..' }, 'UniqueName'],
  [
    'a unique name that is not UTF-8',
    'NetworkAccessProfile=nap&UniqueName=gel%E4nde',
    'UniqueName: give it in UTF-8',
  ],
  [
    'a unique name with a control character',
    { ...good, UniqueName: 'a\u0007' },
    'UniqueName: give no control',
  ],
  ['a unique name of digits', { ...good, UniqueName: '123' }, 'UniqueName'],
  ['a unique name like a SID', { ...good, UniqueName: `HF${'a'.repeat(32)}` }, 'UniqueName'],
  ['a callback that is no URL', { ...good, SmsCommandsUrl: 'nowhere' }, 'SmsCommandsUrl'],
  ['a callback by FTP', { ...good, IpCommandsUrl: 'ftp://93.184.216.34/' }, 'IpCommandsUrl'],
  ['a callback to our own network', { ...good, IpCommandsUrl: 'http://127.0.0.1/' }, 'IpCommandsUrl'],
  ['a method that is no method of callbacks', { ...good, SmsCommandsMethod: 'PUT' }, 'SmsCommandsMethod'],
];

for (const [what, form, field] of refused) {
  test(`neither a new fleet nor an old one has ${what}`, async () => {
    for (const path of ['/Fleets', `/Fleets/${fleet.sid}`]) {
      const { status, body } = await call('POST', path, { form });
      assert.deepEqual([status, body.code], [400, 20001], path);
      assert.match(body.message, new RegExp(field), path);
    }
  });
}

for (const [what, form, field] of [
  ['a flag that is neither true nor false', { ...good, DataEnabled: 'yes' }, 'DataEnabled'],
  ['a repeated flag', { ...good, SmsCommandsEnabled: ['true', 'true'] }, 'SmsCommandsEnabled'],
] as const)
  test(`a new fleet has no ${what}`, async () => {
    const { status, body } = await call('POST', '/Fleets', { form });
    assert.deepEqual([status, body.code], [400, 20001]);
    assert.match(body.message, new RegExp(field));
  });

test('a fleet without a network access profile is told what is missing', async () => {
  const { status, body } = await call('POST', '/Fleets', { form: { UniqueName: 'x' } });
  assert.deepEqual([status, body.code], [400, 20002]);
  assert.match(body.message, /NetworkAccessProfile/);
});

test('nothing is changed by a refused update, its callback neither', async () => {
  const before = (await call('GET', `/Fleets/${fleet.sid}`)).body;
  const form = { SmsCommandsUrl: 'https://93.184.216.34/', UniqueName: '4711' };
  assert.equal((await call('POST', `/Fleets/${fleet.sid}`, { form })).status, 400);
  assert.deepEqual((await call('GET', `/Fleets/${fleet.sid}`)).body, before);
});

for (const query of [
  { PageSize: 0 },
  { PageSize: 1001 },
  { Page: -1 },
  { PageToken: 'PAnonsense' },
  { NetworkAccessProfile: '' },
])
  test(`a list of fleets with ${JSON.stringify(query)} is refused`, async () => {
    const { status, body } = await call('GET', '/Fleets', { query: query as Record<string, string> });
    assert.deepEqual([status, body.code], [400, 20001]);
  });
