import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { present } from '../../../base/assert.ts';
import { completeEid } from '../../../base/digits.ts';
import { readSigningKey } from '../../../crypto/signing_key.ts';
import { query } from '../../../pg/query.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { makeTestEuicc } from '../../../rsp/pki/make_test_euicc.ts';
import { RspError } from '../../../rsp/rsp_error.ts';
import {
  expireProfile,
  getBoundProfilePackage,
  getProfile,
  handleNotification,
  listProfileNotifications,
  listSessionsOfEid,
  listSessionsOfProfile,
  type OfferedProfile,
  type OperatorCtx,
  rebindProfile,
  releaseAgain,
  resetProfile,
} from '../index.ts';
import {
  installationResult,
  otherNotification,
  prepareDownload,
  type TestCard,
} from '../testing/test_card.ts';
import {
  createTestSmdp,
  download,
  offerTo,
  profileRow,
  releaseTestProfile,
  testNow,
} from '../testing/test_smdp.ts';

const smdp = createTestSmdp(await testDatabase());
const { card } = smdp;
const accountId = 'acc_test';
const otherCard = secondCard('890490321234512345123456789031');

function secondCard(digits: string): TestCard {
  const eumKey = readSigningKey(
    present(
      smdp.files.find(({ path }) => path.startsWith('EUM/SK')),
      'a key',
    ).bytes,
  );
  const validity = { notBefore: new Date('2026-01-01'), notAfter: new Date('2030-01-01') };
  const eid = completeEid(digits);
  const { certificate, key } = makeTestEuicc({ eumKey, eid, ...validity });
  return { ...card, eid, key, euiccCertificate: certificate };
}

const act = <T>(run: (tx: OperatorCtx) => Promise<T>): Promise<T> => {
  const ctx = smdp.ctx();
  return write(ctx, {}, (tx) => run({ ...tx, smdp: ctx.smdp }));
};
const packageOf = (offer: OfferedProfile, more: { confirmationCode?: string } = {}, device = card) =>
  getBoundProfilePackage(smdp.ctx(), {
    transactionId: offer.transactionId,
    prepareDownloadResponse: prepareDownload(device, offer, more),
  });
const report = (pendingNotification: Uint8Array) => handleNotification(smdp.ctx(), { pendingNotification });
const sessionsOf = (iccid: string) => listSessionsOfProfile(smdp.ctx(), { accountId, iccid });
const isRefused = (code: string) => (error: unknown) => error instanceof RspError && error.code === code;

test('five wrong codes end a download: its operator sees why, resets it, and the right code installs it', async () => {
  const { iccid, matchingId } = await releaseTestProfile(smdp, { confirmationCode: '1234' });
  const offer = await offerTo(smdp, { matchingId });
  for (let attempt = 1; attempt <= 5; attempt++)
    await assert.rejects(packageOf(offer, { confirmationCode: '9999' }), RspError);
  const failed = await getProfile(smdp.ctx(), { accountId, iccid });
  assert.deepEqual(
    [failed.state, failed.confirmationFailures, failed.confirmationFailuresMax],
    ['error', 5, 5],
  );
  assert.match(failed.lastResult?.reason ?? '', /the confirmation code was wrong too often/);
  const [session] = await sessionsOf(iccid);
  assert.deepEqual(
    session?.steps.map((step) => [step.function, step.status, step.subjectCode, step.reasonCode]),
    [
      ['initiateAuthentication', 'ok', undefined, undefined],
      ['authenticateClient', 'ok', undefined, undefined],
      ...Array(4).fill(['getBoundProfilePackage', 'refused', '8.2.7', '3.8']),
      ['getBoundProfilePackage', 'refused', '8.2.7', '6.4'],
    ],
  );
  await act((tx) => resetProfile(tx, { accountId, iccid, reason: 'called us' }));
  const { offer: again } = await download(smdp, { matchingId, confirmationCode: '1234' });
  await report(installationResult(card, again.transactionId, { iccid }));
  const done = await getProfile(smdp.ctx(), { accountId, iccid });
  assert.deepEqual([done.state, done.confirmationFailures, done.eid], ['installed', 0, card.eid]);
});

test('a profile that its device deleted is released to another phone, which then has the only word on it', async () => {
  const { iccid, matchingId } = await releaseTestProfile(smdp);
  const first = await download(smdp, { matchingId });
  await report(installationResult(card, first.offer.transactionId, { iccid, seqNumber: 6 }));
  await report(otherNotification(card, 'enable', iccid, 7));
  await report(otherNotification(card, 'delete', iccid, 9));
  await assert.rejects(offerTo(smdp, { matchingId }, otherCard), isRefused('eid_mismatch'));

  await act((tx) => releaseAgain(tx, { accountId, iccid, eid: null }));
  const second = await download(smdp, { matchingId }, otherCard);
  await report(installationResult(otherCard, second.offer.transactionId, { iccid, seqNumber: 1 }));
  await report(otherNotification(otherCard, 'enable', iccid, 2));
  await report(otherNotification(card, 'delete', iccid, 10));
  const profile = await getProfile(smdp.ctx(), { accountId, iccid });
  assert.deepEqual([profile.state, profile.eid, profile.enabled], ['installed', otherCard.eid, true]);

  const noted = await listProfileNotifications(smdp.ctx(), { accountId, iccid, limit: 3 });
  const rest = await listProfileNotifications(smdp.ctx(), {
    accountId,
    iccid,
    before: noted[2]?.cursor ?? '',
  });
  assert.deepEqual(
    new Set([...noted, ...rest].map(({ eid, operation, seqNumber }) => `${eid} ${operation} ${seqNumber}`)),
    new Set([
      `${card.eid} install 6`,
      `${card.eid} enable 7`,
      `${card.eid} delete 9`,
      `${otherCard.eid} install 1`,
      `${otherCard.eid} enable 2`,
    ]),
  );
});

test('released again for the eUICC that deleted it, a profile is not installed by a result of its first download', async () => {
  const { iccid, matchingId } = await releaseTestProfile(smdp);
  const { offer } = await download(smdp, { matchingId });
  await report(otherNotification(card, 'delete', iccid, 20));
  await act((tx) => releaseAgain(tx, { accountId, iccid }));
  await report(installationResult(card, offer.transactionId, { iccid, seqNumber: 19 }));
  await report(otherNotification(card, 'enable', iccid, 18));
  assert.equal((await profileRow(smdp, iccid)).state, 'released');
});

test('a reset leaves a download that is under way alone', async () => {
  const { iccid, matchingId } = await releaseTestProfile(smdp, { columns: { download_attempts: 9 } });
  const offer = await offerTo(smdp, { matchingId });
  await act((tx) => resetProfile(tx, { accountId, iccid }));
  assert.ok((await packageOf(offer)).boundProfilePackage.length > 0);
  assert.equal((await getProfile(smdp.ctx(), { accountId, iccid })).downloadAttempts, 1);
});

const endings: Record<string, (tx: OperatorCtx, iccid: string) => Promise<unknown>> = {
  rebind: (tx, iccid) => rebindProfile(tx, { accountId, iccid, eid: null }),
  expire: (tx, iccid) => expireProfile(tx, { accountId, iccid }),
};

for (const [name, run] of Object.entries(endings))
  test(`${name} ends a session that is open on the profile, and says so in it`, async () => {
    const { iccid, matchingId } = await releaseTestProfile(smdp, { eid: card.eid });
    const offer = await offerTo(smdp, { matchingId });
    await act((tx) => run(tx, iccid));
    await assert.rejects(packageOf(offer), isRefused('transaction_unknown'));
    const [session] = await sessionsOf(iccid);
    assert.deepEqual([session?.state, session?.outcome], ['ended', 'refused']);
    assert.deepEqual(session?.endedAt, testNow);
    const step = session?.steps.find((each) => each.function === 'operator');
    assert.match(step?.detail ?? '', /^The operator /);
  });

test('released again, a profile ends a session that was bound to it, and a new one gets it', async () => {
  const { iccid, matchingId } = await releaseTestProfile(smdp);
  const offer = await offerTo(smdp, { matchingId });
  await packageOf(offer);
  await act((tx) => releaseAgain(tx, { accountId, iccid, notOnDevice: true }));
  await assert.rejects(packageOf(offer), isRefused('transaction_unknown'));
  await download(smdp, { matchingId });
  assert.equal((await profileRow(smdp, iccid)).state, 'downloaded');
});

test('a download that waits while its operator rebinds the profile is refused, not bound', async () => {
  const { iccid, matchingId } = await releaseTestProfile(smdp, { eid: card.eid });
  const offer = await offerTo(smdp, { matchingId });
  let waiting: Promise<unknown> = Promise.resolve();
  await act(async (tx) => {
    await rebindProfile(tx, { accountId, iccid, eid: null });
    waiting = assert.rejects(packageOf(offer), isRefused('transaction_unknown'));
    await someoneWaits();
  });
  await waiting;
  const row = await profileRow(smdp, iccid);
  assert.deepEqual([row.state, row.eid, row.download_attempts], ['released', null, 0]);
});

test('ten resets and downloads of one profile at once leave it downloaded by one eUICC', async () => {
  const { iccid, matchingId } = await releaseTestProfile(smdp);
  const offers = await Promise.all(Array.from({ length: 10 }, () => offerTo(smdp, { matchingId })));
  await Promise.all(
    offers.flatMap((offer) => [packageOf(offer), act((tx) => resetProfile(tx, { accountId, iccid }))]),
  );
  const profile = await getProfile(smdp.ctx(), { accountId, iccid });
  assert.deepEqual([profile.state, profile.eid], ['downloaded', card.eid]);
  assert.ok(profile.downloadAttempts <= 10);
});

test('sessions of an eUICC are shown to the account whose profiles they are about, newest first, in pages', async () => {
  const device = secondCard('890490321234512345123456789032');
  const { iccid, matchingId } = await releaseTestProfile(smdp, { eid: device.eid });
  for (let minute = 1; minute <= 3; minute++) {
    smdp.clock.now = new Date(testNow.getTime() + minute * 60_000);
    await offerTo(smdp, { matchingId }, device);
  }
  await assert.rejects(
    offerTo(smdp, { matchingId: 'NOBODY-KNOWS' }, device),
    isRefused('matching_id_refused'),
  );
  smdp.clock.now = testNow;
  const of = { accountId, eid: device.eid };
  const all = await listSessionsOfEid(smdp.ctx(), of);
  assert.deepEqual(
    all
      .filter((each) => each.iccid === iccid)
      .map(({ openedAt }) => (openedAt.getTime() - testNow.getTime()) / 60_000),
    [3, 2, 1],
  );
  const page = await listSessionsOfEid(smdp.ctx(), { ...of, limit: 2 });
  const next = await listSessionsOfEid(smdp.ctx(), { ...of, before: page[1]?.cursor ?? '' });
  assert.deepEqual(
    [...page, ...next].map(({ cursor }) => cursor),
    all.map(({ cursor }) => cursor),
  );
  const back = await listSessionsOfEid(smdp.ctx(), { ...of, after: next[0]?.cursor ?? '', limit: 1 });
  assert.deepEqual(back[0]?.cursor, page[1]?.cursor);
  assert.deepEqual(await listSessionsOfEid(smdp.ctx(), { accountId: 'acc_other', eid: device.eid }), []);
  assert.deepEqual(await listSessionsOfProfile(smdp.ctx(), { accountId: 'acc_other', iccid }), []);
});

async function someoneWaits(): Promise<void> {
  const { db } = smdp.ctx();
  for (;;) {
    const [row] = await query<{ count: bigint }>(
      db,
      "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    if (row && row.count > 0n) return;
    await sleep(5);
  }
}
