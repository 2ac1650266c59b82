import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completeEid } from '../../../base/digits.ts';
import { query } from '../../../pg/query.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import {
  expireProfile,
  getProfile,
  type OperatedProfile,
  type OperatorCtx,
  type ProfileState,
  rebindProfile,
  releaseAgain,
  resetProfile,
} from '../index.ts';
import {
  createTestSmdp,
  eventTypesOf,
  releaseTestProfile,
  type TestOrder,
  testNow,
} from '../testing/test_smdp.ts';
import type { OperatorAction } from './actions.ts';

const smdp = createTestSmdp(await testDatabase());
const accountId = 'acc_test';
const eid = '89049032000001000000000000000074';
const otherEid = completeEid('890440459300000000000014989648');
const later = (ms: number) => new Date(testNow.getTime() + ms);
const pin = '1234';

type Input = {
  iccid: string;
  eid?: string | null;
  notOnDevice?: boolean;
  newMatchingId?: boolean;
  reason?: string;
  expiresAt?: Date | null;
};

const actions: Record<OperatorAction, (tx: OperatorCtx, input: Input) => Promise<OperatedProfile>> = {
  reset: (tx, input) => resetProfile(tx, { accountId, ...input }),
  release: (tx, input) => releaseAgain(tx, { accountId, ...input }),
  rebind: (tx, input) => rebindProfile(tx, { accountId, eid: otherEid, ...input }),
  expire: (tx, input) => expireProfile(tx, { accountId, ...input }),
};

const act = (action: OperatorAction, input: Input, now = testNow): Promise<OperatedProfile> => {
  const ctx = { ...smdp.ctx(), now };
  return write(ctx, {}, (tx) => actions[action]({ ...tx, smdp: ctx.smdp }, input));
};

const inState = (state: ProfileState, order: TestOrder = {}) =>
  releaseTestProfile(smdp, {
    confirmationCode: pin,
    ...order,
    columns: { state, download_attempts: 3, confirmation_failures: 2, ...order.columns },
  });

const lastEvent = async (iccid: string) => {
  const [row] = await query<{
    type: string;
    data: Record<string, unknown>;
    actor: string;
    request_id: string;
  }>(
    smdp.ctx().db,
    'select type, data, actor, request_id from events.events where resource_id = $1 order by position desc limit 1',
    [iccid],
  );
  return row ?? assert.fail('no event');
};

const states = [
  'allocated',
  'linked',
  'confirmed',
  'released',
  'downloaded',
  'installed',
  'deleted',
  'error',
  'unavailable',
] as const;

/** The state that each action leads to from each state; nothing where it is refused. */
const leadsTo: Record<OperatorAction, Partial<Record<ProfileState, ProfileState>>> = {
  reset: {
    allocated: 'allocated',
    linked: 'linked',
    confirmed: 'confirmed',
    released: 'released',
    downloaded: 'downloaded',
    error: 'released',
  },
  release: { deleted: 'released', error: 'released', unavailable: 'released' },
  rebind: { allocated: 'linked', linked: 'linked', confirmed: 'confirmed', released: 'released' },
  expire: { released: 'unavailable' },
};

for (const action of Object.keys(actions) as OperatorAction[])
  for (const state of states) {
    const to = leadsTo[action][state];
    test(`${action} of a profile that is ${state}: ${to ?? 'refused, and nothing is changed or told'}`, async () => {
      const { iccid } = await inState(state, { eid: state === 'linked' ? eid : null });
      const before = await getProfile(smdp.ctx(), { accountId, iccid });
      if (to === undefined) {
        await assert.rejects(act(action, { iccid }), {
          code: 'conflict',
          detail: new RegExp(`^The profile is ${state}\\. [A-Z]`),
        });
        assert.deepEqual(await getProfile(smdp.ctx(), { accountId, iccid }), before);
        assert.deepEqual(await eventTypesOf(smdp, iccid), []);
        return;
      }
      const changed = await act(action, { iccid, reason: 'they asked' });
      assert.equal(changed.state, to);
      const { type, data, actor, request_id } = await lastEvent(iccid);
      assert.equal(
        type,
        {
          reset: 'profile.reset',
          release: 'profile.released',
          rebind: 'profile.rebound',
          expire: 'profile.expired',
        }[action],
      );
      assert.deepEqual([actor, data['reason'], request_id.slice(0, 4)], ['system', 'they asked', 'req_']);
      assert.deepEqual((data['before'] as { state: string }).state, state);
      assert.deepEqual((data['after'] as { state: string }).state, to);
      const moves = smdp.moves.filter((move) => move.iccid === iccid);
      const isTold = state !== to || action === 'rebind';
      assert.deepEqual(
        moves.map((move) => [move.from, move.to]),
        isTold ? [[state, to]] : [],
      );
    });
  }

test('a state names exactly the actions that it allows', async () => {
  for (const state of states) {
    const { iccid } = await inState(state);
    const { actions: named } = await getProfile(smdp.ctx(), { accountId, iccid });
    const allowed = (Object.keys(leadsTo) as OperatorAction[]).filter((action) => leadsTo[action][state]);
    const byWord = state === 'downloaded' || state === 'installed' ? ['release'] : [];
    assert.deepEqual([...named].sort(), [...allowed, ...byWord].sort(), state);
  }
});

for (const state of ['downloaded', 'installed'] as const)
  test(`a profile that is ${state} is released again when its operator answers for it that no device holds it`, async () => {
    const { iccid } = await inState(state, {
      columns: {
        eid,
        euicc_otpk: Buffer.alloc(65, 4),
        binding_key: Buffer.alloc(32),
        installed_at: testNow,
        enabled: true,
      },
    });
    const changed = await act('release', { iccid, notOnDevice: true });
    assert.deepEqual(
      [changed.state, changed.eid, changed.downloadAttempts, changed.confirmationFailures],
      ['released', eid, 0, 0],
    );
    assert.deepEqual([changed.enabled, changed.installedAt, changed.downloadedAt], [null, null, null]);
  });

test('a reset sets both counters to 0 and leaves binding, EID and matching id alone', async () => {
  const { iccid, matchingId } = await inState('downloaded', {
    columns: { eid, euicc_otpk: Buffer.alloc(65, 4) },
  });
  const changed = await act('reset', { iccid });
  assert.deepEqual(
    [changed.downloadAttempts, changed.confirmationFailures, changed.eid, changed.matchingId],
    [0, 0, eid, matchingId],
  );
  const [row] = await query<{ bound: boolean }>(
    smdp.ctx().db,
    'select euicc_otpk is not null as bound from smdp.profiles where iccid = $1',
    [iccid],
  );
  assert.ok(row?.bound);
});

test('a failed profile whose time is over is not reset, but released with a time to come', async () => {
  const { iccid } = await inState('error', { columns: { expires_at: later(-1) } });
  await assert.rejects(act('reset', { iccid }), { code: 'conflict', detail: /expiresAt/ });
  await assert.rejects(act('release', { iccid, expiresAt: later(0) }), { code: 'invalid_request' });
  const changed = await act('release', { iccid, expiresAt: later(60_000) });
  assert.deepEqual([changed.state, changed.expiresAt], ['released', later(60_000)]);
});

for (const [given, before, after] of [
  [undefined, later(1000), later(1000)],
  [undefined, later(-1000), null],
  [null, later(1000), null],
] as const)
  test(`released again with expiresAt ${given === null ? 'null' : 'left out'}, a profile that ran to ${before.toISOString()} runs ${after ? 'to then' : 'for ever'}`, async () => {
    const { iccid } = await inState('unavailable', { columns: { expires_at: before } });
    const changed = await act('release', { iccid, ...(given !== undefined && { expiresAt: given }) });
    assert.deepEqual(changed.expiresAt, after);
  });

test('released again, a profile keeps its EID and matching id unless told otherwise', async () => {
  const { iccid, matchingId } = await inState('deleted', { eid });
  const [kept] = [await act('release', { iccid })];
  assert.deepEqual([kept.eid, kept.matchingId], [eid, matchingId]);
  await query(smdp.ctx().db, "update smdp.profiles set state = 'deleted' where iccid = $1", [iccid]);
  const freed = await act('release', { iccid, eid: null, newMatchingId: true });
  assert.equal(freed.eid, null);
  assert.match(freed.matchingId ?? '', /^[2-9A-Z]{5}(-[2-9A-Z]{5}){3}$/);
  assert.notEqual(freed.matchingId, matchingId);
  const move = smdp.moves.filter((each) => each.iccid === iccid).at(-1);
  assert.deepEqual([move?.eid, move?.matchingId], [null, freed.matchingId]);
});

test('a profile that only its EID leads to is not left without one, unless it gets a matching id', async () => {
  const order = { delivery: 'default_smdp', eid } as const;
  const { iccid } = await inState('released', order);
  await assert.rejects(act('rebind', { iccid, eid: null }), { code: 'conflict', detail: /matching id/ });
  assert.equal((await act('rebind', { iccid, eid: otherEid })).eid, otherEid);
  const gone = await inState('deleted', order);
  await assert.rejects(act('release', { iccid: gone.iccid, eid: null }), { code: 'conflict' });
  const again = await act('release', { iccid: gone.iccid, eid: null, newMatchingId: true });
  assert.ok(again.matchingId);
});

test('bound to the EID that it has, a profile changes nothing and tells nothing', async () => {
  const { iccid } = await inState('released', { eid });
  await act('rebind', { iccid, eid });
  assert.deepEqual(await eventTypesOf(smdp, iccid), []);
});

test('before it is confirmed, the state of a profile says whether it has an EID', async () => {
  const { iccid } = await inState('linked', { eid });
  assert.equal((await act('rebind', { iccid, eid: null })).state, 'allocated');
  assert.equal((await act('rebind', { iccid, eid })).state, 'linked');
});

test('what is no EID is refused, and an unknown ICCID and that of another account are not found', async () => {
  const { iccid } = await inState('released');
  const wrong = ['', '8904903200000100000000000000007', '89049032000001000000000000000075', 'x'.repeat(32)];
  for (const each of wrong)
    await assert.rejects(act('rebind', { iccid, eid: each }), {
      code: 'invalid_request',
      fields: [{ field: 'eid', detail: 'give the 32 digits, with valid check digits' }],
    });
  await query(smdp.ctx().db, "update smdp.profiles set account_id = 'acc_other' where iccid = $1", [iccid]);
  for (const action of Object.keys(actions) as OperatorAction[])
    for (const each of [iccid, '8900100000000999999'])
      await assert.rejects(act(action, { iccid: each }), { code: 'not_found' }, action);
  await assert.rejects(getProfile(smdp.ctx(), { accountId, iccid }), { code: 'not_found' });
});

test('a profile whose order came to nothing stays withdrawn', async () => {
  const { iccid } = await inState('unavailable', {
    columns: { last_result: { outcome: 'withdrawn', reason: 'no' } },
  });
  assert.deepEqual((await getProfile(smdp.ctx(), { accountId, iccid })).actions, []);
  for (const action of Object.keys(actions) as OperatorAction[])
    await assert.rejects(act(action, { iccid }), { code: 'conflict', detail: /order another/ });
});

test('what is called again over ES2+ after its operator changed a profile is no resend', async () => {
  const columns = { es2_call: { function: 'confirmOrder' } };
  const call = async (iccid: string) =>
    (
      await query<{ es2_call: object | null }>(
        smdp.ctx().db,
        'select es2_call from smdp.profiles where iccid = $1',
        [iccid],
      )
    )[0]?.es2_call;
  const reset = await inState('confirmed', { columns });
  await act('reset', { iccid: reset.iccid });
  assert.ok(await call(reset.iccid), 'a reset changes nothing that was answered');
  for (const [action, state] of [
    ['rebind', 'confirmed'],
    ['release', 'error'],
    ['expire', 'released'],
  ] as const) {
    const { iccid } = await inState(state, { columns });
    await act(action, { iccid });
    assert.equal(await call(iccid), null, action);
  }
});
