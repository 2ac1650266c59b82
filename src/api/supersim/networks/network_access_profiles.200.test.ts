import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networks } from '../../../modules/catalogue/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { openSuperSim } from '../test_supersim.ts';
import { writeSid } from '../wire/sid.ts';

const { foreign, call } = await openSuperSim(await testDatabase());
const sids = networks()
  .slice(0, 5)
  .map(({ id }) => writeSid('network', id));
const path = '/NetworkAccessProfiles';
const create = async (form: Record<string, string | string[]> = {}) =>
  (await call('POST', path, { form })).body;
const follow = async (url: string) => (await call('GET', url.slice(url.indexOf('/v1/') + 3))).body;

test('a profile is fetched by its SID and by its unique name', async () => {
  const made = await create({ UniqueName: 'my networks', Networks: sids });
  for (const key of [made.sid, 'my%20networks'])
    assert.deepEqual((await call('GET', `${path}/${key}`)).body, made);
});

test('a profile is renamed, loses its name, and keeps its networks', async () => {
  const made = await create({ UniqueName: 'before', Networks: sids });
  const { status, body } = await call('POST', `${path}/before`, {
    form: { UniqueName: 'after', Networks: '' },
  });
  assert.deepEqual([status, body], [200, { ...made, unique_name: 'after', date_updated: body.date_updated }]);
  assert.equal((await call('POST', `${path}/after`)).body.unique_name, 'after');
  assert.equal((await call('POST', `${path}/after`, { form: { UniqueName: '' } })).body.unique_name, null);
  assert.equal((await call('GET', `${path}/${made.sid}/Networks`)).body.networks.length, 5);
});

test('profiles are listed newest first, page by page, those of others left out', async () => {
  const made = [await create(), await create(), await create()].toReversed();
  const { body: first } = await call('GET', path, { query: { PageSize: 2 } });
  assert.deepEqual(first.network_access_profiles, made.slice(0, 2));
  const second = await follow(first.meta.next_page_url);
  assert.deepEqual(second.network_access_profiles[0], made[2]);
  const back = await follow(second.meta.previous_page_url);
  assert.deepEqual(back.network_access_profiles, first.network_access_profiles);
  const { body: theirs } = await call('GET', path, { auth: foreign.auth });
  assert.deepEqual(theirs.network_access_profiles, []);
});

test('the networks of a profile are listed page by page and fetched one by one', async () => {
  const made = await create({ Networks: sids });
  const pages = [(await call('GET', `${path}/${made.sid}/Networks`, { query: { PageSize: 2 } })).body];
  while (pages.at(-1).meta.next_page_url) pages.push(await follow(pages.at(-1).meta.next_page_url));
  const all = pages.flatMap((page) => page.networks);
  assert.deepEqual([pages.length, all.map((each) => each.sid)], [3, sids]);
  assert.deepEqual((await follow(pages[2].meta.previous_page_url)).networks, pages[1].networks);
  for (const each of all) assert.deepEqual(await follow(each.url), each);
});
