import assert from 'node:assert/strict';
import { test } from 'node:test';
import { present } from '../../../base/assert.ts';
import { toHex } from '../../../base/bytes.ts';
import { query } from '../../../pg/query.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { RspError, type RspErrorCode } from '../../../rsp/rsp_error.ts';
import { findProfileType, takeStock } from '../../inventory/index.ts';
import {
  cancelOrder,
  confirmOrder,
  downloadOrder,
  getBoundProfilePackage,
  handleNotification,
  releaseProfile,
} from '../index.ts';
import type { ProfileState } from '../profiles/profile.ts';
import { installationResult, prepareDownload } from '../testing/test_card.ts';
import { callOf, makeRequester, makeStock, stockOf } from '../testing/test_es2.ts';
import {
  createTestSmdp,
  download,
  eventTypesOf,
  offerTo,
  profileRow,
  releaseTestProfile,
} from '../testing/test_smdp.ts';

const smdp = createTestSmdp(await testDatabase());
const ctx = smdp.ctx();
const requester = await makeRequester(smdp);
const other = await makeRequester(smdp, { accountId: 'acc_other' });
const stock = await makeStock(smdp, { name: 'type-a', count: 400 });
await makeStock(smdp, { name: 'type-empty', count: 0 });
const foreignStock = await makeStock(smdp, { accountId: 'acc_other', name: 'type-other', count: 3 });

const eid = '89049032123451234512345678901235';
const otherEid = '89049032123451234512345678901240';
const call = (id?: string) => callOf(requester, id);
/** An ICCID that nobody has ordered. */
const fresh = () => stock.pop() ?? assert.fail('the stock of the test is used up');
const stateOf = async (iccid: string) => (await profileRow(smdp, iccid)).state;

function refused(code: RspErrorCode) {
  return (error: unknown) => {
    assert.ok(error instanceof RspError, String(error));
    assert.equal(error.code, code);
    return true;
  };
}

async function refusal(run: Promise<unknown>): Promise<string> {
  return await run.then(
    () => 'done',
    (error) => (error instanceof RspError ? error.code : String(error)),
  );
}

const order = (input: Parameters<typeof downloadOrder>[2], id?: string) =>
  downloadOrder(ctx, call(id), input);
const confirm = (input: Parameters<typeof confirmOrder>[2], id?: string) =>
  confirmOrder(ctx, call(id), input);
const cancel = (input: Parameters<typeof cancelOrder>[2], id?: string) => cancelOrder(ctx, call(id), input);
const release = (iccid: string, id?: string) => releaseProfile(ctx, call(id), { iccid });

/** All that an operator does with a profile that is ordered. */
const handling = (iccid: string) => [
  () => confirm({ iccid, releaseFlag: true }),
  () => cancel({ iccid, finalProfileStatusIndicator: 'Available' }),
  () => release(iccid),
];

async function released(input: Partial<Parameters<typeof confirmOrder>[2]> = {}) {
  const iccid = fresh();
  await order({ iccid });
  const { matchingId } = await confirm({ iccid, releaseFlag: true, ...input });
  return { iccid, matchingId };
}

// ---- DownloadOrder

test('an order by ICCID takes that profile: allocated without EID, linked with one', async () => {
  for (const [input, state] of [
    [{}, 'allocated'],
    [{ eid }, 'linked'],
  ] as const) {
    const iccid = fresh();
    assert.deepEqual(await order({ iccid, ...input }), { iccid });
    assert.equal(await stateOf(iccid), state);
    assert.deepEqual(await eventTypesOf(smdp, iccid), ['profile.allocated']);
    assert.ok(!(await stockOf(smdp, 'type-a')).includes(iccid));
  }
});

test('an order by profile type gives the ICCID of one in stock', async () => {
  const before = await stockOf(smdp, 'type-a');
  const { iccid } = await order({ profileType: 'type-a' });
  assert.ok(before.includes(iccid));
  assert.equal((await stockOf(smdp, 'type-a')).length, before.length - 1);
  stock.splice(stock.indexOf(iccid), 1);
});

test('an order by ICCID and type is taken when they agree', async () => {
  const iccid = fresh();
  assert.deepEqual(await order({ iccid, profileType: 'type-a' }), { iccid });
});

const refusedOrders: [string, () => Parameters<typeof downloadOrder>[2], RspErrorCode][] = [
  ['neither ICCID nor type', () => ({}), 'message_invalid'],
  ['an unknown ICCID', () => ({ iccid: '8949990000000000001' }), 'iccid_unknown'],
  ['the ICCID of another account', () => ({ iccid: foreignStock[0] ?? '' }), 'iccid_not_allowed'],
  [
    'an ICCID of another type',
    () => ({ iccid: fresh(), profileType: 'type-empty' }),
    'profile_type_mismatch',
  ],
  ['an unknown type', () => ({ profileType: 'no-such-type' }), 'profile_type_unknown'],
  ['a type of another account', () => ({ profileType: 'type-other' }), 'profile_type_not_allowed'],
  ['a type of which none is left', () => ({ profileType: 'type-empty' }), 'profile_type_unavailable'],
];
for (const [name, input, code] of refusedOrders)
  test(`${name} is refused with ${code}, and nothing is taken`, async () => {
    const asked = input();
    const before = (await stockOf(smdp, 'type-a')).length;
    await assert.rejects(order(asked), refused(code));
    assert.equal((await stockOf(smdp, 'type-a')).length, before);
  });

test('an ICCID that is ordered already is refused as in use, and to another account as not its own', async () => {
  const iccid = fresh();
  await order({ iccid });
  await assert.rejects(order({ iccid, eid }), refused('iccid_in_use'));
  await assert.rejects(downloadOrder(ctx, callOf(other), { iccid }), refused('iccid_not_allowed'));
});

test('a profile that an order of ours released is in use, and not for ES2+ to handle', async () => {
  const { iccid } = await releaseTestProfile(smdp);
  await assert.rejects(order({ iccid }), refused('iccid_in_use'));
  for (const run of handling(iccid)) await assert.rejects(run(), refused('iccid_not_allowed'));
});

// ---- ConfirmOrder

test('a matching id that is left out is made, and the code of the operator downloads the profile', async () => {
  const { iccid, matchingId } = await released();
  assert.match(matchingId, /^[0-9A-Z-]{23}$/);
  assert.deepEqual(await eventTypesOf(smdp, iccid), [
    'profile.allocated',
    'profile.confirmed',
    'profile.released',
  ]);
  const { offer } = await download(smdp, { matchingId });
  assert.ok(offer.transactionId);
  assert.equal(await stateOf(iccid), 'downloaded');
});

test('a matching id that is given is used as it is, and one that is taken is refused', async () => {
  const matchingId = 'Order_42/ü';
  const { iccid } = await released({ matchingId });
  assert.equal((await profileRow(smdp, iccid)).matching_id, matchingId);
  const second = fresh();
  await order({ iccid: second });
  await assert.rejects(
    confirm({ iccid: second, matchingId, releaseFlag: true }),
    refused('matching_id_in_use'),
  );
  assert.equal(await stateOf(second), 'allocated');
});

test('an empty matching id is for the default SM-DP+: the EID alone finds the profile', async () => {
  const iccid = fresh();
  const cardEid = smdp.card.eid;
  await order({ iccid, eid: cardEid });
  assert.deepEqual(await confirm({ iccid, matchingId: '', releaseFlag: true }), {
    eid: cardEid,
    matchingId: '',
    smdpAddress: ctx.smdp.address,
  });
  await offerTo(smdp, { matchingId: '' });
});

test('without releaseFlag a profile is confirmed, and only releaseProfile opens it', async () => {
  const { iccid, matchingId } = await released({ releaseFlag: false });
  assert.equal(await stateOf(iccid), 'confirmed');
  await assert.rejects(offerTo(smdp, { matchingId }), refused('profile_not_released'));
  await release(iccid);
  assert.equal(await stateOf(iccid), 'released');
  await offerTo(smdp, { matchingId });
});

test('a confirmation code is asked of whoever downloads, and is nowhere in the clear', async () => {
  const { iccid, matchingId } = await released({ confirmationCode: '4711-0815' });
  await assert.rejects(
    download(smdp, { matchingId, confirmationCode: '0000' }),
    refused('confirmation_code_refused'),
  );
  await download(smdp, { matchingId, confirmationCode: '4711-0815' });
  const [row] = await query<{ text: string }>(
    ctx.db,
    'select row_to_json(p)::text as text from smdp.profiles p where iccid = $1',
    [iccid],
  );
  assert.doesNotMatch(row?.text ?? '', /4711-0815/);
  assert.ok(!row?.text.includes(toHex(Buffer.from('4711-0815')).toLowerCase()));
});

test('an EID may come with the confirmation, and binds the profile', async () => {
  const iccid = fresh();
  await order({ iccid });
  const { matchingId, eid: answered } = await confirm({ iccid, eid: otherEid, releaseFlag: true });
  assert.equal(answered, otherEid);
  await assert.rejects(offerTo(smdp, { matchingId }), refused('eid_mismatch'));
});

const refusedConfirmations: [string, Parameters<typeof downloadOrder>[2], object, RspErrorCode][] = [
  ['another EID', { eid }, { eid: otherEid }, 'eid_other'],
  ['an empty matching id without EID', {}, { matchingId: '' }, 'eid_missing'],
  ['an SM-DS without EID', {}, { smdsAddress: 'smds.example.com' }, 'eid_missing'],
  ['an SM-DS that is no host', { eid }, { smdsAddress: 'https://x' }, 'smds_inaccessible'],
  ['an SM-DS that cannot be reached', { eid }, { smdsAddress: 'smds.example.com' }, 'smds_inaccessible'],
  ['a matching id with $', {}, { matchingId: 'a$b' }, 'message_invalid'],
  ['a matching id of 256 characters', {}, { matchingId: 'x'.repeat(256) }, 'message_invalid'],
  ['a matching id with NUL', {}, { matchingId: 'a\0b' }, 'message_invalid'],
];
for (const [name, ordered, input, code] of refusedConfirmations)
  test(`a confirmation with ${name} is refused with ${code} and leaves the order as it was`, async () => {
    const iccid = fresh();
    await order({ iccid, ...ordered });
    const before = await profileRow(smdp, iccid);
    await assert.rejects(confirm({ iccid, releaseFlag: true, ...input }), refused(code));
    assert.deepEqual(await profileRow(smdp, iccid), before);
    assert.deepEqual(await eventTypesOf(smdp, iccid), ['profile.allocated']);
  });

// ---- CancelOrder

test('a cancelled order gives the profile back, and it can be ordered anew as if nothing had been', async () => {
  const { iccid, matchingId } = await released();
  await cancel({ iccid, matchingId, finalProfileStatusIndicator: 'Available' });
  assert.ok((await stockOf(smdp, 'type-a')).includes(iccid));
  await assert.rejects(offerTo(smdp, { matchingId }), refused('matching_id_refused'));
  await order({ iccid, eid });
  assert.equal(await stateOf(iccid), 'linked');
  assert.deepEqual((await eventTypesOf(smdp, iccid)).slice(-2), ['profile.cancelled', 'profile.allocated']);
});

test('an order that is cancelled for good is never used again', async () => {
  const { iccid } = await released();
  await cancel({ iccid, finalProfileStatusIndicator: 'Unavailable' });
  assert.equal(await stateOf(iccid), 'unavailable');
  await assert.rejects(order({ iccid }), refused('iccid_in_use'));
  await assert.rejects(release(iccid), refused('profile_state_invalid'));
});

test('a session that was open when its order was cancelled gets nothing of the next order', async () => {
  const { iccid, matchingId } = await released();
  const offer = await offerTo(smdp, { matchingId });
  await cancel({ iccid, finalProfileStatusIndicator: 'Available' });
  await order({ iccid });
  await confirm({ iccid, releaseFlag: true });
  const prepareDownloadResponse = prepareDownload(smdp.card, offer);
  await assert.rejects(
    getBoundProfilePackage(ctx, { transactionId: offer.transactionId, prepareDownloadResponse }),
    refused('transaction_unknown'),
  );
  assert.equal(await stateOf(iccid), 'released');
});

const refusedCancellations: [string, Parameters<typeof downloadOrder>[2], object, RspErrorCode][] = [
  ['no EID where one is ordered', { eid }, {}, 'eid_missing'],
  ['another EID', { eid }, { eid: otherEid }, 'eid_other'],
  ['an EID where none is ordered', {}, { eid }, 'eid_other'],
  ['another matching id', { eid }, { eid, matchingId: 'OTHER' }, 'matching_id_mismatch'],
];
for (const [name, ordered, input, code] of refusedCancellations)
  test(`a cancellation with ${name} is refused with ${code}`, async () => {
    const iccid = fresh();
    await order({ iccid, ...ordered });
    await confirm({ iccid, releaseFlag: true });
    await assert.rejects(
      cancel({ iccid, finalProfileStatusIndicator: 'Available', ...input }),
      refused(code),
    );
    assert.equal(await stateOf(iccid), 'released');
  });

// ---- The state machine: each function in each state

const states: ProfileState[] = [
  'available',
  'allocated',
  'linked',
  'confirmed',
  'released',
  'downloaded',
  'installed',
  'deleted',
  'error',
  'unavailable',
];

/** The outcome in each of `states`, in their order. */
const machine: Record<'downloadOrder' | 'confirmOrder' | 'cancelOrder' | 'releaseProfile', string[]> =
  (() => {
    const used = 'iccid_in_use';
    const no = 'profile_state_invalid';
    return {
      downloadOrder: ['allocated', used, used, used, used, used, used, used, used, used],
      confirmOrder: [no, 'confirmed', 'confirmed', no, no, no, no, no, no, no],
      cancelOrder: [no, 'available', 'available', 'available', 'available', no, no, no, 'available', no],
      releaseProfile: [no, no, no, 'released', no, no, no, 'released', 'released', no],
    };
  })();

async function inState(state: ProfileState): Promise<string> {
  const iccid = fresh();
  if (state === 'available') return iccid;
  await order({ iccid, ...(state === 'linked' && { eid }) });
  await query(ctx.db, 'update smdp.profiles set state = $2 where iccid = $1', [iccid, state]);
  return iccid;
}

async function stateAfter(iccid: string): Promise<string> {
  const [row] = await query<{ state: string }>(ctx.db, 'select state from smdp.profiles where iccid = $1', [
    iccid,
  ]);
  return row?.state ?? 'available';
}

for (const [name, outcomes] of Object.entries(machine))
  test(`${name} moves a profile only from where it may`, async () => {
    for (const [index, state] of states.entries()) {
      const iccid = await inState(state);
      const ofOrder = state === 'linked' ? { eid } : {};
      const runs: Record<string, () => Promise<unknown>> = {
        downloadOrder: () => order({ iccid, profileType: 'type-a' }),
        confirmOrder: () => confirm({ iccid, releaseFlag: false }),
        cancelOrder: () => cancel({ iccid, finalProfileStatusIndicator: 'Available', ...ofOrder }),
        releaseProfile: () => release(iccid),
      };
      const outcome = await refusal(runs[name]?.() ?? Promise.reject(new Error(name)));
      const seen = outcome === 'done' ? await stateAfter(iccid) : outcome;
      assert.equal(seen, outcomes[index], `${name} in ${state}`);
      if (outcome !== 'done') assert.equal(await stateAfter(iccid), state);
    }
  });

test('every function refuses an unknown ICCID, one of another account, and one that is not ordered', async () => {
  const foreign = foreignStock[1] ?? '';
  await downloadOrder(ctx, callOf(other), { iccid: foreign });
  for (const [iccid, code] of [
    ['8949990000000000001', 'iccid_unknown'],
    [foreign, 'iccid_not_allowed'],
    [foreignStock[2] ?? '', 'iccid_not_allowed'],
    [fresh(), 'profile_state_invalid'],
  ] as const)
    for (const run of handling(iccid)) await assert.rejects(run(), refused(code));
});

// ---- Released again

test('a profile that was deleted is released again by its operator, for any eUICC and with all attempts', async () => {
  const { iccid, matchingId } = await released();
  const { offer } = await download(smdp, { matchingId });
  const { transactionId } = offer;
  await handleNotification(ctx, {
    pendingNotification: installationResult(smdp.card, transactionId, { iccid }),
  });
  await query(ctx.db, "update smdp.profiles set state = 'deleted', last_seq_number = 40 where iccid = $1", [
    iccid,
  ]);
  await release(iccid);
  const row = await profileRow(smdp, iccid);
  assert.deepEqual(
    [row.state, row.eid, row.download_attempts, row.euicc_otpk, row.binding_key],
    ['released', null, 0, null, null],
  );
  // What the first eUICC says of its download late changes nothing any more.
  await handleNotification(ctx, {
    pendingNotification: installationResult(smdp.card, transactionId, { iccid, seqNumber: 99 }),
  });
  assert.equal(await stateOf(iccid), 'released');
  await download(smdp, { matchingId });
});

test('one that was ordered for an EID stays for that EID when it is released again', async () => {
  const iccid = fresh();
  await order({ iccid, eid: smdp.card.eid });
  await confirm({ iccid, releaseFlag: true });
  await query(ctx.db, "update smdp.profiles set state = 'error', download_attempts = 10 where iccid = $1", [
    iccid,
  ]);
  await release(iccid);
  const row = await profileRow(smdp, iccid);
  assert.deepEqual([row.eid, row.download_attempts], [smdp.card.eid, 0]);
});

// ---- Resends

test('a repetition of each function gets the first answer and does nothing', async () => {
  const iccid = fresh();
  const twice = async (run: () => Promise<unknown>) => {
    const answer = await run();
    const row = await profileRow(smdp, iccid);
    assert.deepEqual(await run(), answer);
    assert.deepEqual(await profileRow(smdp, iccid), row);
  };
  await twice(() => order({ iccid }));
  await twice(() => confirm({ iccid, confirmationCode: '1234', releaseFlag: false }));
  await twice(() => release(iccid));
  await twice(() => cancel({ iccid, finalProfileStatusIndicator: 'Unavailable' }));
  assert.deepEqual(await eventTypesOf(smdp, iccid), [
    'profile.allocated',
    'profile.confirmed',
    'profile.released',
    'profile.cancelled',
  ]);
});

test('a confirmation that differs in its code alone is no resend', async () => {
  const { iccid } = await released({ confirmationCode: '1234' });
  await assert.rejects(
    confirm({ iccid, confirmationCode: '1235', releaseFlag: true }),
    refused('profile_state_invalid'),
  );
  await assert.rejects(confirm({ iccid, releaseFlag: true }), refused('profile_state_invalid'));
});

test('a cancellation is a resend until somebody orders the profile again', async () => {
  const iccid = fresh();
  const input = { iccid, finalProfileStatusIndicator: 'Available' as const };
  await order({ iccid });
  await cancel(input);
  await cancel(input);
  await assert.rejects(cancel({ ...input, matchingId: 'x' }), refused('profile_state_invalid'));
  await assert.rejects(cancelOrder(ctx, callOf(other), input), refused('iccid_not_allowed'));
  await order({ iccid });
  await cancel(input);
  assert.equal((await eventTypesOf(smdp, iccid)).filter((type) => type === 'profile.cancelled').length, 2);
});

test('the same call by type is a resend, one with another identifier another order', async () => {
  const one = await order({ profileType: 'type-a' }, 'by-type-1');
  assert.deepEqual(await order({ profileType: 'type-a' }, 'by-type-1'), one);
  const two = await order({ profileType: 'type-a' }, 'by-type-2');
  assert.notEqual(two.iccid, one.iccid);
  // The identifier alone makes no resend.
  const three = await order({ profileType: 'type-a', eid }, 'by-type-1');
  assert.notEqual(three.iccid, one.iccid);
  for (const { iccid } of [one, two, three]) stock.splice(stock.indexOf(iccid), 1);
});

test('order, cancellation and order with the same identifiers all succeed', async () => {
  const iccid = fresh();
  for (const input of [{ iccid }, { profileType: 'type-a' }]) {
    const one = await order(input, 'always');
    await cancel({ iccid: one.iccid, finalProfileStatusIndicator: 'Available' }, 'always');
    const two = await order(input, 'always');
    assert.equal(await stateOf(two.iccid), 'allocated');
    await cancel({ iccid: two.iccid, finalProfileStatusIndicator: 'Unavailable' }, 'always');
  }
});

// ---- At the same time

test('twenty identical orders at once are one order, by ICCID and by type', async () => {
  const iccid = fresh();
  for (const input of [{ iccid }, { profileType: 'type-a' }]) {
    const before = (await stockOf(smdp, 'type-a')).length;
    const answers = await Promise.all(Array.from({ length: 20 }, () => order(input, 'at-once')));
    assert.equal(new Set(answers.map((each) => each.iccid)).size, 1);
    assert.equal((await stockOf(smdp, 'type-a')).length, before - 1);
    const ordered = answers[0]?.iccid ?? '';
    assert.deepEqual(await eventTypesOf(smdp, ordered), ['profile.allocated']);
    if (stock.includes(ordered)) stock.splice(stock.indexOf(ordered), 1);
  }
});

test('orders of ours and of operators never get the same profile, and together all that there is', async () => {
  await makeStock(smdp, { name: 'type-shared', count: 20 });
  const type = present(await findProfileType(ctx, 'type-shared'), 'the type');
  const ours = (orderId: string) =>
    write(ctx, {}, async (tx) => {
      const taken = await takeStock(tx, type.id, [{ orderId, quantity: 1 }]);
      return taken.get(orderId)?.map(({ iccid }) => iccid) ?? [];
    });
  const theirs = (id: string) =>
    order({ profileType: 'type-shared' }, id).then(
      ({ iccid }) => [iccid],
      () => [],
    );
  const rounds = Array.from({ length: 15 }, (_, index) => `shared-${index}`);
  const taken = await Promise.all(rounds.flatMap((id) => [ours(id), theirs(id)]));
  const left = await stockOf(smdp, 'type-shared');
  // Who steps over what another one holds may find nothing left for the moment; what is left can be had afterwards.
  assert.equal(new Set([...taken.flat(), ...left]).size, 20);
  assert.equal(taken.flat().length + left.length, 20);
  for (const iccid of left) assert.deepEqual(await order({ iccid }), { iccid });
});

test('of twenty conflicting orders at once one is taken, and the others hear that the ICCID is in use', async () => {
  const iccid = fresh();
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      refusal(order({ iccid, eid: `8904903212345123451234567890${1000 + index}` })),
    ),
  );
  assert.deepEqual(outcomes.sort(), ['done', ...Array<string>(19).fill('iccid_in_use')]);
});

test('of twenty orders that confirm the same matching id at once one gets it', async () => {
  const iccids = Array.from({ length: 20 }, fresh);
  for (const iccid of iccids) await order({ iccid });
  const outcomes = await Promise.all(
    iccids.map((iccid) => refusal(confirm({ iccid, matchingId: 'WANTED-BY-ALL', releaseFlag: true }))),
  );
  assert.deepEqual(outcomes.sort(), ['done', ...Array<string>(19).fill('matching_id_in_use')]);
});

test('confirmation, release and cancellation at once end in a state that one of them made', async () => {
  for (let round = 0; round < 10; round++) {
    const iccid = fresh();
    await order({ iccid });
    const outcomes = await Promise.all([
      refusal(confirm({ iccid, releaseFlag: false })),
      refusal(release(iccid)),
      refusal(cancel({ iccid, finalProfileStatusIndicator: 'Unavailable' })),
      refusal(confirm({ iccid, matchingId: '', releaseFlag: true })),
    ]);
    assert.equal(outcomes[2], 'done');
    assert.equal(await stateOf(iccid), 'unavailable');
  }
});
