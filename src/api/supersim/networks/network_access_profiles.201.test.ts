import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkByCode } from '../../../modules/catalogue/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { openSuperSim, testBase } from '../test_supersim.ts';
import { writeSid } from '../wire/sid.ts';

const { account, call } = await openSuperSim(await testDatabase());
const [kpn, telekom] = [networkByCode('204', '08')!, networkByCode('262', '01')!];
const sids = [kpn, telekom].map(({ id }) => writeSid('network', id));

const create = (form: Parameters<typeof call>[2] = {}) => call('POST', '/NetworkAccessProfiles', form);
const networksOf = async (key: string) =>
  (await call('GET', `/NetworkAccessProfiles/${key}/Networks`)).body.networks.map((each: any) => each.sid);

test('a profile is made without a name and without networks', async () => {
  const { status, body } = await create();
  assert.equal(status, 201);
  const url = `${testBase}/NetworkAccessProfiles/${body.sid}`;
  assert.deepEqual(body, {
    sid: body.sid,
    unique_name: null,
    account_sid: account.sid,
    date_created: body.date_created,
    date_updated: body.date_created,
    url,
    links: { networks: `${url}/Networks` },
  });
  assert.match(body.sid, /^HA[0-9a-f]{32}$/);
  assert.deepEqual(await networksOf(body.sid), []);
});

test('a profile is made with one network or many, each once', async () => {
  const [one, two] = sids as [string, string];
  for (const [Networks, expected] of [
    [[one], [one]],
    [
      [two, one, two],
      [two, one],
    ],
  ] as const) {
    const { body } = await create({ form: { Networks } });
    assert.deepEqual((await networksOf(body.sid)).toSorted(), expected.toSorted());
  }
});

test('a profile is made once for an Idempotency-Key', async () => {
  const headers = { 'idempotency-key': 'nap-1' };
  const { body } = await create({ form: { UniqueName: 'once' }, headers });
  assert.deepEqual((await create({ form: { UniqueName: 'once' }, headers })).body, body);
});

test('a network that is added is answered as one of the profile, and adding it again changes nothing', async () => {
  const { body: profile } = await create({ form: { UniqueName: 'growing' } });
  const path = '/NetworkAccessProfiles/growing/Networks';
  for (let time = 0; time < 2; time++) {
    const { status, body } = await call('POST', path, { form: { Network: sids[0]! } });
    assert.equal(status, 201);
    assert.deepEqual(body, {
      sid: sids[0],
      network_access_profile_sid: profile.sid,
      friendly_name: kpn.brand,
      iso_country: 'NL',
      identifiers: [{ mcc: '204', mnc: '08' }],
      url: `${profile.links.networks}/${sids[0]}`,
    });
  }
  assert.deepEqual(await networksOf(profile.sid), [sids[0]]);
});
