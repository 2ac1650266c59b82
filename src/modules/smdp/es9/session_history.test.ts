import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { generateSigningKey } from '../../../crypto/signing_key.ts';
import { query } from '../../../pg/query.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { writeAuthenticateServerResponse } from '../../../rsp/asn1/authenticate_server_response.ts';
import { writeEuiccResponse } from '../../../rsp/asn1/euicc_response.ts';
import { writePrepareDownloadResponse } from '../../../rsp/asn1/prepare_download_response.ts';
import type { RspError } from '../../../rsp/rsp_error.ts';
import {
  authenticateClient,
  cancelSession,
  getBoundProfilePackage,
  handleNotification,
  type SessionStep,
  sweepSessions,
} from '../index.ts';
import { cancel, failed, installationResult, prepareDownload, proveCard } from '../testing/test_card.ts';
import {
  createTestSmdp,
  download,
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
const daysMs = 24 * 3600 * 1000;

type StoredSession = {
  state: string;
  outcome: string | null;
  eid: string | null;
  iccid: string | null;
  steps: SessionStep[];
  opened_at: Date;
  ended_at: Date | null;
  euicc_certificate: Buffer | null;
};

async function sessionOf(transactionId: Uint8Array): Promise<StoredSession | undefined> {
  const rows = await query<StoredSession>(
    database.kysely,
    'select * from smdp.sessions where transaction_id = $1',
    [transactionId],
  );
  return rows[0];
}

/** `function status [code] [detail]` of each step. */
const told = (session: StoredSession | undefined) =>
  session?.steps.map(({ function: name, status, subjectCode, reasonCode, detail }) =>
    [
      name,
      status,
      ...(subjectCode ? [`${subjectCode}/${reasonCode}`] : []),
      ...(detail ? [detail] : []),
    ].join(' '),
  );

const refused = (run: Promise<unknown>) =>
  run.then(
    () => assert.fail('it was not refused'),
    (error: RspError) => error.code,
  );

const report = (on: TestSmdp, pendingNotification: Uint8Array) =>
  handleNotification(on.ctx(), { pendingNotification });

test('a session tells each call of a download in its order, and how it ended', async () => {
  const { matchingId, iccid } = await releaseTestProfile(smdp);
  const { offer } = await download(smdp, { matchingId });
  const bound = await sessionOf(offer.transactionId);
  assert.deepEqual(
    [bound?.state, bound?.outcome, bound?.eid, bound?.iccid],
    ['bound', null, card.eid, iccid],
  );
  const result = installationResult(card, offer.transactionId);
  await report(smdp, result);
  await report(smdp, result);
  const ended = await sessionOf(offer.transactionId);
  assert.deepEqual(told(ended), [
    'initiateAuthentication ok',
    'authenticateClient ok',
    'getBoundProfilePackage ok',
    'handleNotification ok',
  ]);
  assert.deepEqual([ended?.state, ended?.outcome, ended?.euicc_certificate], ['ended', 'installed', null]);
  assert.equal(ended?.steps[0]?.at, testNow.toISOString());
  assert.deepEqual([ended?.opened_at, ended?.ended_at], [testNow, testNow]);
});

test('a refused call is told with its codes, and the next one in the same session too', async () => {
  const { matchingId } = await releaseTestProfile(smdp, { confirmationCode: '1234' });
  const offer = await offerTo(smdp, { matchingId });
  const { transactionId } = offer;
  const ask = (confirmationCode: string) =>
    getBoundProfilePackage(smdp.ctx(), {
      transactionId,
      prepareDownloadResponse: prepareDownload(card, offer, { confirmationCode }),
    });
  assert.equal(await refused(ask('4321')), 'confirmation_code_refused');
  await ask('1234');
  assert.deepEqual(told(await sessionOf(transactionId)), [
    'initiateAuthentication ok',
    'authenticateClient ok',
    'getBoundProfilePackage refused 8.2.7/3.8 The confirmation code is wrong.',
    'getBoundProfilePackage ok',
  ]);
});

test('a session whose eUICC was proven is found by its EID although it got no profile, and kept as refused', async () => {
  const proof = await initiate(smdp);
  const { transactionId } = proof;
  const authenticateServerResponse = proveCard(card, proof, { matchingId: 'NO-SUCH-ID' });
  await refused(authenticateClient(smdp.ctx(), { transactionId, authenticateServerResponse }));
  const open = await sessionOf(transactionId);
  assert.deepEqual([open?.state, open?.eid, open?.iccid], ['initiated', card.eid, null]);
  const later = createTestSmdp(database, { files: smdp.files });
  later.clock.now = new Date(testNow.getTime() + 3_600_000);
  await sweepSessions(later.ctx());
  const kept = await sessionOf(transactionId);
  assert.deepEqual([kept?.state, kept?.outcome], ['ended', 'refused']);
  assert.match(told(kept)?.[1] ?? '', /^authenticateClient refused 8\.2\.6\/3\.8 /);
});

test('a message that cannot be read, and one of an eUICC that is not proven, is told without saying who it was', async () => {
  const proof = await initiate(smdp);
  const { transactionId } = proof;
  const send = (authenticateServerResponse: Uint8Array) =>
    refused(authenticateClient(smdp.ctx(), { transactionId, authenticateServerResponse }));
  await send(Buffer.from('BF3800', 'hex'));
  await send(proveCard(card, proof, { signed: { serverChallenge: randomBytes(16) } }));
  const session = await sessionOf(transactionId);
  assert.deepEqual([session?.eid, session?.iccid], [null, null]);
  assert.match(told(session)?.[1] ?? '', /^authenticateClient refused 1\.6\/2\.1 /);
  assert.match(told(session)?.[2] ?? '', /^authenticateClient refused 8\.1\/6\.1 /);
});

test('however often a client is refused in a session, the session does not grow for ever', async () => {
  const { transactionId } = await initiate(smdp);
  for (let calls = 0; calls < 60; calls++)
    await refused(
      authenticateClient(smdp.ctx(), {
        transactionId,
        authenticateServerResponse: Buffer.from('BF3800', 'hex'),
      }),
    );
  assert.equal((await sessionOf(transactionId))?.steps.length, 50);
});

const endings: [
  name: string,
  outcome: string,
  end: (transactionId: Uint8Array) => Promise<unknown>,
  last: RegExp,
][] = [
  [
    'cancelled by its user',
    'cancelled',
    (id) => cancelSession(smdp.ctx(), { transactionId: id, cancelSessionResponse: cancel(card, id, 0) }),
    /^cancelSession ok endUserRejection$/,
  ],
  [
    'put off',
    'cancelled',
    (id) => cancelSession(smdp.ctx(), { transactionId: id, cancelSessionResponse: cancel(card, id, 1) }),
    /^cancelSession ok postponed$/,
  ],
  [
    'refused by the eUICC',
    'refused',
    (id) =>
      refused(
        getBoundProfilePackage(smdp.ctx(), {
          transactionId: id,
          prepareDownloadResponse: writePrepareDownloadResponse({
            downloadResponseError: { transactionId: id, errorCode: 5 },
          }),
        }),
      ),
    /^getBoundProfilePackage refused 8\.1\/4\.2 the eUICC answered PrepareDownload with error 5$/,
  ],
];

for (const [name, outcome, end, last] of endings)
  test(`a session that was ${name} ends as ${outcome}, and nothing more is done in it`, async () => {
    const { matchingId } = await releaseTestProfile(smdp);
    const offer = await offerTo(smdp, { matchingId });
    const { transactionId } = offer;
    await end(transactionId);
    const session = await sessionOf(transactionId);
    assert.deepEqual([session?.state, session?.outcome], ['ended', outcome]);
    assert.match(told(session)?.at(-1) ?? '', last);
    const prepareDownloadResponse = prepareDownload(card, offer);
    const again = getBoundProfilePackage(smdp.ctx(), { transactionId, prepareDownloadResponse });
    assert.equal(await refused(again), 'transaction_unknown');
    assert.equal((await sessionOf(transactionId))?.outcome, outcome);
  });

test('a session whose server was refused by the eUICC ends as refused', async () => {
  const { transactionId } = await initiate(smdp);
  const authenticateServerResponse = writeAuthenticateServerResponse({
    authenticateResponseError: { transactionId, errorCode: 2 },
  });
  await refused(authenticateClient(smdp.ctx(), { transactionId, authenticateServerResponse }));
  const session = await sessionOf(transactionId);
  assert.deepEqual([session?.state, session?.outcome], ['ended', 'refused']);
  assert.match(told(session)?.at(-1) ?? '', /The eUICC refused this server with error 2\.$/);
});

test('an installation that failed is told in words, in the session and in the profile, with its codes', async () => {
  const { matchingId, iccid } = await releaseTestProfile(smdp);
  const { offer } = await download(smdp, { matchingId });
  const simaResponse = writeEuiccResponse({
    peStatus: [{ status: 0 }, { status: 3, identification: 12, offset: 40 }],
    statusMessage: 'EF too\0long',
  });
  const finalResult = failed(5, 12, simaResponse);
  await report(smdp, installationResult(card, offer.transactionId, { finalResult }));
  const session = await sessionOf(offer.transactionId);
  assert.equal(session?.outcome, 'failed');
  assert.equal(told(session)?.at(-1), 'handleNotification ok PEProcessingError at element 12 (bad-values)');
  const { last_result } = await profileRow(smdp, iccid);
  assert.deepEqual(last_result, {
    outcome: 'failed',
    reason: 'PEProcessingError at element 12 (bad-values)',
    retriable: true,
    bppCommandId: 5,
    errorReason: 12,
    elements: [{ element: 12, status: 3, statusName: 'bad-values', offset: 40 }],
    message: 'EF too long',
    simaResponse: Buffer.from(simaResponse).toString('hex').toUpperCase(),
  });
});

const causes: [simaResponse: Uint8Array | undefined, reason: string][] = [
  [undefined, 'PEProcessingError at bppCommand loadProfileElements'],
  [Buffer.from('00', 'hex'), 'PEProcessingError at bppCommand loadProfileElements'],
  [Buffer.from('DEADBEEF', 'hex'), 'PEProcessingError at bppCommand loadProfileElements'],
  [writeEuiccResponse({ peStatus: [] }), 'PEProcessingError at bppCommand loadProfileElements'],
  [
    writeEuiccResponse({ peStatus: [{ status: 4 }] }),
    'PEProcessingError at bppCommand loadProfileElements (not-enough-memory)',
  ],
  [
    writeEuiccResponse({ peStatus: [{ status: 0x6a84, identification: 7 }] }),
    'PEProcessingError at element 7 (status 6A84)',
  ],
  [
    Buffer.concat([
      writeEuiccResponse({ peStatus: [{ status: 0 }] }),
      writeEuiccResponse({ peStatus: [{ status: 31, identification: 0 }] }),
    ]),
    'PEProcessingError at element 0 (unsupported-profile-version)',
  ],
];

test('what an eUICC says of the elements is put into words, and what cannot be read is left out', async () => {
  for (const [simaResponse, reason] of causes) {
    const { matchingId, iccid } = await releaseTestProfile(smdp);
    const { offer } = await download(smdp, { matchingId });
    const finalResult = failed(5, 12, simaResponse);
    await report(smdp, installationResult(card, offer.transactionId, { finalResult }));
    assert.equal((await profileRow(smdp, iccid)).last_result?.reason, reason);
  }
});

test('a result that is not proven is told in its session as refused, and a later one that is proven counts', async () => {
  const { matchingId } = await releaseTestProfile(smdp);
  const { offer } = await download(smdp, { matchingId });
  await report(smdp, installationResult(card, offer.transactionId, { key: generateSigningKey('P-256') }));
  assert.match(
    told(await sessionOf(offer.transactionId))?.at(-1) ?? '',
    /^handleNotification refused 8\.1\/6\.1 /,
  );
  await report(smdp, installationResult(card, offer.transactionId));
  assert.equal((await sessionOf(offer.transactionId))?.outcome, 'installed');
});

test('a session that expired after the download still learns how the installation went', async () => {
  const late = createTestSmdp(database, { files: smdp.files });
  const { matchingId } = await releaseTestProfile(late);
  const { offer } = await download(late, { matchingId });
  late.clock.now = new Date(testNow.getTime() + 3_600_000);
  await sweepSessions(late.ctx());
  const expired = await sessionOf(offer.transactionId);
  assert.deepEqual([expired?.state, expired?.outcome], ['ended', 'expired']);
  await report(late, installationResult(card, offer.transactionId));
  const installed = await sessionOf(offer.transactionId);
  assert.deepEqual([installed?.outcome, installed?.ended_at], ['installed', expired?.ended_at]);
});

test('sessions in which nobody was proven leave nothing behind, and the others go after 30 days', async () => {
  const aged = createTestSmdp(database, { files: smdp.files });
  const { transactionId: abandoned } = await initiate(aged);
  const { transactionId: offered } = await offerTo(aged, {
    matchingId: (await releaseTestProfile(aged)).matchingId,
  });
  const sweepAfter = async (ms: number) => {
    aged.clock.now = new Date(testNow.getTime() + ms);
    await sweepSessions(aged.ctx());
    return [await sessionOf(abandoned), await sessionOf(offered)].map((session) => session?.state);
  };
  assert.deepEqual(await sweepAfter(599_000), ['initiated', 'authenticated']);
  assert.deepEqual(await sweepAfter(601_000), [undefined, 'ended']);
  assert.deepEqual(await sweepAfter(30 * daysMs), [undefined, 'ended']);
  assert.deepEqual(await sweepAfter(30 * daysMs + 602_000), [undefined, undefined]);
});

test('10,000 abandoned sessions do no harm: a download goes on meanwhile, and two nodes sweep them away', async () => {
  const aged = createTestSmdp(database, { files: smdp.files });
  await query(database.kysely, abandonedSessions, [10_000, new Date(testNow.getTime() + 600_000)]);
  const { matchingId, iccid } = await releaseTestProfile(aged);
  aged.clock.now = new Date(testNow.getTime() + 601_000);
  const [swept, alsoSwept] = await Promise.all([
    sweepSessions(aged.ctx(0)),
    sweepSessions(aged.ctx(1)),
    download(aged, { matchingId }),
  ]);
  assert.ok(swept + alsoSwept >= 10_000);
  assert.equal((await profileRow(aged, iccid)).state, 'downloaded');
  const [left] = await query<{ count: bigint }>(
    database.kysely,
    "select count(*) from smdp.sessions where state = 'initiated'",
  );
  assert.equal(left?.count, 0n);
});

const abandonedSessions = `
  insert into smdp.sessions (transaction_id, state, ci_key_id, server_ci_key_id, server_challenge, expires_at)
  select decode(md5(n::text), 'hex'), 'initiated', '\\x00', '\\x00', '\\x00', $2 from generate_series(1, $1::integer) n`;
