import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { concat } from '../../src/base/bytes.ts';
import { generateOneTimeKey } from '../../src/crypto/one_time_key.ts';
import { generateSigningKey } from '../../src/crypto/signing_key.ts';
import { octets } from '../../src/der/octets.ts';
import { tlv } from '../../src/der/write_tlv.ts';
import {
  cancel,
  euiccInfo1,
  installationResult,
  openPackage,
  otherNotification,
  type PrepareChanges,
  type ProofChanges,
  prepareDownload,
  proveCard,
  type TestCard,
} from '../../src/modules/smdp/testing/test_card.ts';
import {
  readAuthenticateClientOk,
  writeAuthenticateClientRequest,
} from '../../src/rsp/asn1/authenticate_client.ts';
import { writeCancelSessionRequestEs9 } from '../../src/rsp/asn1/cancel_session_es9.ts';
import { writeExtCardResource } from '../../src/rsp/asn1/ext_card_resource.ts';
import {
  readGetBoundProfilePackageOk,
  writeGetBoundProfilePackageRequest,
} from '../../src/rsp/asn1/get_bound_profile_package.ts';
import { writeHandleNotification } from '../../src/rsp/asn1/handle_notification.ts';
import {
  readInitiateAuthenticationOk,
  writeInitiateAuthenticationRequest,
} from '../../src/rsp/asn1/initiate_authentication.ts';
import {
  provisioningTags,
  readProvisioningMessage,
  readProvisioningResponse,
  writeProvisioningMessage,
} from '../../src/rsp/asn1/remote_profile_provisioning.ts';
import { forgedProofs } from './forged.ts';
import { type Kit, startKits } from './kit.ts';
import { bind as bindJson, codesOf } from './lpa.ts';
import type { RspAnswer } from './rsp_caller.ts';

const path = '/gsma/rsp2/asn1';
const contentType = 'application/x-gsma-rsp-asn1';
const headers = { 'content-type': contentType, 'x-admin-protocol': 'gsma/rsp/v2.2.0' };

const post = (kit: Kit, body: Uint8Array, more: Record<string, string> = {}): Promise<RspAnswer> =>
  kit.es9.post(path, body, { ...headers, ...more });

type Function = Exclude<keyof typeof provisioningTags, 'handleNotification' | 'es11AuthenticateClient'>;

/** The answer to one message: the elements of a success, or the error integer. */
async function ask(kit: Kit, name: Function, message: Uint8Array, more: Record<string, string> = {}) {
  const answer = await post(kit, writeProvisioningMessage(message), more);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers['content-type'], contentType);
  assert.match(String(answer.headers['x-admin-protocol']), /^gsma\/rsp\/v2\.\d+\.\d+$/);
  return readProvisioningResponse(readProvisioningMessage(answer.body), provisioningTags[name]);
}

type Answer = Awaited<ReturnType<typeof ask>>;
const errorOf = (answer: Answer) => ('errorCode' in answer ? answer.errorCode : '-');

function okOf(answer: Answer) {
  assert.ok('ok' in answer, `error ${errorOf(answer)}`);
  return answer.ok;
}

function initiate(
  kit: Kit,
  card: TestCard,
  changes: Record<string, string | Uint8Array> = {},
): Promise<Answer> {
  const request = {
    euiccChallenge: randomBytes(16),
    euiccInfo1: euiccInfo1(card),
    serverAddress: kit.server.smdpAddress,
    ...changes,
  };
  return ask(kit, 'initiateAuthentication', writeInitiateAuthenticationRequest(request));
}

async function authenticate(kit: Kit, card: TestCard, changes: ProofChanges & { outer?: Uint8Array } = {}) {
  const { outer, ...proofChanges } = changes;
  const proof = readInitiateAuthenticationOk(okOf(await initiate(kit, card)));
  const message = writeAuthenticateClientRequest({
    transactionId: outer ?? proof.transactionId,
    authenticateServerResponse: proveCard(card, proof, proofChanges),
  });
  return ask(kit, 'authenticateClient', message);
}

const offered = async (kit: Kit, card: TestCard, changes: ProofChanges) =>
  readAuthenticateClientOk(okOf(await authenticate(kit, card, changes)));

type Offer = Awaited<ReturnType<typeof offered>>;

function bind(kit: Kit, card: TestCard, offer: Offer, changes: PrepareChanges & { outer?: Uint8Array } = {}) {
  const { outer, ...prepare } = changes;
  const message = writeGetBoundProfilePackageRequest({
    transactionId: outer ?? offer.transactionId,
    prepareDownloadResponse: prepareDownload(card, offer, prepare),
  });
  return ask(kit, 'getBoundProfilePackage', message);
}

async function notify(kit: Kit, message: Uint8Array): Promise<void> {
  const answer = await post(kit, writeProvisioningMessage(message));
  assert.deepEqual([answer.status, answer.body.length], [204, 0]);
}

for (const { curve, kit } of await startKits()) {
  const card = kit.card();
  const otherKey = generateSigningKey(curve);
  const stateOf = async (iccid: string) => (await kit.profile(iccid))['state'];

  test(`${curve}: a whole download, its installation and its deletion`, async () => {
    const { iccid, matchingId } = await kit.order();
    const offer = await offered(kit, card, { matchingId });
    const otsk = generateOneTimeKey(curve);
    const bound = readGetBoundProfilePackageOk(okOf(await bind(kit, card, offer, { otsk })));
    const { metadata } = openPackage(card, bound.boundProfilePackage, otsk);
    assert.deepEqual(Buffer.from(metadata), Buffer.from(offer.profileMetadata));
    await notify(
      kit,
      writeHandleNotification({ pendingNotification: installationResult(card, offer.transactionId) }),
    );
    assert.equal(await stateOf(iccid), 'installed');
    const deletion = otherNotification(card, 'delete', iccid, 2);
    await notify(kit, tlv(provisioningTags.handleNotification, deletion));
    assert.equal(await stateOf(iccid), 'deleted');
  });

  test(`${curve}: a session may go on in the other binding`, async () => {
    const { matchingId } = await kit.order();
    assert.equal(codesOf(await bindJson(kit, card, await offered(kit, card, { matchingId }))), '-');
  });

  const starts: [name: string, changes: Record<string, string | Uint8Array>, error: number][] = [
    ['another address', { serverAddress: 'other.example.com' }, 1],
    ['an eUICC of version 1.0.0', { euiccInfo1: euiccInfo1(card, { svn: '1.0.0' }) }, 2],
    ['an unknown CI', { euiccInfo1: euiccInfo1(card, { signing: [randomBytes(20)] }) }, 3],
    [
      'a CI that cannot verify us',
      { euiccInfo1: euiccInfo1(card, { verification: [randomBytes(20)] }) },
      127,
    ],
    ['a challenge of 15 bytes', { euiccChallenge: randomBytes(15) }, 127],
  ];
  for (const [name, changes, error] of starts)
    test(`${curve}: initiateAuthentication with ${name}: error ${error}`, async () => {
      assert.equal(errorOf(await initiate(kit, card, changes)), error);
    });

  const errorsByCodes: Record<string, number | '-'> = {
    '-': '-',
    '8.1.2/6.1': 1,
    '8.1.2/6.3': 2,
    '8.1.3/6.1': 3,
    '8.1.3/6.3': 4,
    '8.11.1/3.9': 9,
  };
  for (const [name, changes, codes] of forgedProofs(kit, card))
    test(`${curve}: authenticateClient with ${name}: ${errorsByCodes[codes]}`, async () => {
      const { matchingId } = await kit.order();
      assert.equal(errorOf(await authenticate(kit, card, { matchingId, ...changes })), errorsByCodes[codes]);
    });

  const extCardResource = writeExtCardResource({
    installedApplications: 0,
    freeNonVolatileBytes: 1,
    freeVolatileBytes: 1,
  });
  const proofs: [
    name: string,
    changes: ProofChanges & { outer?: Uint8Array },
    error: number,
    columns?: Record<string, unknown>,
  ][] = [
    ['a signature by another key', { key: otherKey }, 5],
    ['an unknown matching id', { matchingId: 'NO-SUCH-ID' }, 6],
    ['a profile for another EID', {}, 7, { eid: '89049032999999999999999999999999' }],
    ['a profile that is not released', {}, 8, { state: 'allocated' }],
    ['a profile tried too often', {}, 8, { download_attempts: 10 }],
    ['an order whose time is over', {}, 8, { expires_at: new Date('2026-01-01') }],
    [
      'an eUICC that forbids its policy rules',
      { euiccInfo2: { forbiddenProfilePolicyRules: ['ppr1'] } },
      8,
      { policy_rules: ['ppr1'] },
    ],
    ['an unknown transaction', { outer: randomBytes(16) }, 10],
    ['an eUICC without room', { euiccInfo2: { extCardResource } }, 11],
    ['the address of another server', { signed: { serverAddress: 'other.example.com' } }, 127],
  ];
  for (const [name, changes, error, columns] of proofs)
    test(`${curve}: authenticateClient with ${name}: error ${error}`, async () => {
      const { iccid, matchingId } = await kit.order();
      await kit.change(iccid, columns ?? {});
      assert.equal(errorOf(await authenticate(kit, card, { matchingId, ...changes })), error);
    });

  const asks: [
    name: string,
    changes: PrepareChanges & { outer?: Uint8Array },
    error: number | '-',
    columns?: Record<string, unknown>,
  ][] = [
    ['the right confirmation code', { confirmationCode: '1234' }, '-'],
    ['a signature by another key', { key: otherKey }, 1],
    ['no confirmation code', {}, 2],
    ['a wrong confirmation code', { confirmationCode: '0000' }, 3],
    [
      'a confirmation code wrong for the last time',
      { confirmationCode: '0000' },
      4,
      { confirmation_failures: 4 },
    ],
    ['an order whose time is over', { confirmationCode: '1234' }, 6, { expires_at: new Date('2026-01-01') }],
    ['an unknown transaction', { outer: randomBytes(16) }, 95],
    ['another transaction inside', { transactionId: randomBytes(16) }, 95],
    ['a one-time key off the curve', { euiccOtpk: Buffer.alloc(65), confirmationCode: '1234' }, 127],
  ];
  for (const [name, changes, error, columns] of asks)
    test(`${curve}: getBoundProfilePackage with ${name}: ${error}`, async () => {
      const { iccid, matchingId } = await kit.order({ confirmationCode: '1234' });
      const offer = await offered(kit, card, { matchingId });
      await kit.change(iccid, columns ?? {});
      assert.equal(errorOf(await bind(kit, card, offer, changes)), error);
    });

  const cancelled = async (transactionId: Uint8Array, response: Uint8Array) => {
    const message = writeCancelSessionRequestEs9({ transactionId, cancelSessionResponse: response });
    return errorOf(await ask(kit, 'cancelSession', message));
  };
  test(`${curve}: cancelSession is answered with success, or with its error`, async () => {
    const { iccid, matchingId } = await kit.order();
    const { transactionId: id } = await offered(kit, card, { matchingId });
    assert.equal(await cancelled(randomBytes(16), cancel(card, id, 0)), 1);
    assert.equal(await cancelled(id, cancel(card, id, 0, { transactionId: randomBytes(16) })), 1);
    assert.equal(await cancelled(id, cancel(card, id, 0, { key: otherKey })), 2);
    assert.equal(await cancelled(id, cancel(card, id, 0, { smdpOid: '2.999.11' })), 127);
    assert.equal(await stateOf(iccid), 'released');
    assert.equal(await cancelled(id, cancel(card, id, 0)), '-');
    assert.equal(await stateOf(iccid), 'error');
  });

  test(`${curve}: cancelSession is understood in the three ways in which it is tagged`, async () => {
    for (const wrap of [
      (response: Uint8Array) => tlv(0xa1, response),
      (response: Uint8Array) => response,
      (response: Uint8Array) => tlv(0xa1, response.subarray(response[2] === 0x81 ? 4 : 3)),
    ]) {
      const { matchingId } = await kit.order();
      const { transactionId } = await offered(kit, card, { matchingId });
      const message = tlv(0xbf41, octets(transactionId, 0x80), wrap(cancel(card, transactionId, 1)));
      assert.equal(errorOf(await ask(kit, 'cancelSession', message)), '-');
    }
  });

  const functions = [
    'initiateAuthentication',
    'authenticateClient',
    'getBoundProfilePackage',
    'cancelSession',
  ] as const;
  const damaged: [name: string, damage: (message: Uint8Array) => Uint8Array][] = [
    ['nothing inside', (message) => message.subarray(0, 0)],
    ['another element inside', () => Buffer.from('3000', 'hex')],
    ['a length of 4 GB', () => Buffer.from('80847FFFFFFF', 'hex')],
    ['an indefinite length', () => Buffer.from('30800000', 'hex')],
  ];
  test(`${curve}: a message of a known function that cannot be read is answered with its undefined error`, async () => {
    for (const name of functions)
      for (const [what, damage] of damaged) {
        const message = tlv(provisioningTags[name], damage(Buffer.alloc(4)));
        const error = errorOf(await ask(kit, name, message));
        assert.equal(error, 127, `${name} with ${what}`);
      }
    const cut = Buffer.from('A205BF3903800100', 'hex').subarray(0, 6);
    const answer = await post(kit, cut);
    assert.equal(Buffer.from(answer.body).toString('hex'), 'a206bf390381017f');
  });

  test(`${curve}: a version of the protocol that is not spoken is answered with the undefined error`, async () => {
    const message = writeInitiateAuthenticationRequest({
      euiccChallenge: randomBytes(16),
      euiccInfo1: euiccInfo1(card),
      serverAddress: kit.server.smdpAddress,
    });
    for (const [version, error] of [
      ['gsma/rsp/v2.0.0', '-'],
      ['gsma/rsp/v2.99.0', '-'],
      ['gsma/rsp/v3.0.0', 127],
    ] as const) {
      const answer = await ask(kit, 'initiateAuthentication', message, { 'x-admin-protocol': version });
      assert.equal(errorOf(answer), error, version);
    }
  });

  test(`${curve}: what is no message of ES9+ is 400, what is too long is 413`, async () => {
    const strangers = ['', '00', 'A200', '3000', 'A2', 'A203BF4000', 'A203BF2000', 'BF3900', '7B7D'];
    for (const body of strangers) assert.equal((await post(kit, Buffer.from(body, 'hex'))).status, 400, body);
    assert.equal((await post(kit, Buffer.alloc(300 * 1024))).status, 413);
  });

  test(`${curve}: a notification is taken with 204, whatever it holds`, async () => {
    for (const body of ['', '3003020100', 'A000', 'A00430020500', '80', 'BF3700'])
      await notify(kit, tlv(provisioningTags.handleNotification, Buffer.from(body, 'hex')));
    const { iccid, matchingId } = await kit.order();
    const { transactionId } = await offered(kit, card, { matchingId });
    const forged = installationResult(card, transactionId, { key: otherKey });
    await notify(kit, writeHandleNotification({ pendingNotification: forged }));
    await notify(kit, concat(writeHandleNotification({ pendingNotification: forged }), Buffer.alloc(1)));
    assert.equal(await stateOf(iccid), 'released');
  });
}
