import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completeEid } from '../../../base/digits.ts';
import { importPreinstalled } from '../../../modules/orders/index.ts';
import { query } from '../../../pg/query.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { moveProfile, newCards, newSim, orderProfile } from '../sims/test_sims.ts';
import { openSuperSim, type Party, testBase } from '../test_supersim.ts';

const door = await openSuperSim(await testDatabase());
/** The same EID for the same number. */
const eidOf = (number: number) => completeEid(`89049032123451234512345678900${number}`);

const fetchOf = async (sid: string) => (await door.call('GET', `/ESimProfiles/${sid}`)).body;
const list = async (query: Record<string, string | number> = {}, { auth }: Party = door.account) =>
  (await door.call('GET', '/ESimProfiles', { query, auth })).body;
const sidsOf = async (query: Record<string, string | number>, party?: Party) =>
  (await list(query, party)).esim_profiles.map(({ sid }: { sid: string }) => sid);

test('a profile is available, downloaded, installed, and stays installed when it was deleted', async () => {
  const { sid, iccid, matching_id } = await orderProfile(door);
  const seen = [];
  for (const to of ['downloaded', 'installed', 'deleted'] as const) {
    await moveProfile(door, iccid, to, { eid: eidOf(0) });
    const { status, eid, sim_sid, matching_id: still } = await fetchOf(sid);
    assert.ok(sim_sid);
    seen.push([status, eid, still]);
  }
  assert.deepEqual(
    seen,
    ['downloaded', 'installed', 'installed'].map((status) => [status, eidOf(0), matching_id]),
  );
});

test('a SID may be written with capital hex digits', async () => {
  const { sid } = await orderProfile(door);
  assert.equal((await fetchOf(`HP${sid.slice(2).toUpperCase()}`)).sid, sid);
});

test('a profile whose download ended badly has failed, with a code and the reason', async () => {
  const failed = await orderProfile(door);
  await moveProfile(door, failed.iccid, 'error', { detail: 'The eUICC has no memory left.' });
  const seen = await fetchOf(failed.sid);
  assert.deepEqual(
    [seen.status, seen.error_code, seen.error_message],
    ['failed', '83501', 'The eUICC has no memory left.'],
  );
});

test('an order that finds no stock fails visibly, and its price is given back', async () => {
  const empty = await openSuperSim(await testDatabase(), { stock: 0 });
  const { body } = await empty.call('POST', '/ESimProfiles', { form: { GenerateMatchingId: true } });
  assert.equal(body.status, 'new');
  await empty.fulfil();
  const failed = (await empty.call('GET', `/ESimProfiles/${body.sid}`)).body;
  assert.deepEqual(
    [failed.status, failed.error_code, failed.sim_sid, failed.iccid],
    ['failed', '83500', null, null],
  );
  assert.ok(failed.error_message);
  const { body: page } = await empty.call('GET', '/ESimProfiles', { query: { Status: 'failed' } });
  assert.deepEqual(page.esim_profiles, [failed]);
  const [{ held, spent } = {}] = await query<{ held?: bigint; spent?: bigint }>(
    empty.ctx.db,
    'select held_minor as held, spent_minor as spent from ledger.wallets where account_id = $1',
    [empty.account.account.id],
  );
  assert.deepEqual([held, spent], [0n, 0n]);
});

test('profiles that came installed are listed as installed with their SIM; SIM cards are no profiles', async () => {
  const accountId = door.account.account.id;
  const [{ iccid } = { iccid: '' }] = await query<{ iccid: string }>(
    door.ctx.db,
    "select iccid from inventory.sim_profiles where state = 'available' order by iccid desc limit 1",
  );
  await write(door.ctx, {}, (tx) =>
    importPreinstalled(tx, { accountId, profiles: [{ iccid, eid: eidOf(3) }] }),
  );
  const [found] = (await list({ Eid: eidOf(3) })).esim_profiles;
  assert.deepEqual(
    [found.status, found.iccid, found.smdp_plus_address, found.matching_id, found.activation_code],
    ['installed', iccid, null, null, null],
  );
  const [form] = await newCards(door, 1);
  const sim = await door.call('POST', '/Sims', { form: form ?? {} });
  assert.deepEqual(await sidsOf({ SimSid: sim.body.sid }), []);
  assert.deepEqual(await sidsOf({ SimSid: found.sim_sid }), [found.sid]);
});

test('profiles are listed newest first, by EID, status and SIM', async () => {
  const party = door.subaccount;
  const one = await orderProfile(door, {}, party);
  const two = await orderProfile(door, { GenerateMatchingId: false, Eid: eidOf(1) }, party);
  const three = await orderProfile(door, {}, party);
  await moveProfile(door, three.iccid, 'installed', { eid: eidOf(1) });
  await moveProfile(door, one.iccid, 'error');
  const { body: four } = await door.call('POST', '/ESimProfiles', {
    form: { Eid: eidOf(1) },
    auth: party.auth,
  });
  const [s1, s2, s3, s4] = [one, two, three, four].map(({ sid }) => sid);
  const expected: [Record<string, string>, unknown[]][] = [
    [{}, [s4, s3, s2, s1]],
    [{ Status: 'new' }, []],
    [{ Status: 'reserving' }, [s4]],
    [{ Status: 'available' }, [s2]],
    [{ Status: 'downloaded' }, []],
    [{ Status: 'installed' }, [s3]],
    [{ Status: 'failed' }, [s1]],
    [{ Eid: eidOf(1) }, [s4, s3, s2]],
    [{ Eid: eidOf(2) }, []],
    [{ Eid: eidOf(1), Status: 'installed' }, [s3]],
    [{ Eid: 'none at all' }, []],
    [{ SimSid: two.sim_sid }, [s2]],
    [{ SimSid: two.sim_sid, Status: 'available', Eid: eidOf(1) }, [s2]],
    [{ SimSid: two.sim_sid, Status: 'installed' }, []],
    [{ SimSid: two.sim_sid, Eid: eidOf(2) }, []],
    [{ SimSid: `HS${'0'.repeat(32)}` }, []],
    [{ Color: 'green' }, [s4, s3, s2, s1]],
  ];
  for (const [query, sids] of expected)
    assert.deepEqual(await sidsOf(query, party), sids, JSON.stringify(query));
});

test('a deleted profile is found among the installed ones', async () => {
  const { sid, iccid } = await orderProfile(door);
  for (const to of ['installed', 'deleted'] as const) await moveProfile(door, iccid, to);
  assert.ok((await sidsOf({ Status: 'installed' })).includes(sid));
});

test("another account's profiles and SIMs are in no list", async () => {
  const theirs = await orderProfile(door, {}, door.subaccount);
  assert.deepEqual(await sidsOf({ SimSid: theirs.sim_sid }), []);
  assert.ok(!(await sidsOf({})).includes(theirs.sid));
  assert.deepEqual(await sidsOf({}, door.foreign), []);
});

test('the SIM of a card is related to no profile', async () => {
  const { sid } = await newSim(door);
  assert.deepEqual(await sidsOf({ SimSid: sid }), []);
});

test('pages follow each other in both directions, across profiles and open orders, and keep their filters', async () => {
  const paged = await openSuperSim(await testDatabase());
  const made: string[] = [];
  for (let n = 0; n < 5; n++) {
    const { body } = await paged.call('POST', '/ESimProfiles', { form: { GenerateMatchingId: true } });
    made.unshift(body.sid);
    if (n === 2) await paged.fulfil();
  }
  const get = async (url: string) => (await paged.call('GET', url.slice(testBase.length))).body;
  const sids = (page: { esim_profiles: { sid: string }[] }) => page.esim_profiles.map(({ sid }) => sid);
  const first = await get(`${testBase}/ESimProfiles?PageSize=2`);
  const second = await get(first.meta.next_page_url);
  const third = await get(second.meta.next_page_url);
  assert.deepEqual(
    [sids(first), sids(second), sids(third)],
    [made.slice(0, 2), made.slice(2, 4), made.slice(4)],
  );
  assert.equal(third.meta.next_page_url, null);
  assert.deepEqual(sids(await get(third.meta.previous_page_url)), made.slice(2, 4));
  const filtered = await get(`${testBase}/ESimProfiles?Status=reserving&PageSize=1`);
  assert.match(filtered.meta.next_page_url, /\?Status=reserving&PageSize=1&Page=1&PageToken=/);
  assert.deepEqual(sids(await get(filtered.meta.next_page_url)), [made[1]]);
});

test('the profile of one SIM is on the first page only', async () => {
  const { sid, sim_sid } = await orderProfile(door);
  const { meta, esim_profiles } = await list({ SimSid: sim_sid, PageSize: 1 });
  assert.deepEqual([esim_profiles.length, meta.next_page_url], [1, null]);
  const token = `PA${Buffer.from(`esm_${sid.slice(2)}`).toString('base64url')}`;
  assert.deepEqual(await sidsOf({ SimSid: sim_sid, PageToken: token }), []);
});
