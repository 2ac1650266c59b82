import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import { connect } from 'node:tls';
import Fastify, { type InjectOptions } from 'fastify';
import { toBase64, toHex } from '../../base/bytes.ts';
import {
  cancel,
  euiccInfo1,
  installationResult,
  prepareDownload,
  proveCard,
} from '../../modules/smdp/testing/test_card.ts';
import {
  createTestSmdp,
  profileRow,
  releaseTestProfile,
  testAddress,
} from '../../modules/smdp/testing/test_smdp.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { createRspServer } from '../rsp/index.ts';
import { es9 } from './index.ts';

const database = await testDatabase();
const smdp = createTestSmdp(database);
const { card } = smdp;

/** Two nodes on one database, called in turn. */
const nodes = [0, 1].map((node) => {
  const app = Fastify();
  app.register(es9, { ctxFor: () => smdp.ctx(node) });
  after(() => app.close());
  return app;
});
let calls = 0;

const prefix = '/gsma/rsp2/es9plus/';

function send(name: string, payload: string | Buffer, more: InjectOptions = {}) {
  const headers = {
    'content-type': 'application/json',
    'x-admin-protocol': 'gsma/rsp/v2.2.2',
    ...more.headers,
  };
  return nodes[calls++ % 2]!.inject({ method: 'POST', url: prefix + name, payload, ...more, headers });
}

async function call(name: string, body: object): Promise<any> {
  const response = await send(name, JSON.stringify(body));
  assert.equal(response.statusCode, 200);
  assert.equal(response.headers['content-type'], 'application/json');
  assert.match(String(response.headers['x-admin-protocol']), /^gsma\/rsp\/v2\./);
  return response.json();
}

const start = () => ({
  euiccChallenge: toBase64(randomBytes(16)),
  euiccInfo1: toBase64(euiccInfo1(card)),
  smdpAddress: testAddress,
});
const success = { functionExecutionStatus: { status: 'Executed-Success' } };
const bytes = (text: string) => Buffer.from(text, 'base64');

/** The answer to initiateAuthentication in the form that the card reads. */
function proofOf(answer: any) {
  return {
    transactionId: Buffer.from(answer.transactionId, 'hex'),
    serverSigned1: bytes(answer.serverSigned1),
    serverSignature1: bytes(answer.serverSignature1),
    euiccCiPKIdToBeUsed: bytes(answer.euiccCiPKIdToBeUsed),
    serverCertificate: bytes(answer.serverCertificate),
  };
}

async function offered(matchingId: string | undefined) {
  const proof = proofOf(await call('initiateAuthentication', start()));
  const transactionId = toHex(proof.transactionId);
  const authenticateServerResponse = toBase64(proveCard(card, proof, { matchingId }));
  const answer = await call('authenticateClient', { transactionId, authenticateServerResponse });
  const offer = {
    transactionId: proof.transactionId,
    profileMetadata: bytes(answer.profileMetadata),
    smdpSigned2: bytes(answer.smdpSigned2),
    smdpSignature2: bytes(answer.smdpSignature2),
    smdpCertificate: bytes(answer.smdpCertificate),
  };
  return { answer, offer, transactionId };
}

test('a whole download, each call answered by another node, with exactly the members of the specification', async () => {
  const { matchingId, iccid } = await releaseTestProfile(smdp);
  const first = await call('initiateAuthentication', { ...start(), header: { functionCallIdentifier: 'x' } });
  assert.deepEqual(Object.keys(first).sort(), [
    'euiccCiPKIdToBeUsed',
    'header',
    'serverCertificate',
    'serverSignature1',
    'serverSigned1',
    'transactionId',
  ]);
  assert.deepEqual(first.header, success);
  assert.match(first.transactionId, /^[0-9A-F]{32}$/);
  assert.equal(bytes(first.serverSignature1).toString('hex', 0, 3), '5f3740');
  assert.equal(bytes(first.euiccCiPKIdToBeUsed).toString('hex', 0, 2), '0414');

  const { answer, offer, transactionId } = await offered(matchingId);
  assert.deepEqual(Object.keys(answer).sort(), [
    'header',
    'profileMetadata',
    'smdpCertificate',
    'smdpSignature2',
    'smdpSigned2',
    'transactionId',
  ]);
  assert.equal(bytes(answer.smdpSignature2).toString('hex', 0, 3), '5f3740');

  const prepareDownloadResponse = toBase64(prepareDownload(card, offer));
  const bound = await call('getBoundProfilePackage', {
    transactionId: transactionId.toLowerCase(),
    prepareDownloadResponse,
  });
  assert.deepEqual(Object.keys(bound).sort(), ['boundProfilePackage', 'header', 'transactionId']);
  assert.equal(bound.transactionId, transactionId);
  assert.equal(bytes(bound.boundProfilePackage).toString('hex', 0, 2), 'bf36');

  const pendingNotification = toBase64(installationResult(card, offer.transactionId, { iccid }));
  const noted = await send('handleNotification', JSON.stringify({ pendingNotification }));
  assert.deepEqual([noted.statusCode, noted.body], [204, '']);
  assert.equal((await profileRow(smdp, iccid)).state, 'installed');
});

test('a cancelled session is answered with the header only', async () => {
  const { matchingId } = await releaseTestProfile(smdp);
  const { offer, transactionId } = await offered(matchingId);
  const cancelSessionResponse = toBase64(cancel(card, offer.transactionId, 1));
  assert.deepEqual(await call('cancelSession', { transactionId, cancelSessionResponse }), {
    header: success,
  });
});

test('a refusal holds the header only, with subject, reason and words for people', async () => {
  assert.deepEqual(await call('initiateAuthentication', { ...start(), smdpAddress: 'other.example.com' }), {
    header: {
      functionExecutionStatus: {
        status: 'Failed',
        statusCodeData: {
          subjectCode: '8.8.1',
          reasonCode: '3.8',
          message: 'The SM-DP+ address is not the address of this server.',
        },
      },
    },
  });
});

const id = '00'.repeat(16);
const functions: [name: string, members: object][] = [
  ['initiateAuthentication', start()],
  ['authenticateClient', { transactionId: id, authenticateServerResponse: '' }],
  ['getBoundProfilePackage', { transactionId: id, prepareDownloadResponse: '' }],
  ['cancelSession', { transactionId: id, cancelSessionResponse: '' }],
];
const nonsense: [name: string, body: string][] = [
  ['nothing', ''],
  ['no JSON', '{'],
  ['null', 'null'],
  ['a list', '[]'],
  ['a text', '"x"'],
  ['no members', '{}'],
  ['a prototype', '{"__proto__":{"transactionId":"00"}}'],
  ['a deep list', '['.repeat(50_000)],
];

for (const [name, members] of functions)
  test(`${name} answers nonsense with Failed and status 200`, async () => {
    const wrongType = Object.fromEntries(Object.keys(members).map((key) => [key, 1]));
    const noBase64 = Object.fromEntries(Object.keys(members).map((key) => [key, 'ä!']));
    const noDer = Object.fromEntries(
      Object.entries(members).map(([key, value]) => [key, key === 'transactionId' ? value : 'MAA=']),
    );
    for (const body of [
      ...nonsense.map(([, text]) => text),
      ...[wrongType, noBase64, noDer].map((each) => JSON.stringify(each)),
    ]) {
      const response = await send(name, body);
      assert.equal(response.statusCode, 200, body.slice(0, 50));
      const { header, ...rest } = response.json();
      assert.equal(header.functionExecutionStatus.status, 'Failed', body.slice(0, 50));
      assert.deepEqual(rest, {});
    }
  });

test('handleNotification answers 204 to whatever comes', async () => {
  const wrong = [
    '{"pendingNotification":1}',
    '{"pendingNotification":"!"}',
    '{"pendingNotification":"vzcA"}',
  ];
  for (const body of [...nonsense.map(([, text]) => text), ...wrong]) {
    const response = await send('handleNotification', body);
    assert.deepEqual([response.statusCode, response.body], [204, ''], body.slice(0, 50));
  }
});

for (const [contentType, name] of [
  ['application/json;charset=UTF-8', 'parameters'],
  ['application/json; charset="utf-8"; version=2', 'more parameters'],
  [undefined, 'no content type'],
  ['text/plain', 'another content type'],
])
  test(`a JSON body with ${name} is taken`, async () => {
    const headers = contentType === undefined ? {} : { 'content-type': contentType };
    const payload = Buffer.from(JSON.stringify(start()));
    const response = await nodes[0]!.inject({
      method: 'POST',
      url: `${prefix}initiateAuthentication`,
      payload,
      headers,
    });
    assert.deepEqual(response.json().header, success);
  });

const versions: [header: string | undefined, status: string][] = [
  ['gsma/rsp/v2.0.0', 'Executed-Success'],
  ['gsma/rsp/v2.5.0', 'Executed-Success'],
  [undefined, 'Executed-Success'],
  ['gsma/rsp/v3.0.0', 'Failed'],
  ['gsma/rsp/v1.0.0', 'Failed'],
  ['nonsense', 'Failed'],
];
for (const [header, status] of versions)
  test(`X-Admin-Protocol ${header ?? 'left out'}: ${status}`, async () => {
    const headers = { 'content-type': 'application/json', ...(header && { 'x-admin-protocol': header }) };
    const options = {
      method: 'POST',
      url: `${prefix}initiateAuthentication`,
      payload: JSON.stringify(start()),
      headers,
    } as const;
    const response = await nodes[0]!.inject(options);
    assert.equal(response.json().header.functionExecutionStatus.status, status);
  });

test('what is no function is 404, what is no POST is 405, what is too long is 413', async () => {
  assert.equal((await send('somethingElse', '{}')).statusCode, 404);
  for (const method of ['GET', 'PUT', 'DELETE'] as const) {
    const response = await nodes[0]!.inject({ method, url: `${prefix}initiateAuthentication` });
    assert.deepEqual([response.statusCode, response.headers.allow], [405, 'POST']);
  }
  const response = await send('initiateAuthentication', 'x'.repeat(300 * 1024));
  assert.equal(response.statusCode, 413);
  assert.equal(response.json().header.functionExecutionStatus.status, 'Failed');
});

test('a fault of our own is 5xx in the usual form, also for a notification, so that the LPA keeps it', async () => {
  const broken = Fastify();
  const ctx = { ...smdp.ctx(), db: { executeQuery: () => Promise.reject(new Error('broken')) } as never };
  broken.register(es9, { ctxFor: () => ctx });
  const pendingNotification = toBase64(installationResult(card, randomBytes(16)));
  const url = `${prefix}handleNotification`;
  const response = await broken.inject({ method: 'POST', url, payload: { pendingNotification } });
  assert.equal(response.statusCode, 500);
  assert.equal(response.json().header.functionExecutionStatus.status, 'Failed');
  assert.doesNotMatch(response.body, /broken/);
  await broken.close();
});

for (const [curve, protocol] of [
  ['P-256', 'TLSv1.3'],
  ['brainpoolP256r1', 'TLSv1.2'],
] as const)
  test(`the server of its own speaks ${protocol} with a ${curve} certificate, and HTTP/1.1 only`, async () => {
    const ours = createTestSmdp(database, { pki: { curve } });
    const { tls } = ours.ctx().smdp;
    const server = await createRspServer({
      host: '127.0.0.1',
      port: 0,
      tls: tls!,
      serve: (app) => void app.register(es9, { ctxFor: () => ours.ctx() }),
    });
    const ca = tls!.certificate;
    const options = {
      host: '127.0.0.1',
      port: server.port,
      servername: testAddress,
      ca,
      ecdhCurve: 'P-256:brainpoolP256r1',
      ALPNProtocols: ['h2', 'http/1.1'],
      rejectUnauthorized: false,
    };
    const socket = connect(options);
    await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
    assert.equal(socket.getProtocol(), protocol);
    assert.equal(socket.alpnProtocol, 'http/1.1');
    socket.write('GET /nothing HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    let text = '';
    for await (const chunk of socket) text += chunk;
    assert.match(text, /^HTTP\/1\.1 404 /);
    await server.close();
  });
