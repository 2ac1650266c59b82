import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { concat } from '../../../base/bytes.ts';
import { completeEid } from '../../../base/digits.ts';
import { generateOneTimeKey } from '../../../crypto/one_time_key.ts';
import { readSigningKey } from '../../../crypto/signing_key.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { readServerSigned1 } from '../../../rsp/asn1/server_signed1.ts';
import { readSmdpSigned2 } from '../../../rsp/asn1/smdp_signed2.ts';
import { makeTestEuicc } from '../../../rsp/pki/make_test_euicc.ts';
import type { PkiFile } from '../../../rsp/pki/read_pki.ts';
import { RspError } from '../../../rsp/rsp_error.ts';
import {
  authenticateClient,
  cancelSession,
  getBoundProfilePackage,
  handleNotification,
  initiateAuthentication,
  sweepSessions,
} from '../index.ts';
import {
  cancel,
  euiccInfo1,
  failed,
  installationResult,
  otherNotification,
  prepareDownload,
  proveCard,
  type TestCard,
} from '../testing/test_card.ts';
import {
  cardOf,
  createTestSmdp,
  download,
  eventTypesOf,
  initiate,
  offerTo,
  profileRow,
  releaseTestProfile,
  type TestSmdp,
  testNow,
} from '../testing/test_smdp.ts';

const database = await testDatabase();
const smdp = createTestSmdp(database);
const { card } = smdp;

/** Another eUICC of the same maker. */
function secondCard(digits = '890490321234512345123456789099'): TestCard {
  const eumKey = readSigningKey(smdp.files.find(({ path }) => path.startsWith('EUM/SK'))!.bytes);
  const eid = completeEid(digits);
  const { certificate, key } = makeTestEuicc({
    eumKey,
    eid,
    notBefore: new Date('2026-01-01'),
    notAfter: new Date('2030-01-01'),
  });
  return { ...card, eid, key, euiccCertificate: certificate };
}

const rejectsWith = (code: string) => (error: unknown) => {
  assert.ok(error instanceof RspError, String(error));
  assert.equal(error.code, code);
  return true;
};

const report = (pendingNotification: Uint8Array, on: TestSmdp = smdp) =>
  handleNotification(on.ctx(), { pendingNotification });

test('a profile is downloaded by its activation code, installed, and both are told', async () => {
  const profile = await releaseTestProfile(smdp);
  const got = await download(smdp, { matchingId: profile.matchingId });
  assert.deepEqual(Buffer.from(got.upp), profile.upp);
  assert.deepEqual(got.metadata, Buffer.from(got.offer.profileMetadata));
  assert.deepEqual(Buffer.from(got.transactionId), got.offer.transactionId);
  assert.equal(readSmdpSigned2(got.offer.smdpSigned2).ccRequiredFlag, false);
  assert.equal((await profileRow(smdp, profile.iccid)).state, 'downloaded');
  await report(installationResult(card, got.offer.transactionId, { iccid: profile.iccid }));
  const row = await profileRow(smdp, profile.iccid);
  assert.equal(row.state, 'installed');
  assert.equal(row.eid, card.eid);
  assert.deepEqual(await eventTypesOf(smdp, profile.iccid), ['profile.downloaded', 'profile.installed']);
  const moves = smdp.moves.filter(({ iccid }) => iccid === profile.iccid).map(({ from, to }) => [from, to]);
  assert.deepEqual(moves, [
    ['released', 'downloaded'],
    ['downloaded', 'installed'],
  ]);
});

test('two sessions share neither transaction id nor challenge, and name the address that was dialled', async () => {
  const proofs = await Promise.all([initiate(smdp), initiate(smdp)]);
  const [first, second] = proofs.map((proof) => readServerSigned1(proof.serverSigned1));
  assert.notDeepEqual(first!.transactionId, second!.transactionId);
  assert.notDeepEqual(first!.serverChallenge, second!.serverChallenge);
  const input = { euiccChallenge: Buffer.alloc(16), euiccInfo1: euiccInfo1(card) };
  const proof = await initiateAuthentication(smdp.ctx(), { ...input, serverAddress: 'SMDP.example.com:443' });
  assert.equal(readServerSigned1(proof.serverSigned1).serverAddress, 'SMDP.example.com:443');
});

test('without a matching id an eUICC gets the oldest profile that waits for its EID', async () => {
  const device = secondCard('890490321234512345123456789001');
  const iccids: string[] = [];
  for (const at of ['2026-11-20T11:00:00Z', '2026-11-20T10:00:00Z']) {
    const order = { delivery: 'default_smdp', eid: device.eid, columns: { created_at: at } } as const;
    iccids.push((await releaseTestProfile(smdp, order)).iccid);
  }
  for (const [matchingId, iccid] of [
    ['', iccids[1]],
    [undefined, iccids[0]],
  ] as const) {
    const { offer } = await download(smdp, { matchingId }, device);
    await report(installationResult(device, offer.transactionId, { iccid: iccid! }));
    assert.equal((await profileRow(smdp, iccid!)).state, 'installed');
  }
  await assert.rejects(offerTo(smdp, {}, device), rejectsWith('eid_mismatch'));
});

test('an order for an EID with a matching id is given to that eUICC only, and only by its matching id', async () => {
  const device = secondCard('890490321234512345123456789002');
  const profile = await releaseTestProfile(smdp, { eid: device.eid });
  await assert.rejects(offerTo(smdp, { matchingId: profile.matchingId }), rejectsWith('eid_mismatch'));
  await assert.rejects(offerTo(smdp, { matchingId: '' }, device), rejectsWith('eid_mismatch'));
  assert.deepEqual(
    Buffer.from((await download(smdp, { matchingId: profile.matchingId }, device)).upp),
    profile.upp,
  );
});

test('a confirmation code may be wrong and then right in one session, and the failures stay counted', async () => {
  const profile = await releaseTestProfile(smdp, { confirmationCode: '1234' });
  const offer = await offerTo(smdp, { matchingId: profile.matchingId });
  assert.equal(readSmdpSigned2(offer.smdpSigned2).ccRequiredFlag, true);
  const { transactionId } = offer;
  const ask = (confirmationCode?: string) =>
    getBoundProfilePackage(smdp.ctx(), {
      transactionId,
      prepareDownloadResponse: prepareDownload(
        card,
        offer,
        confirmationCode === undefined ? {} : { confirmationCode },
      ),
    });
  await assert.rejects(ask(), rejectsWith('confirmation_code_missing'));
  await assert.rejects(ask('4321'), rejectsWith('confirmation_code_refused'));
  assert.equal((await profileRow(smdp, profile.iccid)).confirmation_failures, 1);
  await ask('1234');
  assert.equal((await profileRow(smdp, profile.iccid)).state, 'downloaded');
});

test('of any number of guesses at once, only as many as allowed are judged, and the last one ends the order', async () => {
  const profile = await releaseTestProfile(smdp, { confirmationCode: '0000' });
  const offers = await Promise.all(
    Array.from({ length: 12 }, () => offerTo(smdp, { matchingId: profile.matchingId })),
  );
  const codes = await Promise.all(
    offers.map((offer, index) =>
      getBoundProfilePackage(smdp.ctx(index % 2), {
        transactionId: offer.transactionId,
        prepareDownloadResponse: prepareDownload(card, offer, { confirmationCode: `${1000 + index}` }),
      }).catch((error: RspError) => error.code),
    ),
  );
  assert.equal(codes.filter((code) => code === 'confirmation_code_refused').length, 4);
  assert.equal(codes.filter((code) => code === 'confirmation_code_retries_exceeded').length, 8);
  const row = await profileRow(smdp, profile.iccid);
  assert.deepEqual([row.state, row.confirmation_failures], ['error', 5]);
  assert.deepEqual(await eventTypesOf(smdp, profile.iccid), ['profile.download_failed']);
  await assert.rejects(
    getBoundProfilePackage(smdp.ctx(), {
      transactionId: offers[0]!.transactionId,
      prepareDownloadResponse: prepareDownload(card, offers[0]!, { confirmationCode: '0000' }),
    }),
    rejectsWith('confirmation_code_retries_exceeded'),
  );
});

test('the same one-time key gets the same binding in a new session, another key gets another one', async () => {
  const profile = await releaseTestProfile(smdp);
  const first = await download(smdp, { matchingId: profile.matchingId });
  assert.equal(readSmdpSigned2(first.offer.smdpSigned2).bppEuiccOtpk, undefined);
  const again = await download(smdp, { matchingId: profile.matchingId, otsk: first.otsk });
  assert.deepEqual(readSmdpSigned2(again.offer.smdpSigned2).bppEuiccOtpk, Buffer.from(first.otsk.publicKey));
  assert.deepEqual(again.smdpOtpk, first.smdpOtpk);
  const other = await download(smdp, { matchingId: profile.matchingId });
  assert.notDeepEqual(other.smdpOtpk, first.smdpOtpk);
  for (const each of [first, again, other]) assert.deepEqual(Buffer.from(each.upp), profile.upp);
  assert.equal((await profileRow(smdp, profile.iccid)).download_attempts, 3);
  assert.deepEqual(await eventTypesOf(smdp, profile.iccid), ['profile.downloaded']);
});

test('once downloaded a profile is given to no other eUICC', async () => {
  const profile = await releaseTestProfile(smdp);
  const late = secondCard();
  const lateOffer = await offerTo(smdp, { matchingId: profile.matchingId }, late);
  await download(smdp, { matchingId: profile.matchingId });
  await assert.rejects(offerTo(smdp, { matchingId: profile.matchingId }, late), rejectsWith('eid_mismatch'));
  await assert.rejects(
    getBoundProfilePackage(smdp.ctx(), {
      transactionId: lateOffer.transactionId,
      prepareDownloadResponse: prepareDownload(late, lateOffer),
    }),
    rejectsWith('eid_mismatch'),
  );
});

test('an installation that failed opens the profile again for the same eUICC, up to the limit of attempts', async () => {
  const few = createTestSmdp(database, { settings: { downloadAttemptsMax: 2 }, files: smdp.files });
  const profile = await releaseTestProfile(few);
  for (let attempt = 1; attempt <= 2; attempt++) {
    const { offer } = await download(few, { matchingId: profile.matchingId });
    await report(
      installationResult(card, offer.transactionId, { seqNumber: attempt, finalResult: failed(5, 12) }),
      few,
    );
    const row = await profileRow(few, profile.iccid);
    assert.deepEqual([row.state, row.eid, row.download_attempts], ['released', card.eid, attempt]);
    assert.equal(row.last_result?.reason, 'PEProcessingError at bppCommand loadProfileElements');
  }
  await assert.rejects(
    offerTo(few, { matchingId: profile.matchingId }),
    rejectsWith('download_retries_exceeded'),
  );
  const expected = [
    'profile.downloaded',
    'profile.download_failed',
    'profile.downloaded',
    'profile.download_failed',
  ];
  assert.deepEqual(await eventTypesOf(few, profile.iccid), expected);
});

test('a failure that lies in the profile itself ends the order', async () => {
  const profile = await releaseTestProfile(smdp);
  const { offer } = await download(smdp, { matchingId: profile.matchingId });
  await report(installationResult(card, offer.transactionId, { finalResult: failed(2, 15) }));
  assert.equal((await profileRow(smdp, profile.iccid)).state, 'error');
});

test('an installation result counts long after its session is gone', async () => {
  const device = createTestSmdp(database, { files: smdp.files });
  const profile = await releaseTestProfile(device);
  const { offer } = await download(device, { matchingId: profile.matchingId });
  device.clock.now = new Date('2027-06-01T00:00:00Z');
  assert.ok((await sweepSessions(device.ctx())) > 0);
  await report(installationResult(card, offer.transactionId), device);
  assert.equal((await profileRow(device, profile.iccid)).state, 'installed');
});

test('a notification that is not proven, or of another eUICC, changes nothing and is no error', async () => {
  const profile = await releaseTestProfile(smdp);
  const { offer } = await download(smdp, { matchingId: profile.matchingId });
  const { transactionId } = offer;
  const thief = secondCard();
  const { iccid } = profile;
  const refused: [string, Uint8Array][] = [
    ['signed by another key', installationResult(card, transactionId, { key: thief.key })],
    ['of an unknown transaction', installationResult(card, Buffer.alloc(16, 1))],
    ['with another ICCID', installationResult(card, transactionId, { iccid: '8900100000000999995' })],
    ['enabled on another eUICC', otherNotification(thief, 'enable', iccid, 2)],
    ['signed by another key', otherNotification(card, 'enable', iccid, 2, { key: thief.key })],
    [
      'with a certificate of nobody',
      otherNotification(card, 'delete', iccid, 2, { euiccCertificate: card.eumCertificate }),
    ],
    ['of an unknown ICCID', otherNotification(card, 'enable', '8900100000000999995', 2)],
    ['no notification at all', Buffer.from('3003020100', 'hex')],
    ['nothing', Buffer.alloc(0)],
  ];
  for (const [name, bytes] of refused) {
    await report(bytes);
    assert.equal((await profileRow(smdp, iccid)).state, 'downloaded', name);
  }
  assert.deepEqual(await eventTypesOf(smdp, iccid), ['profile.downloaded']);
});

test('enabling, disabling and deleting are followed in the order of their numbers, each once', async () => {
  const profile = await releaseTestProfile(smdp);
  const { iccid } = profile;
  const { offer } = await download(smdp, { matchingId: profile.matchingId });
  const result = installationResult(card, offer.transactionId, { seqNumber: 1, iccid });
  const enable = otherNotification(card, 'enable', iccid, 2);
  await report(result);
  await Promise.all([
    report(enable),
    report(enable),
    report(result),
    report(otherNotification(card, 'enable', iccid, 2)),
  ]);
  await report(otherNotification(card, 'enable', iccid, 4));
  await report(otherNotification(card, 'disable', iccid, 3));
  await report(otherNotification(card, 'disable', iccid, 5));
  await report(otherNotification(card, 'delete', iccid, 6));
  await report(otherNotification(card, 'enable', iccid, 7));
  const expected = ['downloaded', 'installed', 'enabled', 'enabled', 'disabled', 'deleted'];
  assert.deepEqual(
    await eventTypesOf(smdp, iccid),
    expected.map((each) => `profile.${each}`),
  );
  assert.equal((await profileRow(smdp, iccid)).state, 'deleted');
  const enabled = smdp.moves.filter((move) => move.iccid === iccid).map((move) => move.enabled);
  assert.deepEqual(enabled, [undefined, undefined, true, true, false, undefined]);
});

test('a card that numbers every notification 0 is followed in the order of arrival', async () => {
  const profile = await releaseTestProfile(smdp);
  await download(smdp, { matchingId: profile.matchingId });
  for (const operation of ['install', 'enable', 'disable', 'enable'] as const)
    await report(otherNotification(card, operation, profile.iccid, 0));
  const expected = ['downloaded', 'installed', 'enabled', 'disabled', 'enabled'];
  assert.deepEqual(
    await eventTypesOf(smdp, profile.iccid),
    expected.map((each) => `profile.${each}`),
  );
});

test('an enabled profile was installed, even if that notification never came', async () => {
  const profile = await releaseTestProfile(smdp);
  await download(smdp, { matchingId: profile.matchingId });
  await report(otherNotification(card, 'enable', profile.iccid, 9));
  const expected = ['profile.downloaded', 'profile.installed', 'profile.enabled'];
  assert.deepEqual(await eventTypesOf(smdp, profile.iccid), expected);
  assert.equal((await profileRow(smdp, profile.iccid)).state, 'installed');
});

for (const [reason, name, stays] of [
  [1, 'postponed', true],
  [2, 'timeout', true],
  [0, 'endUserRejection', false],
  [3, 'pprNotAllowed', false],
  [4, 'metadataMismatch', false],
  [5, 'loadBppExecutionError', false],
  [127, 'undefinedReason', false],
] as const)
  test(`a download cancelled with ${name} leaves the order ${stays ? 'open' : 'ended'}`, async () => {
    const profile = await releaseTestProfile(smdp);
    const { transactionId } = await offerTo(smdp, { matchingId: profile.matchingId });
    const cancelled = { transactionId, cancelSessionResponse: cancel(card, transactionId, reason) };
    await cancelSession(smdp.ctx(), cancelled);
    const row = await profileRow(smdp, profile.iccid);
    assert.equal(row.state, stays ? 'released' : 'error');
    assert.equal(row.last_result?.reason, stays ? undefined : `the download was cancelled: ${name}`);
    await assert.rejects(cancelSession(smdp.ctx(), cancelled), rejectsWith('transaction_unknown'));
    if (stays) await download(smdp, { matchingId: profile.matchingId });
  });

test('cancelling cannot end an order that went to another eUICC, or was installed', async () => {
  const profile = await releaseTestProfile(smdp);
  const late = secondCard();
  const lateOffer = await offerTo(smdp, { matchingId: profile.matchingId }, late);
  const { offer } = await download(smdp, { matchingId: profile.matchingId });
  const rejection = (who: TestCard, transactionId: Uint8Array) =>
    cancelSession(smdp.ctx(), { transactionId, cancelSessionResponse: cancel(who, transactionId, 0) });
  await rejection(late, lateOffer.transactionId);
  assert.equal((await profileRow(smdp, profile.iccid)).state, 'downloaded');
  await report(otherNotification(card, 'install', profile.iccid, 3));
  await rejection(card, offer.transactionId);
  assert.equal((await profileRow(smdp, profile.iccid)).state, 'installed');
});

test('a session ends after its time, is refused from then on, and is swept', async () => {
  const aged = createTestSmdp(database, { files: smdp.files, settings: { sessionSeconds: 60 } });
  const profile = await releaseTestProfile(aged);
  const proof = await initiate(aged);
  const offer = await offerTo(aged, { matchingId: profile.matchingId });
  aged.clock.now = new Date(testNow.getTime() + 60_001);
  const { transactionId } = proof;
  const authenticateServerResponse = proveCard(card, proof, { matchingId: profile.matchingId });
  await assert.rejects(
    authenticateClient(aged.ctx(), { transactionId, authenticateServerResponse }),
    rejectsWith('transaction_unknown'),
  );
  const prepareDownloadResponse = prepareDownload(card, offer);
  await assert.rejects(
    getBoundProfilePackage(aged.ctx(), { transactionId: offer.transactionId, prepareDownloadResponse }),
    rejectsWith('transaction_unknown'),
  );
  assert.ok((await sweepSessions(aged.ctx())) >= 2);
  assert.equal(await sweepSessions(aged.ctx()), 0);
});

test('a profile that moved while others told it is told in the same transaction, or not at all', async () => {
  const deaf = createTestSmdp(database, { files: smdp.files });
  const profile = await releaseTestProfile(deaf);
  const offer = await offerTo(deaf, { matchingId: profile.matchingId });
  const ctx = deaf.ctx();
  const broken = {
    ...ctx,
    smdp: {
      ...ctx.smdp,
      profileMoved: () => {
        throw new Error('follower failed');
      },
    },
  };
  const input = { transactionId: offer.transactionId, prepareDownloadResponse: prepareDownload(card, offer) };
  await assert.rejects(getBoundProfilePackage(broken, input), /follower failed/);
  assert.equal((await profileRow(deaf, profile.iccid)).state, 'released');
  assert.deepEqual(await eventTypesOf(deaf, profile.iccid), []);
  await getBoundProfilePackage(ctx, input);
  assert.deepEqual(await eventTypesOf(deaf, profile.iccid), ['profile.downloaded']);
});

test('a long icon makes the metadata longer than one block, and it still arrives whole', async () => {
  const profile = await releaseTestProfile(smdp, {
    columns: { metadata: concat(Buffer.from('BF258205DC', 'hex'), Buffer.alloc(1500, 1)) },
  });
  const { metadata, offer } = await download(smdp, { matchingId: profile.matchingId });
  assert.equal(metadata.length, 1505);
  assert.deepEqual(Buffer.from(offer.profileMetadata), metadata);
});

test('a download works on Brainpool, with certificates of our own', async () => {
  const brainpool = createTestSmdp(database, { pki: { curve: 'brainpoolP256r1' } });
  const profile = await releaseTestProfile(brainpool);
  const otsk = generateOneTimeKey('brainpoolP256r1');
  const { upp } = await download(brainpool, { matchingId: profile.matchingId, otsk });
  assert.deepEqual(Buffer.from(upp), profile.upp);
});

const sgp26 = fileURLToPath(new URL('../../../../../shared/testdata/sgp26/', import.meta.url));
for (const [name, suffix] of [
  ['NIST P-256', /NIST/],
  ['Brainpool', /BRP/],
] as const)
  test(`a download works with the GSMA test certificates on ${name}`, {
    skip: !existsSync(sgp26) && 'no test data',
  }, async () => {
    const files: PkiFile[] = readdirSync(sgp26, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`)
      .map((path) => ({ path: path.slice(sgp26.length).replace(/^\//, ''), bytes: readFileSync(path) }));
    const gsma = createTestSmdp(database, { files, address: 'testsmdpplus1.example.com' });
    const profile = await releaseTestProfile(gsma);
    const device = cardOf(files, suffix);
    const { upp, offer } = await download(gsma, { matchingId: profile.matchingId }, device);
    assert.deepEqual(Buffer.from(upp), profile.upp);
    await report(installationResult(device, offer.transactionId, { iccid: profile.iccid }), gsma);
    assert.equal((await profileRow(gsma, profile.iccid)).state, 'installed');
  });
