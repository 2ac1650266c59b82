import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { present } from '../../../base/assert.ts';
import { toBase64 } from '../../../base/bytes.ts';
import { silentLog } from '../../../base/log.ts';
import { query } from '../../../pg/query.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import {
  cancelSession,
  confirmOrder,
  deleteOldReports,
  downloadOrder,
  handleNotification,
  putRequester,
  releaseProfile,
  removeRequester,
  startProgress,
} from '../index.ts';
import { cancel, failed, installationResult, otherNotification } from '../testing/test_card.ts';
import { callOf, makeRequester, makeStock } from '../testing/test_es2.ts';
import { openTestOperator, type TestOperator, type Told } from '../testing/test_operator.ts';
import { createTestSmdp, download, offerTo, releaseTestProfile } from '../testing/test_smdp.ts';
import { waitMs } from './end_attempt.ts';

const smdp = createTestSmdp(await testDatabase(), { address: 'localhost' });
const stock = await makeStock(smdp, { name: 'type-a', count: 200 });
const ctx = () => smdp.ctx();
const { card } = smdp;

const progress = startProgress({ ctx, smdp: ctx().smdp, log: silentLog });
after(() => progress.stop());

async function openOperator(more: { tellsChanges?: boolean } = {}) {
  const operator = await openTestOperator();
  const requester = await makeRequester(smdp, {
    progressUrl: operator.url,
    progressCa: operator.ca,
    ...more,
  });
  return { operator, requester };
}

type Requester = Awaited<ReturnType<typeof openOperator>>['requester'];

async function released(requester: Requester, confirmed: { confirmationCode?: string } = {}) {
  const iccid = present(stock.pop(), 'stock');
  await downloadOrder(ctx(), callOf(requester), { iccid });
  const input = { iccid, releaseFlag: true, ...confirmed };
  const { matchingId } = await confirmOrder(ctx(), callOf(requester), input);
  return { iccid, matchingId };
}

const points = (operator: TestOperator) => operator.told.map((each) => each.notificationPointId);
const statusOf = (body: Told) => {
  const { status, statusCodeData: data } = body.notificationPointStatus;
  return data ? `${status} ${data.subjectCode}/${data.reasonCode} ${data.message}` : status;
};

async function waitFor<T>(look: () => Promise<T | undefined | null | false>): Promise<T> {
  for (let tries = 0; tries < 1000; tries++) {
    const found = await look();
    if (found) return found;
    await sleep(10);
  }
  throw new Error('it did not happen');
}

type Row = {
  sent_at: Date | null;
  gave_up_at: Date | null;
  attempts: number;
  last_error: string | null;
  locked_until: Date | null;
};
const reportsOf = (iccid: string) =>
  query<Row>(ctx().db, 'select * from smdp.progress_reports where iccid = $1 order by position', [iccid]);
const allSent = (iccid: string) =>
  waitFor(async () => {
    const rows = await reportsOf(iccid);
    return rows.length > 0 && rows.every((row) => row.sent_at) && rows;
  });
/** Waits until the oldest report of the ICCID has been taken, or sent in vain so often. */
const failedOrSent = (iccid: string, attempts: number) =>
  waitFor(async () => {
    const [head] = await reportsOf(iccid);
    if (head?.sent_at) return 'sent';
    const isOver = head?.locked_until === null && head.last_error !== null;
    return isOver && head.attempts >= attempts && 'failed';
  });
/** The clock that retries go by. */
const pass = (ms: number) => {
  smdp.clock.now = new Date(smdp.clock.now.getTime() + ms);
};

test('an operator is told of the delivery and of the installation, with the words of the eUICC', async () => {
  const { operator, requester } = await openOperator();
  const { iccid, matchingId } = await released(requester);
  const { offer } = await download(smdp, { matchingId });
  const pendingNotification = installationResult(card, offer.transactionId, { iccid });
  await handleNotification(ctx(), { pendingNotification });
  const [delivered, installed] = (await operator.until(2)) as [Told, Told];
  const { header: _, ...members } = delivered;
  assert.deepEqual(members, {
    eid: card.eid,
    iccid,
    profileType: 'type-a',
    timestamp: '2026-11-21T12:00:00Z',
    notificationPointId: 3,
    notificationPointStatus: { status: 'Executed-Success' },
  });
  assert.equal(delivered.header.functionRequesterIdentifier, 'localhost');
  assert.equal(installed.notificationPointId, 4);
  assert.equal(installed.resultData, toBase64(pendingNotification));
  assert.notEqual(installed.header.functionCallIdentifier, delivered.header.functionCallIdentifier);
  const shown = present(operator.shown[0], 'a call');
  const own = new X509Certificate(present(ctx().smdp.tls, 'a TLS certificate').certificate);
  assert.equal(shown.fingerprint, own.fingerprint256);
  assert.equal(shown.path, '/gsma/rsp2/es2plus/handleDownloadProgressInfo');
  assert.match(String(shown.headers['x-admin-protocol']), /^gsma\/rsp\/v2\./);
  await allSent(iccid);
});

test('an eUICC that cannot take the profile, or has tried too often, is told of as point 1', async () => {
  const { operator, requester } = await openOperator();
  const { iccid, matchingId } = await released(requester);
  await assert.rejects(offerTo(smdp, { matchingId, euiccInfo2: { profileVersion: '1.0.0' } }));
  await query(ctx().db, 'update smdp.profiles set download_attempts = 10 where iccid = $1', [iccid]);
  await assert.rejects(offerTo(smdp, { matchingId }));
  const told = (await operator.until(2)) as [Told, Told];
  assert.deepEqual(points(operator), [1, 1]);
  assert.match(statusOf(told[0]), /^Failed 8\.2\.5\/4\.3 /);
  assert.match(statusOf(told[1]), /^Failed 8\.8\.5\/6\.4 /);
  assert.equal(told[0].eid, card.eid);
});

test('what is refused for other reasons is not told', async () => {
  const { operator, requester } = await openOperator();
  const { iccid, matchingId } = await released(requester);
  await query(ctx().db, "update smdp.profiles set state = 'confirmed' where iccid = $1", [iccid]);
  await assert.rejects(offerTo(smdp, { matchingId }));
  assert.deepEqual(await reportsOf(iccid), []);
  assert.deepEqual(operator.told, []);
});

test('a refused eUICC that asks without end leaves no more than a hundred reports waiting', async () => {
  const { operator, requester } = await openOperator();
  operator.behave = () => 500;
  const { iccid, matchingId } = await released(requester);
  for (let round = 0; round < 105; round++)
    await assert.rejects(offerTo(smdp, { matchingId, euiccInfo2: { profileVersion: '1.0.0' } }));
  assert.equal((await reportsOf(iccid)).length, 100);
  await write(ctx(), {}, (tx) =>
    removeRequester(tx, { accountId: 'acc_test', idOrIdentifier: requester.id }),
  );
});

test('a confirmation code is told of as point 2 when it was wrong too often, and not before', async () => {
  const { operator, requester } = await openOperator();
  const { iccid, matchingId } = await released(requester, { confirmationCode: '1234' });
  for (let attempt = 1; attempt <= 5; attempt++) {
    assert.deepEqual(await reportsOf(iccid), []);
    await assert.rejects(download(smdp, { matchingId, confirmationCode: '0000' }));
  }
  const [told] = (await operator.until(1)) as [Told];
  assert.equal(told.notificationPointId, 2);
  assert.match(statusOf(told), /^Failed 8\.2\.7\/6\.4 /);
});

test('a download that is cancelled for good is told of as the step that failed', async () => {
  const { operator, requester } = await openOperator();
  const before = await released(requester);
  const offer = await offerTo(smdp, { matchingId: before.matchingId });
  const { transactionId } = offer;
  const postponed = await released(requester);
  const other = await offerTo(smdp, { matchingId: postponed.matchingId });
  await cancelSession(ctx(), {
    transactionId: other.transactionId,
    cancelSessionResponse: cancel(card, other.transactionId, 1),
  });
  await cancelSession(ctx(), { transactionId, cancelSessionResponse: cancel(card, transactionId, 0) });
  const [told] = (await operator.until(1)) as [Told];
  assert.equal(told.iccid, before.iccid);
  assert.equal(told.notificationPointId, 3);
  assert.match(statusOf(told), /^Failed 8\.1\/4\.2 .*endUserRejection/);
  assert.deepEqual(await reportsOf(postponed.iccid), []);
});

test('a failed installation is told of with why, and the next attempt again', async () => {
  const { operator, requester } = await openOperator();
  const { iccid, matchingId } = await released(requester);
  const { offer } = await download(smdp, { matchingId });
  const finalResult = failed(5, 11);
  const pendingNotification = installationResult(card, offer.transactionId, { iccid, finalResult });
  await handleNotification(ctx(), { pendingNotification });
  await handleNotification(ctx(), { pendingNotification });
  const again = await download(smdp, { matchingId });
  const success = installationResult(card, again.offer.transactionId, { iccid, seqNumber: 2 });
  await handleNotification(ctx(), { pendingNotification: success });
  const told = (await operator.until(4)) as [Told, Told, Told, Told];
  assert.deepEqual(points(operator), [3, 4, 3, 4]);
  assert.match(statusOf(told[1]), /^Failed 8\.1\/4\.2 installInterrupted/);
  assert.equal(told[1].resultData, toBase64(pendingNotification));
  assert.equal(statusOf(told[3]), 'Executed-Success');
});

test('enabled, disabled and deleted are told only to requesters that want them', async () => {
  for (const tellsChanges of [true, false]) {
    const { operator, requester } = await openOperator({ tellsChanges });
    const { iccid, matchingId } = await released(requester);
    await download(smdp, { matchingId });
    for (const [seqNumber, operation] of (['enable', 'disable', 'delete'] as const).entries())
      await handleNotification(ctx(), {
        pendingNotification: otherNotification(card, operation, iccid, seqNumber + 5),
      });
    await operator.until(tellsChanges ? 5 : 2);
    await allSent(iccid);
    // The notification of the installation was lost: that it is enabled says that it was installed.
    assert.deepEqual(points(operator), tellsChanges ? [3, 4, 101, 102, 103] : [3, 4]);
  }
});

test('of profiles that were not ordered over ES2+, or by a requester without a URL, nobody is told', async () => {
  const own = await releaseTestProfile(smdp);
  await download(smdp, { matchingId: own.matchingId });
  const silent = await released(await makeRequester(smdp));
  await download(smdp, { matchingId: silent.matchingId });
  for (const { iccid } of [own, silent]) assert.deepEqual(await reportsOf(iccid), []);
});

test('a receiver that fails, breaks off and comes back is told everything at least once, in the order of each ICCID', async () => {
  const { operator, requester } = await openOperator({ tellsChanges: true });
  const failures: ('break' | number)[] = [500, 'break', 403, 'break'];
  const first = await released(requester);
  operator.behave = (body) => (body.iccid === first.iccid ? (failures.shift() ?? 204) : 204);
  const { offer } = await download(smdp, { matchingId: first.matchingId });
  const result = installationResult(card, offer.transactionId, { iccid: first.iccid });
  await handleNotification(ctx(), { pendingNotification: result });
  await handleNotification(ctx(), {
    pendingNotification: otherNotification(card, 'enable', first.iccid, 7),
  });
  await operator.until(1);
  // Another ICCID is not held up.
  const second = await released(requester);
  await download(smdp, { matchingId: second.matchingId });
  await allSent(second.iccid);
  // A connection that breaks may be one that was kept: then the call is made again at once, and no attempt has failed.
  for (let attempt = 1; (await failedOrSent(first.iccid, attempt)) === 'failed'; attempt++)
    pass(waitMs(attempt) + 1);
  await allSent(first.iccid);
  const told = operator.told.filter((each) => each.iccid === first.iccid);
  const order = told.map((each) => each.notificationPointId);
  assert.deepEqual(order.slice(-3), [3, 4, 101]);
  assert.ok(
    order.slice(0, -2).every((point) => point === 3),
    String(order),
  );
  const identifiers = new Set(told.slice(0, -2).map((each) => each.header.functionCallIdentifier));
  assert.equal(identifiers.size, 1, 'the same identifier each time');
});

test('a slow receiver holds up no other, and a report whose sender died is sent again', async () => {
  const slow = await openOperator();
  slow.operator.behave = (_, count) => (count === 1 ? 'stall' : 204);
  const stuck = await released(slow.requester);
  await download(smdp, { matchingId: stuck.matchingId });
  await slow.operator.until(1);
  const quick = await openOperator();
  const { iccid, matchingId } = await released(quick.requester);
  await download(smdp, { matchingId });
  await allSent(iccid);
  assert.equal((await reportsOf(stuck.iccid))[0]?.sent_at, null);
  // As if the node that sends it were gone: its time is over, and another one takes it.
  pass(31_000);
  await allSent(stuck.iccid);
  assert.equal(slow.operator.told.length, 2);
});

test('two nodes send each report once, and one ICCID never twice at a time', async () => {
  const { operator, requester } = await openOperator({ tellsChanges: true });
  const second = startProgress({ ctx: () => smdp.ctx(1), smdp: ctx().smdp, log: silentLog });
  const iccids: string[] = [];
  for (let round = 0; round < 8; round++) {
    const { iccid, matchingId } = await released(requester);
    iccids.push(iccid);
    const { offer } = await download(smdp, { matchingId });
    const pendingNotification = installationResult(card, offer.transactionId, { iccid });
    await handleNotification(ctx(), { pendingNotification });
    await handleNotification(ctx(), { pendingNotification: otherNotification(card, 'enable', iccid, 9) });
  }
  for (const iccid of iccids) await allSent(iccid);
  await second.stop();
  assert.equal(operator.told.length, 24);
  for (const iccid of iccids) {
    const told = operator.told.filter((each) => each.iccid === iccid);
    assert.deepEqual(
      told.map((each) => each.notificationPointId),
      [3, 4, 101],
    );
  }
});

test('a receiver that is away gets a rest after five failures in a row, and is told when it is back', async () => {
  const { operator, requester } = await openOperator();
  const nowhere = {
    accountId: 'acc_test',
    identifier: requester.identifier,
    certificates: requester.certificates,
  };
  await write(ctx(), {}, (tx) => putRequester(tx, { ...nowhere, progressUrl: 'https://localhost:1' }));
  const { iccid, matchingId } = await released(requester);
  await download(smdp, { matchingId });
  const pausedUntil = async () => {
    const [row] = await query<{ progress_paused_until: Date | null }>(
      ctx().db,
      'select progress_paused_until from smdp.function_requesters where id = $1',
      [requester.id],
    );
    return row?.progress_paused_until;
  };
  for (let attempt = 1; attempt <= 5; attempt++) {
    assert.equal(await failedOrSent(iccid, attempt), 'failed');
    if (attempt < 5) pass(waitMs(attempt) + 1);
  }
  const until = await waitFor(pausedUntil);
  assert.equal(until.getTime() - smdp.clock.now.getTime(), 30_000);
  await write(ctx(), {}, (tx) =>
    putRequester(tx, { ...nowhere, progressUrl: operator.url, progressCa: operator.ca }),
  );
  pass(24 * 3_600_000);
  await allSent(iccid);
});

test('what nobody took for three days is given up, and what comes behind it is told', async () => {
  const { operator, requester } = await openOperator();
  operator.behave = (body) => (body.notificationPointId === 3 ? 500 : 204);
  const { iccid, matchingId } = await released(requester);
  const { offer } = await download(smdp, { matchingId });
  await waitFor(async () => (await reportsOf(iccid))[0]?.last_error);
  pass(3 * 24 * 3_600_000);
  const pendingNotification = installationResult(card, offer.transactionId, { iccid });
  await handleNotification(ctx(), { pendingNotification });
  const [first] = await waitFor(async () => {
    const rows = await reportsOf(iccid);
    return rows[1]?.sent_at && rows;
  });
  assert.ok(first?.gave_up_at);
  assert.match(first.last_error ?? '', /500/);
});

test('a server that the progress CA does not vouch for is told nothing', async () => {
  const { operator, requester } = await openOperator();
  const other = await openTestOperator();
  await write(ctx(), {}, (tx) =>
    putRequester(tx, {
      accountId: 'acc_test',
      identifier: requester.identifier,
      certificates: requester.certificates,
      progressUrl: operator.url,
      progressCa: other.ca,
    }),
  );
  const { iccid, matchingId } = await released(requester);
  await download(smdp, { matchingId });
  await waitFor(async () => (await reportsOf(iccid))[0]?.last_error);
  assert.deepEqual(operator.told, []);
});

test('a profile that is released again is told of again', async () => {
  const { operator, requester } = await openOperator();
  const { iccid, matchingId } = await released(requester);
  const { offer } = await download(smdp, { matchingId });
  await handleNotification(ctx(), {
    pendingNotification: installationResult(card, offer.transactionId, { iccid }),
  });
  await query(ctx().db, "update smdp.profiles set state = 'deleted' where iccid = $1", [iccid]);
  await releaseProfile(ctx(), callOf(requester), { iccid });
  await download(smdp, { matchingId });
  await operator.until(3);
  assert.deepEqual(points(operator), [3, 4, 3]);
});

test('reports that have ended are forgotten after thirty days, those that wait are not', async () => {
  const { requester } = await openOperator();
  const { iccid, matchingId } = await released(requester);
  await download(smdp, { matchingId });
  await allSent(iccid);
  await query(ctx().db, "update smdp.progress_reports set at = at - interval '29 days' where iccid = $1", [
    iccid,
  ]);
  await deleteOldReports(ctx());
  assert.equal((await reportsOf(iccid)).length, 1);
  await query(ctx().db, "update smdp.progress_reports set at = at - interval '2 days' where iccid = $1", [
    iccid,
  ]);
  await deleteOldReports(ctx());
  assert.equal((await reportsOf(iccid)).length, 0);
});
