import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { AppError } from '../../../base/app_error.ts';
import { completeEid } from '../../../base/digits.ts';
import { readCertificate } from '../../../crypto/certificate.ts';
import { keyUsage } from '../../../crypto/certificate_extensions.ts';
import { type CertificateRequest, makeCertificate } from '../../../crypto/make_certificate.ts';
import { generateSigningKey, readSigningKey, type SigningKey } from '../../../crypto/signing_key.ts';
import { query } from '../../../pg/query.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { writeAuthenticateServerResponse } from '../../../rsp/asn1/authenticate_server_response.ts';
import { writeCancelSessionResponse } from '../../../rsp/asn1/cancel_session_response.ts';
import { writeExtCardResource } from '../../../rsp/asn1/ext_card_resource.ts';
import { writePrepareDownloadResponse } from '../../../rsp/asn1/prepare_download_response.ts';
import type { ServerProof } from '../../../rsp/authentication/start_authentication.ts';
import { roleOids } from '../../../rsp/certificate_roles.ts';
import { makeTestEuicc } from '../../../rsp/pki/make_test_euicc.ts';
import { RspError, rspErrorCodes } from '../../../rsp/rsp_error.ts';
import {
  authenticateClient,
  cancelSession,
  getBoundProfilePackage,
  initiateAuthentication,
  type OfferedProfile,
} from '../index.ts';
import {
  cancel,
  euiccInfo1,
  type Info,
  type PrepareChanges,
  type ProofChanges,
  prepareDownload,
  proveCard,
} from '../testing/test_card.ts';
import {
  cardOf,
  createTestSmdp,
  initiate,
  offerTo,
  profileRow,
  releaseTestProfile,
  type TestOrder,
  testAddress,
  testFiles,
  testNow,
} from '../testing/test_smdp.ts';

const database = await testDatabase();
const smdp = createTestSmdp(database);
const { card } = smdp;
const strangers = testFiles({ smdpAddress: testAddress, now: testNow });
const stranger = cardOf(strangers);
const otherKey = generateSigningKey('P-256');

/** Subject and reason code of the refusal that `run` ends in; `-` when it does not. */
async function refusal(run: Promise<unknown>): Promise<string> {
  const error = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error === undefined) return '-';
  if (error instanceof AppError && error.code === 'malformed_der') return 'malformed';
  assert.ok(error instanceof RspError, String(error));
  const { subjectCode, reasonCode } = rspErrorCodes[error.code];
  return `${subjectCode}/${reasonCode}`;
}

// ---- InitiateAuthentication

const unknownCi = randomBytes(20);
type Start = Info & { smdpAddress?: string; challenge?: number };
const starts: [name: string, input: Start, expected: string][] = [
  ['our address', {}, '-'],
  ['our address in another case', { smdpAddress: 'SMDP.Example.COM' }, '-'],
  ['our address with the default port', { smdpAddress: 'smdp.example.com:443' }, '-'],
  ['another address', { smdpAddress: 'other.example.com' }, '8.8.1/3.8'],
  ['our address with another port', { smdpAddress: 'smdp.example.com:8443' }, '8.8.1/3.8'],
  ['our address as part of another', { smdpAddress: 'smdp.example.com.evil' }, '8.8.1/3.8'],
  ['an empty address', { smdpAddress: '' }, '8.8.1/3.8'],
  ['another address and an old eUICC', { smdpAddress: 'other.example.com', svn: '1.0.0' }, '8.8.1/3.8'],
  ['svn 1.0.0', { svn: '1.0.0' }, '8.8.3/3.1'],
  ['svn 1.255.255', { svn: '1.255.255' }, '8.8.3/3.1'],
  ['svn 2.2.0', { svn: '2.2.0' }, '-'],
  ['svn 2.2.1', { svn: '2.2.1' }, '-'],
  ['svn 2.2.2', { svn: '2.2.2' }, '-'],
  ['svn 2.3.0', { svn: '2.3.0' }, '-'],
  ['svn 2.10.0', { svn: '2.10.0' }, '-'],
  ['svn 3.0.0', { svn: '3.0.0' }, '8.8.3/3.1'],
  ['svn 3.0.0 and an unknown CI', { svn: '3.0.0', signing: [unknownCi] }, '8.8.3/3.1'],
  ['no CI to sign by', { signing: [] }, '8.8.2/3.1'],
  ['an unknown CI to sign by', { signing: [unknownCi] }, '8.8.2/3.1'],
  ['unknown CIs in both lists', { signing: [unknownCi], verification: [unknownCi] }, '8.8.2/3.1'],
  ['an unknown CI before ours', { signing: [unknownCi, card.ciKeyId] }, '-'],
  ['an unknown CI to verify by', { verification: [unknownCi] }, '8.8.4/3.7'],
  ['no CI to verify by', { verification: [] }, '8.8.4/3.7'],
  [
    'an unknown CI to verify by and a short challenge',
    { verification: [unknownCi], challenge: 15 },
    '8.8.4/3.7',
  ],
  ['a challenge of 15 bytes', { challenge: 15 }, '1.6/2.1'],
  ['a challenge of 17 bytes', { challenge: 17 }, '1.6/2.1'],
  ['no challenge', { challenge: 0 }, '1.6/2.1'],
];

for (const [name, { smdpAddress = testAddress, challenge = 16, ...info }, expected] of starts)
  test(`initiateAuthentication with ${name}: ${expected}`, async () => {
    const input = {
      euiccChallenge: randomBytes(challenge),
      euiccInfo1: euiccInfo1(card, info),
      serverAddress: smdpAddress,
    };
    assert.equal(await refusal(initiateAuthentication(smdp.ctx(), input)), expected);
  });

test('the versions of eUICCs that are served can be changed', async () => {
  const newer = createTestSmdp(database, { files: smdp.files, settings: { svnMax: '3.255.255' } });
  const input = {
    euiccChallenge: randomBytes(16),
    euiccInfo1: euiccInfo1(card, { svn: '3.0.0' }),
    serverAddress: testAddress,
  };
  assert.equal(await refusal(initiateAuthentication(newer.ctx(), input)), '-');
});

// ---- AuthenticateClient

const keyIn = (start: string) => readSigningKey(smdp.files.find(({ path }) => path.startsWith(start))!.bytes);
const ciKey = keyIn('CertificateIssuer/SK');
const eumKey = keyIn('EUM/SK');
const ci = readCertificate(smdp.files.find(({ path }) => path.startsWith('CertificateIssuer/CERT'))!.bytes);
const validity = { notBefore: new Date('2026-01-01'), notAfter: new Date('2030-01-01') };
const past = { notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') };

function eum(changes: Partial<CertificateRequest> & { ciKey?: SigningKey } = {}): Uint8Array {
  const subject = readCertificate(card.eumCertificate).subjectName;
  return makeCertificate({
    subject,
    key: eumKey,
    issuer: { name: ci.subjectName, key: changes.ciKey ?? ciKey },
    ...validity,
    keyUsage: [keyUsage.keyCertSign],
    policies: [roleOids.eum],
    ca: { pathLength: 0 },
    permittedName: { organization: subject.organization!, serialNumber: '89049032' },
    ...changes,
  });
}

function euicc(changes: { eid?: string; eumKey?: SigningKey; dates?: typeof validity } = {}) {
  const { eid = card.eid, dates = validity } = changes;
  return makeTestEuicc({ eumKey: changes.eumKey ?? eumKey, eid, ...dates });
}

const named = ({ certificate, key }: ReturnType<typeof euicc>): ProofChanges => ({
  euiccCertificate: certificate,
  key,
});
const outsider = euicc({ eid: completeEid('880490321234512345123456789012') });
const expiredEuicc = euicc({ dates: past });
const forgedEuicc = euicc({ eumKey: otherKey });
const bad = { matchingId: 'NO-SUCH-ID' };

type Proof = ProofChanges & { order?: TestOrder; outer?: Uint8Array };
const proofs: [name: string, changes: Proof, expected: string][] = [
  ['nothing wrong', {}, '-'],
  [
    'an unknown transaction',
    { outer: randomBytes(16), signed: { transactionId: randomBytes(16) } },
    '8.10.1/3.9',
  ],
  ['an unknown transaction and a wrong key', { outer: randomBytes(16), key: otherKey }, '8.10.1/3.9'],
  ['an EUM certificate of an unknown CI', { eumCertificate: stranger.eumCertificate }, '8.11.1/3.9'],
  [
    'a forged EUM certificate',
    {
      eumCertificate: eum({
        ciKey: otherKey,
        issuer: { name: ci.subjectName, key: { ...otherKey, publicPoint: ciKey.publicPoint } },
      }),
    },
    '8.1.2/6.1',
  ],
  [
    'an EUM certificate of another role',
    { eumCertificate: eum({ policies: [roleOids.euicc] }) },
    '8.1.2/6.1',
  ],
  [
    'an EUM certificate that may not sign',
    { eumCertificate: eum({ keyUsage: [keyUsage.digitalSignature] }) },
    '8.1.2/6.1',
  ],
  ['an EUM certificate that has expired', { eumCertificate: eum(past) }, '8.1.2/6.3'],
  [
    'an expired EUM certificate without a range',
    { eumCertificate: eum({ ...past, permittedName: {} }) },
    '8.1.2/6.3',
  ],
  ["an eUICC certificate instead of the EUM's", { eumCertificate: card.euiccCertificate }, '8.11.1/3.9'],
  ['an EUM certificate that is none', { eumCertificate: Buffer.from('3003020101', 'hex') }, '8.1.2/6.1'],
  ['a forged eUICC certificate', named(forgedEuicc), '8.1.3/6.1'],
  ['an eUICC certificate that is none', { euiccCertificate: Buffer.from('3003020101', 'hex') }, '8.1.3/6.1'],
  ['an eUICC certificate that has expired', named(expiredEuicc), '8.1.3/6.3'],
  ['an EID out of the range of its EUM', named(outsider), '8.1.3/6.1'],
  ['a signature by another key', { key: otherKey }, '8.1/6.1'],
  ['a signature by another key and an unknown id', { key: otherKey, ...bad }, '8.1/6.1'],
  ['another server challenge', { signed: { serverChallenge: randomBytes(16) } }, '8.1/6.1'],
  ['another transaction inside', { signed: { transactionId: randomBytes(16) } }, '8.10.1/3.9'],
  [
    'another transaction inside and an unknown id',
    { signed: { transactionId: randomBytes(16) }, ...bad },
    '8.10.1/3.9',
  ],
  ['another server address', { signed: { serverAddress: 'other.example.com' } }, '8.8.1/3.8'],
  ['an unknown matching id', bad, '8.2.6/3.8'],
  ['a matching id with a NUL character', { matchingId: 'A\0B' }, '8.2.6/3.8'],
  ['no order for the EID', { matchingId: '' }, '8.1.1/3.8'],
  ['an order of another EID', { order: { eid: '89049032999999999999999999999999' } }, '8.1.1/3.8'],
  [
    'an order of another EID that is not released',
    { order: { eid: '89049032999999999999999999999999', columns: { state: 'allocated' } } },
    '8.1.1/3.8',
  ],
  ...(['allocated', 'linked', 'confirmed', 'installed', 'deleted', 'error', 'unavailable'] as const).map(
    (state): [string, Proof, string] => [
      `an order in state ${state}`,
      { order: { columns: { state } } },
      '8.2/1.2',
    ],
  ),
  ['an order that has expired', { order: { columns: { expires_at: testNow } } }, '8.8.5/4.10'],
  [
    'an expired order tried too often',
    { order: { columns: { expires_at: testNow, download_attempts: 10 } } },
    '8.8.5/4.10',
  ],
  ['an order tried too often', { order: { columns: { download_attempts: 10 } } }, '8.8.5/6.4'],
  ['an order tried nine times', { order: { columns: { download_attempts: 9 } } }, '-'],
  [
    'a policy rule that the eUICC forbids',
    { order: { policyRules: ['ppr1'] }, euiccInfo2: { forbiddenProfilePolicyRules: ['ppr1'] } },
    '8.2.5/4.3',
  ],
  [
    'a policy rule that the eUICC allows',
    { order: { policyRules: ['ppr2'] }, euiccInfo2: { forbiddenProfilePolicyRules: ['ppr1'] } },
    '-',
  ],
  [
    'a profile version that is too old',
    { order: { columns: { profile_version_min: '2.3.0' } }, euiccInfo2: { profileVersion: '2.2.9' } },
    '8.2.5/4.3',
  ],
  [
    'too little memory',
    {
      euiccInfo2: {
        extCardResource: writeExtCardResource({
          installedApplications: 0,
          freeNonVolatileBytes: 2000,
          freeVolatileBytes: 1,
        }),
      },
    },
    '8.1/4.8',
  ],
  ['memory said in another form', { euiccInfo2: { extCardResource: Buffer.from('00', 'hex') } }, '-'],
];

for (const [name, { order, outer, ...changes }, expected] of proofs)
  test(`authenticateClient with ${name}: ${expected}`, async () => {
    const profile = await releaseTestProfile(smdp, order);
    const before = await profileRow(smdp, profile.iccid);
    const proof = await initiate(smdp);
    const answer = proveCard(card, proof, { matchingId: profile.matchingId, ...changes });
    const input = { transactionId: outer ?? proof.transactionId, authenticateServerResponse: answer };
    assert.equal(await refusal(authenticateClient(smdp.ctx(), input)), expected);
    assert.deepEqual(await profileRow(smdp, profile.iccid), before);
  });

test('an eUICC that refuses the server ends the session, and only that', async () => {
  const proof = await initiate(smdp);
  const { transactionId } = proof;
  const refused = writeAuthenticateServerResponse({
    authenticateResponseError: { transactionId, errorCode: 2 },
  });
  const answer = (authenticateServerResponse: Uint8Array) =>
    refusal(authenticateClient(smdp.ctx(), { transactionId, authenticateServerResponse }));
  assert.equal(await answer(refused), '8.1/4.2');
  assert.equal(await answer(refused), '8.10.1/3.9');
  assert.equal(await answer(proveCard(card, proof)), '8.10.1/3.9');
});

test('a proof is good once, and for its own session only', async () => {
  const { matchingId } = await releaseTestProfile(smdp);
  const [first, second] = [await initiate(smdp), await initiate(smdp)];
  const authenticateServerResponse = proveCard(card, first, { matchingId });
  const answer = ({ transactionId }: ServerProof) =>
    refusal(authenticateClient(smdp.ctx(), { transactionId, authenticateServerResponse }));
  assert.equal(await answer(second), '8.1/6.1');
  assert.deepEqual((await Promise.all([answer(first), answer(first)])).sort(), ['-', '8.10.1/3.9']);
  assert.equal(await answer(first), '8.10.1/3.9');
});

// ---- GetBoundProfilePackage

const offCurve = Buffer.concat([Buffer.of(4), Buffer.alloc(64, 1)]);
const asks: [
  name: string,
  changes: PrepareChanges & { outer?: Uint8Array; order?: TestOrder; later?: Record<string, unknown> },
  expected: string,
][] = [
  ['nothing wrong', {}, '-'],
  ['an unknown transaction', { outer: randomBytes(16) }, '8.10.1/3.9'],
  ['a signature by another key', { key: otherKey }, '8.1/6.1'],
  [
    'a signature by another key and a wrong code',
    { key: otherKey, order: { confirmationCode: '1' }, confirmationCode: '2' },
    '8.1/6.1',
  ],
  ['another transaction inside', { transactionId: randomBytes(16) }, '8.10.1/3.9'],
  ['a missing confirmation code', { order: { confirmationCode: '1' } }, '8.2.7/2.2'],
  ['a wrong confirmation code', { order: { confirmationCode: '1' }, confirmationCode: '2' }, '8.2.7/3.8'],
  [
    'a confirmation code that is wrong for the last time',
    { order: { confirmationCode: '1', columns: { confirmation_failures: 4 } }, confirmationCode: '2' },
    '8.2.7/6.4',
  ],
  [
    'the right code after too many wrong ones',
    { order: { confirmationCode: '1', columns: { confirmation_failures: 5 } }, confirmationCode: '1' },
    '8.2.7/6.4',
  ],
  ['a code where none is needed', { confirmationCode: '1' }, '-'],
  ['a point off the curve', { euiccOtpk: offCurve }, 'malformed'],
  ['a compressed point', { euiccOtpk: Buffer.concat([Buffer.of(2), Buffer.alloc(64, 1)]) }, 'malformed'],
  ['the point at infinity', { euiccOtpk: Buffer.alloc(65) }, 'malformed'],
  ['a profile installed in the meantime', { later: { state: 'installed' } }, '8.2/1.2'],
  ['a profile withdrawn in the meantime', { later: { state: 'unavailable' } }, '8.2/1.2'],
  ['an order expired in the meantime', { later: { expires_at: testNow } }, '8.8.5/4.10'],
  ['the attempts used up in the meantime', { later: { download_attempts: 10 } }, '8.8.5/6.4'],
];

for (const [name, { outer, order, later, ...changes }, expected] of asks)
  test(`getBoundProfilePackage with ${name}: ${expected}`, async () => {
    const profile = await releaseTestProfile(smdp, order);
    const offer = await offerTo(smdp, { matchingId: profile.matchingId });
    for (const [column, value] of Object.entries(later ?? {}))
      await query(database.kysely, `update smdp.profiles set ${column} = $2 where iccid = $1`, [
        profile.iccid,
        value,
      ]);
    const before = await profileRow(smdp, profile.iccid);
    const prepareDownloadResponse = prepareDownload(card, offer, changes);
    const { transactionId } = offer;
    const run = getBoundProfilePackage(smdp.ctx(), {
      transactionId: outer ?? transactionId,
      prepareDownloadResponse,
    });
    assert.equal(await refusal(run), expected);
    if (expected !== '-' && !expected.startsWith('8.2.7'))
      assert.deepEqual(await profileRow(smdp, profile.iccid), before);
  });

test('the prepared download of one session is refused in another one', async () => {
  const { matchingId } = await releaseTestProfile(smdp);
  const [first, second] = [await offerTo(smdp, { matchingId }), await offerTo(smdp, { matchingId })];
  const ask = ({ transactionId }: OfferedProfile, prepareDownloadResponse: Uint8Array) =>
    refusal(getBoundProfilePackage(smdp.ctx(), { transactionId, prepareDownloadResponse }));
  assert.equal(await ask(second, prepareDownload(card, first)), '8.1/6.1');
  assert.equal(
    await ask(
      { ...second, transactionId: (await initiate(smdp)).transactionId },
      prepareDownload(card, first),
    ),
    '8.10.1/3.9',
  );
  assert.equal(await ask(first, prepareDownload(card, first)), '-');
});

test('an eUICC that refuses the offer ends the session, and the order stays open', async () => {
  const { iccid, matchingId } = await releaseTestProfile(smdp);
  const { transactionId } = await offerTo(smdp, { matchingId });
  const prepareDownloadResponse = writePrepareDownloadResponse({
    downloadResponseError: { transactionId, errorCode: 1 },
  });
  const run = () => refusal(getBoundProfilePackage(smdp.ctx(), { transactionId, prepareDownloadResponse }));
  assert.equal(await run(), '8.1/4.2');
  assert.equal(await run(), '8.10.1/3.9');
  assert.equal((await profileRow(smdp, iccid)).state, 'released');
});

// ---- CancelSession

const cancels: [name: string, bytes: (transactionId: Uint8Array) => Uint8Array, expected: string][] = [
  ['nothing wrong', (id) => cancel(card, id, 0), '-'],
  ['a signature by another key', (id) => cancel(card, id, 0, { key: otherKey }), '8.1/6.1'],
  [
    'another transaction inside',
    (id) => cancel(card, id, 0, { transactionId: randomBytes(16) }),
    '8.10.1/3.9',
  ],
  ['another OID', (id) => cancel(card, id, 0, { smdpOid: '2.5.29.17' }), '8.8/3.10'],
  [
    'another transaction inside and another OID',
    (id) => cancel(card, id, 0, { transactionId: randomBytes(16), smdpOid: '2.5.29.17' }),
    '8.10.1/3.9',
  ],
  ['an error of the eUICC', () => writeCancelSessionResponse({ cancelSessionResponseError: 5 }), '8.1/4.2'],
];

for (const [name, bytes, expected] of cancels)
  test(`cancelSession with ${name}: ${expected}`, async () => {
    const { iccid, matchingId } = await releaseTestProfile(smdp);
    const { transactionId } = await offerTo(smdp, { matchingId });
    const run = cancelSession(smdp.ctx(), { transactionId, cancelSessionResponse: bytes(transactionId) });
    assert.equal(await refusal(run), expected);
    assert.equal((await profileRow(smdp, iccid)).state, expected === '-' ? 'error' : 'released');
  });

test('a session cannot be cancelled before its eUICC is known, nor after', async () => {
  const { transactionId } = await initiate(smdp);
  for (const id of [transactionId, randomBytes(16)])
    assert.equal(
      await refusal(
        cancelSession(smdp.ctx(), { transactionId: id, cancelSessionResponse: cancel(card, id, 1) }),
      ),
      '8.10.1/3.9',
    );
});

// ---- Whatever is cut

test('a message cut at any byte is refused, and changes nothing', async () => {
  const { iccid, matchingId } = await releaseTestProfile(smdp);
  const proof = await initiate(smdp);
  const offer = await offerTo(smdp, { matchingId });
  const before = await profileRow(smdp, iccid);
  const { transactionId } = proof;
  const whole = [
    [
      proveCard(card, proof, { matchingId }),
      (bytes: Uint8Array) =>
        authenticateClient(smdp.ctx(), { transactionId, authenticateServerResponse: bytes }),
    ],
    [
      prepareDownload(card, offer),
      (bytes: Uint8Array) =>
        getBoundProfilePackage(smdp.ctx(), {
          transactionId: offer.transactionId,
          prepareDownloadResponse: bytes,
        }),
    ],
    [
      cancel(card, offer.transactionId, 0),
      (bytes: Uint8Array) =>
        cancelSession(smdp.ctx(), { transactionId: offer.transactionId, cancelSessionResponse: bytes }),
    ],
  ] as const;
  for (const [message, call] of whole)
    for (let length = 0; length < message.length; length++)
      assert.equal(await refusal(call(message.subarray(0, length))), 'malformed', `${length} bytes`);
  assert.deepEqual(await profileRow(smdp, iccid), before);
  for (const [message, call] of whole.slice(0, 2)) assert.equal(await refusal(call(message)), '-');
});

test('a proof with any one byte changed is refused without harm, or was not part of what is signed', async () => {
  const { iccid, matchingId } = await releaseTestProfile(smdp);
  const proof = await initiate(smdp);
  const message = proveCard(card, proof, { matchingId });
  const before = await profileRow(smdp, iccid);
  for (let at = 0; at < message.length; at += 3) {
    const changed = Buffer.from(message);
    changed[at] = (changed[at] ?? 0) ^ 0x01;
    const run = authenticateClient(smdp.ctx(), {
      transactionId: proof.transactionId,
      authenticateServerResponse: changed,
    });
    assert.notEqual(await refusal(run), '-', `byte ${at}`);
  }
  assert.deepEqual(await profileRow(smdp, iccid), before);
});
