import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, beforeEach, test } from 'node:test';
import Fastify from 'fastify';
import { toBase64, toHex } from '../../base/bytes.ts';
import { euiccInfo1, type Info, type ProofChanges, proveCard } from '../../modules/smdp/testing/test_card.ts';
import { cardOf } from '../../modules/smdp/testing/test_smdp.ts';
import { putEvents, sweepSessions } from '../../modules/smds/index.ts';
import { createTestSmds, smdsFiles, testSmdsAddress } from '../../modules/smds/test_smds.ts';
import { query } from '../../pg/query.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { writeAuthenticateClientRequest } from '../../rsp/asn1/authenticate_client.ts';
import { writeAuthenticateServerResponse } from '../../rsp/asn1/authenticate_server_response.ts';
import { readAuthenticateClientOkEs11 } from '../../rsp/asn1/es11_authenticate_client.ts';
import {
  readInitiateAuthenticationOk,
  writeInitiateAuthenticationRequest,
} from '../../rsp/asn1/initiate_authentication.ts';
import {
  provisioningTags,
  readProvisioningMessage,
  readProvisioningResponse,
  writeProvisioningMessage,
} from '../../rsp/asn1/remote_profile_provisioning.ts';
import { es11 } from './index.ts';

const database = await testDatabase();
const smds = createTestSmds(database);
const card = cardOf(smds.files);
const app = Fastify();
app.register(es11, { ctxFor: smds.ctx });
after(() => app.close());

beforeEach(async () => {
  await query(database.kysely, 'delete from smds.events');
  await query(database.kysely, 'delete from smds.sessions');
});

async function call(name: string, body: unknown): Promise<any> {
  const response = await app.inject({
    method: 'POST',
    url: `/gsma/rsp2/es9plus/${name}`,
    headers: { 'content-type': 'application/json', 'x-admin-protocol': 'gsma/rsp/v2.2.2' },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  });
  assert.equal(response.statusCode, 200);
  return response.json();
}

const start = (info: Info = {}) => ({
  euiccChallenge: toBase64(randomBytes(16)),
  euiccInfo1: toBase64(euiccInfo1(card, info)),
  smdsAddress: testSmdsAddress,
});

const bytes = (text: string) => Buffer.from(text, 'base64');

function proofOf(answer: any) {
  return {
    transactionId: Buffer.from(answer.transactionId, 'hex'),
    serverSigned1: bytes(answer.serverSigned1),
    serverSignature1: bytes(answer.serverSignature1),
    euiccCiPKIdToBeUsed: bytes(answer.euiccCiPKIdToBeUsed),
    serverCertificate: bytes(answer.serverCertificate),
  };
}

/** Both calls, as an LPA makes them; `prove` may be somebody else's card. */
async function discover(changes: ProofChanges = {}, prover = card): Promise<any> {
  const proof = proofOf(await call('initiateAuthentication', start()));
  return await call('authenticateClient', {
    transactionId: toHex(proof.transactionId),
    authenticateServerResponse: toBase64(proveCard(prover, proof, changes)),
  });
}

function codesOf(answer: any): string {
  const { status, statusCodeData } = answer.header.functionExecutionStatus;
  return statusCodeData ? `${status} ${statusCodeData.subjectCode}/${statusCodeData.reasonCode}` : status;
}

function register(...events: [eventId: string, eid?: string, address?: string][]) {
  return write(smds.ctx(), {}, (tx) =>
    putEvents(
      tx,
      events.map(([eventId, eid = card.eid, rspServerAddress = 'smdp.example.com']) => ({
        eventId,
        eid,
        rspServerAddress,
        ownerOid: '2.999.10',
        forwardingIndicator: false,
      })),
    ),
  );
}

test('a poll gives every event of the EID in the order of arrival, and deletes none', async () => {
  await register(['B-2'], ['A-1', card.eid, 'other.example.com:8443'], ['C-3', '8'.repeat(32)]);
  for (const matchingId of [undefined, '']) {
    const answer = await discover({ matchingId });
    assert.equal(codesOf(answer), 'Executed-Success');
    assert.match(answer.transactionId, /^[0-9A-F]{32}$/);
    assert.deepEqual(answer.eventEntries, [
      { eventId: 'B-2', rspServerAddress: 'smdp.example.com' },
      { eventId: 'A-1', rspServerAddress: 'other.example.com:8443' },
    ]);
  }
});

test('nothing registered is a success with an empty list, for an EID that nobody knows as well', async () => {
  const { eventEntries, ...rest } = await discover();
  assert.deepEqual(eventEntries, []);
  assert.equal(codesOf(rest), 'Executed-Success');
});

test('an event id asks for that event alone; one of another EID and one that never was look the same', async () => {
  await register(['A-1'], ['B-2'], ['C-3', '8'.repeat(32)]);
  assert.deepEqual(
    (await discover({ matchingId: 'B-2' })).eventEntries.map((each: any) => each.eventId),
    ['B-2'],
  );
  const [foreign, unknown, impossible] = [
    await discover({ matchingId: 'C-3' }),
    await discover({ matchingId: 'NO-SUCH' }),
    await discover({ matchingId: 'A\0' }),
  ];
  assert.equal(codesOf(foreign), 'Failed 8.9.5/3.9');
  assert.deepEqual(unknown, foreign);
  assert.deepEqual(impossible, foreign);
});

/** One message of the ASN.1 binding, without its envelope; the tag and value of the answer. */
async function callAsn1(message: Uint8Array, tag: number) {
  const response = await app.inject({
    method: 'POST',
    url: '/gsma/rsp2/asn1',
    headers: { 'content-type': 'application/x-gsma-rsp-asn1', 'x-admin-protocol': 'gsma/rsp/v2.2.2' },
    payload: Buffer.from(writeProvisioningMessage(message)),
  });
  assert.equal(response.statusCode, 200);
  return readProvisioningResponse(readProvisioningMessage(response.rawPayload), tag);
}

test('the ASN.1 binding gives the same events, and the error integers of ES11', async () => {
  await register(['A-1']);
  const { euiccChallenge, euiccInfo1: info } = start();
  const ask = async (matchingId: string, change = {}) => {
    const started = await callAsn1(
      writeInitiateAuthenticationRequest({
        euiccChallenge: bytes(euiccChallenge),
        euiccInfo1: bytes(info),
        serverAddress: testSmdsAddress,
      }),
      provisioningTags.initiateAuthentication,
    );
    assert.ok('ok' in started);
    const proof = readInitiateAuthenticationOk(started.ok);
    const authenticateServerResponse = proveCard(card, proof, { matchingId });
    const request = { transactionId: proof.transactionId, authenticateServerResponse, ...change };
    return await callAsn1(writeAuthenticateClientRequest(request), provisioningTags.es11AuthenticateClient);
  };
  const answer = await ask('');
  assert.ok('ok' in answer);
  assert.deepEqual(readAuthenticateClientOkEs11(answer.ok).eventEntries, [
    { eventId: 'A-1', rspServerAddress: 'smdp.example.com' },
  ]);
  assert.deepEqual(await ask('NO-SUCH'), { errorCode: 6 });
  assert.deepEqual(await ask('', { transactionId: randomBytes(16) }), { errorCode: 7 });
});

test('an LPA may call the address smdpAddress, and any of its spellings is ours', async () => {
  const { smdsAddress, ...rest } = start();
  for (const address of [smdsAddress, smdsAddress.toUpperCase(), `${smdsAddress}:443`])
    assert.equal(
      codesOf(await call('initiateAuthentication', { ...rest, smdpAddress: address })),
      'Executed-Success',
    );
});

test('what initiateAuthentication refuses has the codes of an SM-DS', async () => {
  const cases: [object, string][] = [
    [{ ...start(), smdsAddress: 'smdp.example.com' }, '8.9.1/3.8'],
    [start({ signing: [randomBytes(20)] }), '8.9.2/3.1'],
    [start({ svn: '1.9.0' }), '8.9.3/3.1'],
    [start({ verification: [randomBytes(20)] }), '8.9.4/3.7'],
    [{ ...start(), euiccChallenge: toBase64(randomBytes(15)) }, '1.6/2.1'],
    [{ ...start(), smdsAddress: undefined }, '1.6/2.1'],
  ];
  for (const [body, codes] of cases)
    assert.equal(codesOf(await call('initiateAuthentication', body)), `Failed ${codes}`);
  assert.equal(codesOf(await call('initiateAuthentication', 'nonsense')), 'Failed 1.6/2.1');
});

test('an eUICC that does not prove itself gets nothing, with the code that says why', async () => {
  await register(['A-1']);
  const stranger = cardOf(smdsFiles());
  const cases: [ProofChanges, string][] = [
    [{ key: stranger.key }, '8.1/6.1'],
    [{ signed: { serverChallenge: randomBytes(16) } }, '8.1/6.1'],
    [{ signed: { transactionId: randomBytes(16) } }, '8.10.1/3.9'],
    [{ signed: { serverAddress: 'smdp.example.com' } }, '8.9.1/3.8'],
    [{ euiccCertificate: stranger.euiccCertificate }, '8.1.3/6.1'],
    [{ eumCertificate: card.euiccCertificate }, '8.11.1/3.9'],
  ];
  for (const [changes, codes] of cases) {
    const answer = await discover(changes);
    assert.equal(codesOf(answer), `Failed ${codes}`);
    assert.deepEqual(Object.keys(answer), ['header']);
  }
});

test('a session ends with the first answer, whatever came of it, and after its time', async () => {
  const retry = async (first: (proof: ReturnType<typeof proofOf>) => string) => {
    const proof = proofOf(await call('initiateAuthentication', start()));
    const transactionId = toHex(proof.transactionId);
    const authenticateServerResponse = first(proof);
    const body = { transactionId, authenticateServerResponse };
    const codes = codesOf(await call('authenticateClient', body));
    const good = { transactionId, authenticateServerResponse: toBase64(proveCard(card, proof)) };
    assert.equal(codesOf(await call('authenticateClient', good)), 'Failed 8.10.1/3.9');
    return codes;
  };
  assert.equal(await retry((proof) => toBase64(proveCard(card, proof))), 'Executed-Success');
  assert.equal(await retry(() => 'AAAA'), 'Failed 1.6/2.1');
  const refusal = (transactionId: Uint8Array) =>
    writeAuthenticateServerResponse({ authenticateResponseError: { transactionId, errorCode: 7 } });
  assert.equal(await retry(({ transactionId }) => toBase64(refusal(transactionId))), 'Failed 8.1/4.2');

  const late = proofOf(await call('initiateAuthentication', start()));
  smds.clock.now = new Date(smds.clock.now.getTime() + 600_000);
  const answer = await call('authenticateClient', {
    transactionId: toHex(late.transactionId),
    authenticateServerResponse: toBase64(proveCard(card, late)),
  });
  assert.equal(codesOf(answer), 'Failed 8.10.1/3.9');
});

test('sessions that were left open are swept away', async () => {
  for (let count = 0; count < 5; count++) await call('initiateAuthentication', start());
  assert.equal(await sweepSessions(smds.ctx()), 0);
  smds.clock.now = new Date(smds.clock.now.getTime() + 600_001);
  assert.equal(await sweepSessions(smds.ctx()), 5);
});
