import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkByCode, networks } from '../../../modules/catalogue/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { openSuperSim, testBase } from '../test_supersim.ts';
import { writeSid } from '../wire/sid.ts';

const { foreign, call } = await openSuperSim(await testDatabase());
const kpn = networkByCode('204', '08')!;
const sid = writeSid('network', kpn.id);
const list = async (query: Record<string, string | number>) =>
  (await call('GET', '/Networks', { query })).body;

test('a network is fetched as the vendor shows it, and is the same for every account', async () => {
  const { body } = await call('GET', `/Networks/${sid}`);
  assert.deepEqual(body, {
    sid,
    friendly_name: kpn.brand,
    iso_country: 'NL',
    identifiers: [{ mcc: '204', mnc: '08' }],
    url: `${testBase}/Networks/${sid}`,
  });
  assert.deepEqual((await call('GET', `/Networks/${sid}`, { auth: foreign.auth })).body, body);
});

test('networks are listed by country in either case, by MCC, by MNC, and by all of them', async () => {
  const dutch = networks().filter(({ country }) => country === 'NL');
  for (const IsoCountry of ['NL', 'nl'])
    assert.equal((await list({ IsoCountry, PageSize: 1_000 })).networks.length, dutch.length);
  const one = (await list({ IsoCountry: 'NL', Mcc: '204', Mnc: '08' })).networks;
  assert.deepEqual(
    one.map((each: { sid: string }) => each.sid),
    [sid],
  );
  const { networks: all } = await list({ Mnc: '08', PageSize: 1_000 });
  assert.ok(all.length > 1);
  assert.ok(all.every((each: any) => each.identifiers[0].mnc === '08'));
  for (const query of [{ IsoCountry: 'XX' }, { Mcc: '000' }, { IsoCountry: 'DE', Mcc: '204' }])
    assert.deepEqual((await list(query as Record<string, string>)).networks, []);
});

test('all networks are walked page by page in one order, and back again', async () => {
  const follow = async (url: string) => (await call('GET', url.slice(url.indexOf('/v1/') + 3))).body;
  const sids = (page: any) => page.networks.map((each: { sid: string }) => each.sid);
  const pages = [await list({ PageSize: 900 })];
  while (pages.at(-1).meta.next_page_url) pages.push(await follow(pages.at(-1).meta.next_page_url));
  assert.deepEqual(
    pages.flatMap(sids),
    networks().map(({ id }) => writeSid('network', id)),
  );
  const before = await follow(pages.at(-1).meta.previous_page_url);
  assert.deepEqual(sids(before), sids(pages.at(-2)));
});

test('no network is listed twice, and one by one they are walked to the end', async () => {
  for (const Mcc of ['310', '234', '338']) {
    const { networks: whole } = await list({ Mcc, PageSize: 1_000 });
    const walked: string[] = [];
    let next = `/Networks?Mcc=${Mcc}&PageSize=1`;
    while (next !== '' && walked.length <= whole.length) {
      const { body } = await call('GET', next);
      walked.push(...body.networks.map((each: { sid: string }) => each.sid));
      next = body.meta.next_page_url?.replace(testBase, '') ?? '';
    }
    assert.deepEqual(
      walked,
      whole.map((each: { sid: string }) => each.sid),
    );
    assert.equal(new Set(walked).size, walked.length);
  }
});
