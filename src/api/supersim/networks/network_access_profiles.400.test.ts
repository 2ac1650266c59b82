import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkByCode } from '../../../modules/catalogue/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { openSuperSim } from '../test_supersim.ts';
import { writeSid } from '../wire/sid.ts';

const { call } = await openSuperSim(await testDatabase());
const path = '/NetworkAccessProfiles';
const kpn = writeSid('network', networkByCode('204', '08')!.id);
const unknown = `HW${'0'.repeat(32)}`;
await call('POST', path, { form: { UniqueName: 'nap' } });

for (const [what, form, field] of [
  ['a network that does not exist', { Networks: [kpn, unknown] }, 'Networks\\[1\\]'],
  [
    'a SID of another kind among its networks',
    { Networks: [kpn, kpn.replace('HW', 'HF')] },
    'Networks\\[1\\]',
  ],
  ['our own kind of id among its networks', { Networks: networkByCode('204', '08')!.id }, 'Networks'],
  ['an empty network', { Networks: '' }, 'Networks'],
  ['a unique name of digits', { UniqueName: '99' }, 'UniqueName'],
  ['a unique name like a SID', { UniqueName: `HA${'a'.repeat(32)}` }, 'UniqueName'],
  ['two unique names', { UniqueName: ['a', 'b'] }, 'UniqueName'],
] as const)
  test(`no profile is made with ${what}`, async () => {
    const { status, body } = await call('POST', path, { form });
    assert.deepEqual([status, body.code], [400, 20001]);
    assert.match(body.message, new RegExp(field));
  });

for (const [what, form, code] of [
  ['none', {}, 20002],
  ['one that does not exist', { Network: unknown }, 20001],
  ['a SID of another kind', { Network: kpn.replace('HW', 'HA') }, 20001],
  ['two at once', { Network: [kpn, kpn] }, 20001],
] as const)
  test(`a network is not added as ${what}`, async () => {
    const { status, body } = await call('POST', `${path}/nap/Networks`, { form });
    assert.deepEqual([status, body.code], [400, code]);
    assert.match(body.message, /Network/);
    assert.deepEqual((await call('GET', `${path}/nap/Networks`)).body.networks, []);
  });

test('a profile is not renamed to what can be no name', async () => {
  const { status, body } = await call('POST', `${path}/nap`, { form: { UniqueName: '1' } });
  assert.deepEqual([status, body.code], [400, 20001]);
});
