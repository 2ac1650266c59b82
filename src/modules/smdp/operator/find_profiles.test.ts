import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { listProfiles, type ProfileFilter, type ProfileState } from '../index.ts';
import { createTestSmdp, releaseTestProfile, testNow } from '../testing/test_smdp.ts';

const smdp = createTestSmdp(await testDatabase());
const eid = '89049032000001000000000000000074';
const requesterId = 'fnr_0';
const minute = (count: number) => new Date(testNow.getTime() + count * 60_000);

/** Made one after the other, two of them at the same moment. */
const made = await Promise.all(
  (
    [
      ['released', 1, null, null],
      ['error', 2, eid, null],
      ['released', 2, eid, null],
      ['allocated', 3, null, requesterId],
      ['installed', 4, eid, requesterId],
    ] as const
  ).map(([state, at, eidOf, requester_id]) =>
    releaseTestProfile(smdp, { eid: eidOf, columns: { state, created_at: minute(at), requester_id } }),
  ),
);
const foreign = await releaseTestProfile(smdp, {
  eid,
  columns: { account_id: 'acc_other', requester_id: requesterId },
});
const numbersOf = (iccids: readonly string[]) =>
  iccids.map((iccid) => made.findIndex((each) => each.iccid === iccid));
const list = async (filter: Partial<ProfileFilter> = {}) =>
  numbersOf((await listProfiles(smdp.ctx(), { accountId: 'acc_test', ...filter })).map(({ iccid }) => iccid));
const newestFirst = [4, 3, ...[1, 2].sort((a, b) => (made[a]!.iccid < made[b]!.iccid ? 1 : -1)), 0];

for (const [what, filter, expected] of [
  ['nothing', {}, [0, 1, 2, 3, 4]],
  ['a state', { state: 'released' as ProfileState }, [0, 2]],
  ['the state error', { state: 'error' as ProfileState }, [1]],
  ['an EID', { eid }, [1, 2, 4]],
  ['an EID and a state', { eid, state: 'error' as ProfileState }, [1]],
  ['ICCIDs, one of another account', { iccids: [made[3]!.iccid, made[0]!.iccid, foreign.iccid] }, [0, 3]],
  ['an ICCID and another EID', { iccids: [made[0]!.iccid], eid }, []],
  ['no ICCID', { iccids: [] }, []],
  ['a matching id', { matchingId: made[2]!.matchingId ?? '' }, [2]],
  ['a matching id of another account', { matchingId: foreign.matchingId ?? '' }, []],
  ['a requester', { requesterId }, [3, 4]],
  ['a profile type that has none', { profileTypeId: 'pty_0' }, []],
] as const)
  test(`profiles are listed by ${what}, newest first, those of the account only`, async () => {
    assert.deepEqual(
      await list(filter),
      newestFirst.filter((each) => (expected as readonly number[]).includes(each)),
    );
  });

test('pages follow each other without a gap in both directions, also among profiles of one moment', async () => {
  const seen: number[] = [];
  let before: string | undefined;
  for (;;) {
    const page = await listProfiles(smdp.ctx(), {
      accountId: 'acc_test',
      limit: 1,
      ...(before && { before }),
    });
    if (page.length === 0) break;
    seen.push(...numbersOf(page.map(({ iccid }) => iccid)));
    before = page[0]?.cursor;
  }
  assert.deepEqual(seen, newestFirst);
  const last = (await listProfiles(smdp.ctx(), { accountId: 'acc_test' })).at(-1);
  assert.deepEqual(await list({ after: last?.cursor ?? '', limit: 2 }), newestFirst.slice(2, 4));
});
