import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { query } from '../../../pg/query.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { RspError } from '../../../rsp/rsp_error.ts';
import { handleNotification, profilesDueWork, pushEvents, withdrawProfiles } from '../index.ts';
import { failed, installationResult } from '../testing/test_card.ts';
import { download, offerTo, profileRow, releaseTestProfile } from '../testing/test_smdp.ts';
import { rebindPush } from './rebind_push.ts';
import { registerEventNow } from './register_event_now.ts';
import { registerPush } from './register_push.ts';
import { createTestPush, eventIdsOf, otherSmds, ownSmds, pushRows, type TestPush } from './test_push.ts';
import { withdrawPush } from './withdraw_push.ts';

const database = await testDatabase();
const push = createTestPush(database);
const { card } = push;
const ctx = () => push.ctx();
const anotherEid = '89049032123451234512345678909999';

beforeEach(async () => {
  for (const table of ['smds.events', 'smdp.smds_events', 'smdp.downloads', 'smdp.sessions', 'smdp.profiles'])
    await query(database.kysely, `delete from ${table}`);
  push.calls.length = 0;
  push.answers.register = () => 'registered';
  push.answers.delete = () => {};
});

const inaccessible = () => {
  throw new RspError('smds_inaccessible', 'no answer');
};
const statesOf = async (of: TestPush, iccid: string) => (await pushRows(of, iccid)).map(({ state }) => state);
const release = (eid = card.eid) => releaseTestProfile(push, { delivery: 'smds', eid });
const install = async (matchingId: string | undefined, changes = {}) => {
  const { offer } = await download(push, { matchingId });
  const pendingNotification = installationResult(card, offer.transactionId, changes);
  await handleNotification(ctx(), { pendingNotification });
};

/** Registers at another SM-DS a profile that was released for the EID. */
async function releaseElsewhere() {
  const { iccid, matchingId = '' } = await releaseTestProfile(push, { eid: card.eid });
  await write(ctx(), {}, async (tx) => {
    await query(tx.db, 'update smdp.profiles set smds_address = $2 where iccid = $1', [iccid, otherSmds]);
    await registerPush(tx, [{ iccid, eid: card.eid, eventId: matchingId, smdsAddress: otherSmds }]);
  });
  return { iccid, eventId: matchingId };
}

test('a profile released for an SM-DS has its event there in the same transaction, under its matching id', async () => {
  const { iccid, matchingId } = await release();
  assert.deepEqual(await eventIdsOf(push, card.eid), [matchingId]);
  assert.deepEqual(await statesOf(push, iccid), ['registered']);
  const [event] = await query<{ rsp_server_address: string; owner_oid: string }>(
    database.kysely,
    'select rsp_server_address, owner_oid from smds.events',
  );
  assert.deepEqual({ ...event }, { rsp_server_address: 'smdp.example.com', owner_oid: '2.999.10' });
  await assert.rejects(
    write(ctx(), {}, async (tx) => {
      await releaseTestProfile(
        { ...push, ctx: () => ({ ...tx, smdp: ctx().smdp }) },
        { delivery: 'smds', eid: card.eid },
      );
      throw new Error('changed my mind');
    }),
    /changed my mind/,
  );
  assert.equal((await eventIdsOf(push, card.eid)).length, 1);
});

test('the event stays while the result of the download is not known, and is deleted after it', async () => {
  const { iccid, matchingId } = await release();
  const { offer } = await download(push, { matchingId });
  assert.equal(await pushEvents(ctx()), 0);
  assert.deepEqual(await eventIdsOf(push, card.eid), [matchingId]);
  await handleNotification(ctx(), { pendingNotification: installationResult(card, offer.transactionId) });
  assert.equal(await pushEvents(ctx()), 1);
  assert.deepEqual(await eventIdsOf(push, card.eid), []);
  assert.deepEqual(await statesOf(push, iccid), ['deleted']);
  assert.equal(await pushEvents(ctx()), 0);
});

test('a failed installation that may be tried again keeps the event; one that would fail again ends it', async () => {
  const { iccid, matchingId } = await release();
  await install(matchingId, { finalResult: failed(5, 10) });
  await pushEvents(ctx());
  assert.deepEqual(await eventIdsOf(push, card.eid), [matchingId]);
  await install(matchingId, { finalResult: failed(5, 15), seqNumber: 2 });
  await pushEvents(ctx());
  assert.deepEqual(await eventIdsOf(push, card.eid), []);
  assert.equal((await profileRow(push, iccid)).state, 'error');
});

test('the event of a profile that expires, or whose order came to nothing, is deleted', async () => {
  const expiring = await release();
  await query(database.kysely, 'update smdp.profiles set expires_at = $2 where iccid = $1', [
    expiring.iccid,
    new Date(ctx().now.getTime() - 1),
  ]);
  const withdrawn = await release();
  assert.equal((await eventIdsOf(push, card.eid)).length, 2);
  await profilesDueWork(ctx().smdp).runDue(ctx(), null);
  await write(ctx(), {}, (tx) => withdrawProfiles(tx, [withdrawn.iccid]));
  await pushEvents(ctx());
  assert.deepEqual(await eventIdsOf(push, card.eid), []);
});

test('an LPA that drops the event id and asks without a matching id gets the profile that waits for its EID', async () => {
  const older = await release();
  await release(anotherEid);
  await releaseTestProfile(push, { eid: card.eid });
  const { profileMetadata } = await offerTo(push, { matchingId: '' });
  assert.deepEqual(Buffer.from(profileMetadata), Buffer.from((await profileRow(push, older.iccid)).metadata));
});

test('another SM-DS is called after the commit, and again until it answers', async () => {
  const { iccid, eventId } = await releaseElsewhere();
  assert.deepEqual(push.calls, []);
  push.answers.register = inaccessible;
  assert.equal(await pushEvents(ctx()), 1);
  assert.equal(await pushEvents(ctx()), 0);
  assert.deepEqual(await pushRows(push, iccid), [
    { event_id: eventId, eid: card.eid, state: 'registering', attempts: 1, last_error: 'no answer' },
  ]);
  push.clock.now = new Date(push.clock.now.getTime() + 1_001);
  // The first call was taken, and its answer lost.
  push.answers.register = () => 'known';
  assert.equal(await pushEvents(ctx()), 1);
  assert.deepEqual(await statesOf(push, iccid), ['registered']);
  assert.deepEqual(push.calls, Array(2).fill(`registerEvent ${otherSmds} ${eventId}`));
});

test('two nodes at once call an SM-DS once; a node that dies is followed by another one', async () => {
  const { iccid } = await releaseElsewhere();
  const counts = await Promise.all([pushEvents(ctx()), pushEvents(push.ctx(1))]);
  assert.deepEqual(counts.sort(), [0, 1]);
  await query(database.kysely, "update smdp.smds_events set state = 'registering', locked_until = $1", [
    new Date(ctx().now.getTime() + 1_000),
  ]);
  assert.equal(await pushEvents(ctx()), 0);
  push.clock.now = new Date(push.clock.now.getTime() + 1_001);
  assert.equal(await pushEvents(ctx()), 1);
  assert.deepEqual(await statesOf(push, iccid), ['registered']);
});

test('an SM-DS out of reach holds up no notification; its event is deleted once it is back', async () => {
  const { iccid, eventId } = await releaseElsewhere();
  await pushEvents(ctx());
  push.answers.delete = inaccessible;
  await install(eventId);
  assert.equal((await profileRow(push, iccid)).state, 'installed');
  await pushEvents(ctx());
  assert.deepEqual(await statesOf(push, iccid), ['deleting']);
  push.answers.delete = () => {};
  push.clock.now = new Date(push.clock.now.getTime() + 1_001);
  await pushEvents(ctx());
  assert.deepEqual(await statesOf(push, iccid), ['deleted']);
});

test('a profile installed before its event was registered leaves none behind', async () => {
  const { iccid, eventId } = await releaseElsewhere();
  await install(eventId);
  await pushEvents(ctx());
  assert.deepEqual(push.calls, [`deleteEvent ${otherSmds} ${eventId}`]);
  assert.deepEqual(await statesOf(push, iccid), ['deleted']);
});

test('another EID gets a new event under a new id, which is the new matching id; the old one is deleted', async () => {
  const { iccid, matchingId: before = '' } = await release();
  await query(database.kysely, 'update smdp.profiles set eid = $2 where iccid = $1', [iccid, anotherEid]);
  const bound = await write(ctx(), {}, (tx) => rebindPush(tx, { iccid, eid: anotherEid }));
  const after = bound?.matchingId ?? '';
  assert.notEqual(after, before);
  assert.deepEqual(await eventIdsOf(push, anotherEid), [after]);
  await pushEvents(ctx());
  assert.deepEqual(await eventIdsOf(push, card.eid), []);
  assert.equal((await profileRow(push, iccid)).matching_id, after);
  assert.deepEqual(
    (await pushRows(push, iccid)).map(({ eid, state }) => `${eid} ${state}`),
    [`${card.eid} deleted`, `${anotherEid} registered`],
  );
  assert.equal(await write(ctx(), {}, (tx) => rebindPush(tx, { iccid, eid: null })), undefined);
  await pushEvents(ctx());
  assert.deepEqual(await eventIdsOf(push, anotherEid), []);
  const plain = await releaseTestProfile(push, { eid: card.eid });
  assert.equal(
    await write(ctx(), {}, (tx) => rebindPush(tx, { iccid: plain.iccid, eid: anotherEid })),
    undefined,
  );
  assert.equal((await profileRow(push, plain.iccid)).matching_id, plain.matchingId);
});

const now = (more: object = {}) =>
  registerEventNow(ctx(), {
    iccid: '8900100000000999998',
    eid: card.eid,
    eventId: 'OP-1',
    smdsAddress: otherSmds,
    ...more,
  });
const codeIs = (code: string) => (error: unknown) => error instanceof RspError && error.code === code;

test('an operator who has to know is answered once the SM-DS has the event, or that it has not', async () => {
  push.answers.register = inaccessible;
  await assert.rejects(now(), codeIs('smds_inaccessible'));
  assert.deepEqual(await statesOf(push, '8900100000000999998'), ['failed']);
  assert.equal(await pushEvents(ctx()), 0);
  // A second try meets what the first one left behind.
  push.answers.register = () => 'known';
  await now();
  assert.deepEqual(await statesOf(push, '8900100000000999998'), ['registered']);
  await write(ctx(), {}, (tx) => withdrawPush(tx, ['8900100000000999998']));
  await pushEvents(ctx());
  assert.equal(push.calls.at(-1), `deleteEvent ${otherSmds} OP-1`);
});

test('an id that the SM-DS has from somebody else, one that is still there for another EID, and no host at all are refused', async () => {
  push.answers.register = () => 'known';
  await assert.rejects(now(), codeIs('smds_refused'));
  push.answers.register = () => 'registered';
  await now({ eventId: 'OP-2' });
  await assert.rejects(now({ eventId: 'OP-2', eid: anotherEid }), codeIs('smds_refused'));
  await now({ eventId: 'OP-3', smdsAddress: ownSmds });
  await assert.rejects(
    now({ eventId: 'OP-3', eid: anotherEid, smdsAddress: ownSmds }),
    codeIs('smds_refused'),
  );
  assert.deepEqual(await eventIdsOf(push, card.eid), ['OP-3']);
});

test('without an SM-DS of its own events go to the root, and are told to be forwarded elsewhere only', async () => {
  const alone = createTestPush(database, {
    withSmds: false,
    root: { address: 'root.example.com', client: { registerEvent: assert.fail, deleteEvent: assert.fail } },
  });
  const { matchingId } = await releaseTestProfile(alone, { delivery: 'smds', eid: card.eid });
  await pushEvents(alone.ctx());
  await registerEventNow(alone.ctx(), { iccid: 'x', eid: card.eid, eventId: 'OP-4', smdsAddress: otherSmds });
  assert.deepEqual(alone.calls, [
    `registerEvent root.example.com ${matchingId}`,
    `registerEvent ${otherSmds} OP-4 forwarded`,
  ]);
});

test('an alternative SM-DS of our own passes the event on to the root, and takes it back', async () => {
  const asked: string[] = [];
  const client = {
    registerEvent: async (address: string, { rspServerAddress }: { rspServerAddress: string }) => {
      asked.push(`register at ${address}: ${rspServerAddress}`);
      return 'registered' as const;
    },
    deleteEvent: async (address: string) => void asked.push(`delete at ${address}`),
  };
  const alternative = createTestPush(database, { root: { address: 'root.example.com', client } });
  const { iccid, matchingId } = await releaseTestProfile(alternative, { delivery: 'smds', eid: card.eid });
  assert.deepEqual(await eventIdsOf(alternative, card.eid), []);
  await pushEvents(alternative.ctx());
  assert.deepEqual(await eventIdsOf(alternative, card.eid), [matchingId]);
  await write(alternative.ctx(), {}, (tx) => withdrawPush(tx, [iccid]));
  await pushEvents(alternative.ctx());
  assert.deepEqual(await eventIdsOf(alternative, card.eid), []);
  assert.deepEqual(asked, [`register at root.example.com: ${ownSmds}`, 'delete at root.example.com']);
  assert.deepEqual(alternative.calls, []);
});
