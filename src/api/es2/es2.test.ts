import assert from 'node:assert/strict';
import { Agent, request } from 'node:https';
import { after, test } from 'node:test';
import { connect } from 'node:tls';
import { downloadOrder, removeRequester } from '../../modules/smdp/index.ts';
import {
  callOf,
  type IdentityInput,
  makeIdentity,
  makeRequester,
  makeStock,
  type TestIdentity,
} from '../../modules/smdp/testing/test_es2.ts';
import { createTestSmdp, profileRow } from '../../modules/smdp/testing/test_smdp.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { createRspServer } from '../rsp/index.ts';
import { es2 } from './index.ts';

const smdp = createTestSmdp(await testDatabase(), { address: 'localhost' });
const { now } = smdp.clock;
const later = (years: number) => new Date(now.getTime() + years * 365 * 86_400_000);

const ca = makeIdentity({ commonName: 'Operator CA', isCa: true });
const of = (by: TestIdentity, commonName: string) => ({ issuer: { commonName, key: by.key } });
const byCa = (input: Partial<IdentityInput> = {}) =>
  makeIdentity({ commonName: 'es2.operator.example', ...of(ca, 'Operator CA'), ...input });
const pinned = makeIdentity({ commonName: 'pinned' });
const expired = makeIdentity({ commonName: 'expired', notBefore: later(-2), notAfter: later(-1) });

const requester = await makeRequester(smdp, {
  identifier: 'operator-1',
  certificates: [pinned.certificate, expired.certificate],
});
await makeRequester(smdp, { identifier: 'operator-2', certificates: [pinned.certificate] });
await makeRequester(smdp, { identifier: 'by-ca', ca: ca.certificate });
await makeRequester(smdp, {
  identifier: 'by-name',
  ca: ca.certificate,
  subjectCommonName: 'es2.operator.example',
});
const stock = await makeStock(smdp, { name: 'type-a', count: 60 });
const fresh = () => stock.pop() ?? assert.fail('no stock left');

const { tls } = smdp.ctx().smdp;
const server = await createRspServer({
  host: '127.0.0.1',
  port: 0,
  tls: tls ?? assert.fail('no TLS certificate'),
  asksForCertificate: true,
  serve: (app) => void app.register(es2, { ctxFor: () => smdp.ctx() }),
});
after(() => server.close());

type Options = {
  identity?: Pick<TestIdentity, 'certificate' | 'privateKey'> | null;
  headers?: object;
  agent?: Agent;
};

/** A call over a connection of its own. */
function send(name: string, body: string, { identity = pinned, headers = {}, agent }: Options = {}) {
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>(
    (resolve, reject) => {
      const sent = request({
        host: '127.0.0.1',
        port: server.port,
        path: `/gsma/rsp2/es2plus/${name}`,
        method: 'POST',
        agent: agent ?? false,
        rejectUnauthorized: false,
        ...(identity && { cert: identity.certificate, key: identity.privateKey }),
        headers: {
          'content-type': 'application/json;charset=UTF-8',
          'x-admin-protocol': 'gsma/rsp/v2.5.0',
          'content-length': Buffer.byteLength(body),
          ...headers,
        },
      });
      sent.on('error', reject);
      sent.on('response', async (response) => {
        let text = '';
        for await (const part of response) text += part;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
      sent.end(body);
    },
  );
}

const header = (functionRequesterIdentifier = 'operator-1') => ({
  functionRequesterIdentifier,
  functionCallIdentifier: 'TX-567',
});

async function call(name: string, members: object, options: Options & { as?: string } = {}) {
  const answer = await send(name, JSON.stringify({ header: header(options.as), ...members }), options);
  assert.match(String(answer.headers['x-admin-protocol']), /^gsma\/rsp\/v2\./);
  assert.equal(answer.headers['content-type'], 'application/json');
  return { status: answer.status, body: JSON.parse(answer.text) };
}

const success = { functionExecutionStatus: { status: 'Executed-Success' } };

/** `8.2.1/3.9`, and no more than the header. */
function codesOf({ status, body }: { status: number; body: any }): string {
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(body), ['header']);
  const { status: outcome, statusCodeData } = body.header.functionExecutionStatus;
  assert.equal(outcome, 'Failed');
  return `${statusCodeData.subjectCode}/${statusCodeData.reasonCode}`;
}

test('an order is placed, confirmed, released and cancelled with exactly the members of the specification', async () => {
  const iccid = fresh();
  assert.deepEqual(await call('downloadOrder', { iccid }), { status: 200, body: { header: success, iccid } });
  const confirmed = await call('confirmOrder', { iccid, matchingId: 'ES2-A', releaseFlag: false });
  assert.deepEqual(confirmed.body, { header: success, matchingId: 'ES2-A', smdpAddress: 'localhost' });
  assert.deepEqual((await call('releaseProfile', { iccid })).body, { header: success });
  const cancelled = await call('cancelOrder', { iccid, finalProfileStatusIndicator: 'Unavailable' });
  assert.deepEqual(cancelled.body, { header: success });
  assert.equal((await profileRow(smdp, iccid)).state, 'unavailable');
});

test('an ICCID of 19 digits may be padded, and is answered as it was asked', async () => {
  const iccid = fresh();
  assert.equal(iccid.length, 19);
  assert.equal((await call('downloadOrder', { iccid: `${iccid}F` })).body.iccid, `${iccid}F`);
  assert.equal((await call('downloadOrder', { iccid })).body.iccid, iccid);
});

// ---- Who calls

test('without a client certificate the answer is 401, with one that nobody has 403, and nothing happens', async () => {
  const iccid = fresh();
  const strangers: [string, TestIdentity | null, number][] = [
    ['none', null, 401],
    ['unknown', makeIdentity({ commonName: 'stranger' }), 403],
    ['the name of one that is pinned', makeIdentity({ commonName: 'pinned' }), 403],
    ['pinned, but out of date', expired, 403],
    ['of a CA of that name', byCa({ issuer: { commonName: 'Operator CA', key: pinned.key } }), 403],
    ['of the CA, but out of date', byCa({ notBefore: later(-2), notAfter: later(-1) }), 403],
    ['of the CA, but not valid yet', byCa({ notBefore: later(1) }), 403],
    ['of the CA, but for servers', byCa({ extendedKeyUsages: ['1.3.6.1.5.5.7.3.1'] }), 403],
  ];
  for (const [name, identity, status] of strangers) {
    const answer = await call('downloadOrder', { iccid }, { identity, as: 'by-ca' });
    assert.equal(answer.status, status, name);
    assert.equal(answer.body.header.functionExecutionStatus.status, 'Failed');
  }
  assert.deepEqual((await call('downloadOrder', { iccid })).body, { header: success, iccid });
});

test('a certificate of the CA is taken, also of its sub-CA when that is sent along', async () => {
  const iccid = fresh();
  const serving = { extendedKeyUsages: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'] };
  const sub = byCa({ commonName: 'Sub CA', isCa: true });
  const leaf = makeIdentity({ commonName: 'leaf', ...of(sub, 'Sub CA') });
  const chain = { ...leaf, certificate: leaf.certificate + sub.certificate };
  for (const identity of [byCa(), byCa(serving), byCa({ curve: 'brainpoolP256r1' }), chain])
    assert.deepEqual(
      (await call('downloadOrder', { iccid }, { identity, as: 'by-ca' })).body.header,
      success,
    );
  assert.equal((await call('downloadOrder', { iccid }, { identity: leaf, as: 'by-ca' })).status, 403);
});

test('what is no CA issues nothing', async () => {
  const noCa = byCa({ commonName: 'no CA' });
  const leaf = makeIdentity({ commonName: 'leaf', ...of(noCa, 'no CA') });
  const identity = { ...leaf, certificate: leaf.certificate + noCa.certificate };
  assert.equal((await call('downloadOrder', { iccid: fresh() }, { identity, as: 'by-ca' })).status, 403);
});

test('a requester with a common name takes only certificates of that name', async () => {
  const iccid = fresh();
  const named = await call('downloadOrder', { iccid }, { identity: byCa(), as: 'by-name' });
  assert.equal(named.status, 200);
  const identity = byCa({ commonName: 'other.operator.example' });
  assert.equal((await call('downloadOrder', { iccid }, { identity, as: 'by-name' })).status, 403);
});

test('a client that comes back on a session of before is still known by the CA of its chain', async () => {
  const sub = byCa({ commonName: 'Sub CA', isCa: true });
  const leaf = makeIdentity({ commonName: 'leaf', ...of(sub, 'Sub CA') });
  const certificate = leaf.certificate + sub.certificate;
  const agent = new Agent({ cert: certificate, key: leaf.privateKey, maxCachedSessions: 10 });
  const iccid = fresh();
  for (let round = 0; round < 4; round++) {
    const answer = await call('downloadOrder', { iccid }, { identity: null, agent, as: 'by-ca' });
    assert.equal(answer.status, 200, `connection ${round}`);
  }
});

test('one certificate may be that of several requesters, and speaks for no other', async () => {
  for (const as of ['operator-1', 'operator-2'])
    assert.equal((await call('downloadOrder', { iccid: fresh() }, { as })).status, 200);
  for (const as of ['by-ca', 'nobody'])
    assert.equal((await call('downloadOrder', { iccid: fresh() }, { as })).status, 403);
});

test('the certificate of a requester that was removed opens nothing any more', async () => {
  const identity = makeIdentity({ commonName: 'leaving' });
  const { id } = await makeRequester(smdp, { identifier: 'leaving', certificates: [identity.certificate] });
  const iccid = fresh();
  assert.equal((await call('downloadOrder', { iccid }, { identity, as: 'leaving' })).status, 200);
  await write(smdp.ctx(), {}, (tx) => removeRequester(tx, { accountId: 'acc_test', idOrIdentifier: id }));
  assert.equal((await call('downloadOrder', { iccid }, { identity, as: 'leaving' })).status, 403);
});

// ---- Bad input

const names = ['downloadOrder', 'confirmOrder', 'cancelOrder', 'releaseProfile'];
const nonsense = ['', '{', 'null', '[]', '"x"', '{}', '['.repeat(50_000), '{"__proto__":{"header":{}}}'];

test('nonsense is answered with Failed and status 200', async () => {
  for (const name of names)
    for (const body of [
      ...nonsense,
      ...nonsense
        .filter((each) => each !== '"x"')
        .map((each) => `{"header":${JSON.stringify(header())},"iccid":${each}}`),
    ]) {
      const { status, text } = await send(name, body);
      assert.equal(codesOf({ status, body: JSON.parse(text) }), '1.6/2.1', body.slice(0, 60));
    }
});

test('the header is mandatory, with both its members', async () => {
  const iccid = fresh();
  const { functionRequesterIdentifier } = header();
  for (const head of [undefined, null, {}, { functionRequesterIdentifier }, { functionCallIdentifier: 'x' }])
    for (const name of names)
      assert.equal(codesOf(await call(name, { header: head, iccid, releaseFlag: true })), '1.6/2.1');
});

const base = { releaseFlag: true, finalProfileStatusIndicator: 'Available' };
const badMembers: [string, string[], object, string][] = [
  ['an ICCID with letters', names, { iccid: '89A9990000000000001' }, '8.2.1/2.1'],
  ['an ICCID of 17 digits', names, { iccid: '89999000000000000' }, '8.2.1/2.1'],
  ['an ICCID of 21 digits', names, { iccid: '899990000000000000012' }, '8.2.1/2.1'],
  ['an ICCID as a number', names, { iccid: 89 }, '1.6/2.1'],
  ['an unknown ICCID', names, { iccid: '8999990000000000001' }, '8.2.1/3.9'],
  [
    'an EID of 31 digits',
    names.slice(0, 3),
    { iccid: '8999990000000000001', eid: '8'.repeat(31) },
    '8.1.1/2.1',
  ],
  ['a type with NUL', ['downloadOrder'], { profileType: 'a\0b' }, '1.6/2.1'],
  ['a type of 10,000 letters', ['downloadOrder'], { profileType: 'a'.repeat(10_000) }, '1.6/2.1'],
  ['half a character', ['downloadOrder'], { profileType: '\ud800' }, '1.6/2.1'],
  ['neither ICCID nor type', ['downloadOrder'], {}, '1.6/2.1'],
  ['releaseFlag as text', ['confirmOrder'], { iccid: '8999990000000000001', releaseFlag: 'true' }, '1.6/2.1'],
  ['no releaseFlag', ['confirmOrder'], { iccid: '8999990000000000001', releaseFlag: undefined }, '1.6/2.1'],
  [
    'an indicator that there is not',
    ['cancelOrder'],
    { iccid: '8999990000000000001', finalProfileStatusIndicator: 'x' },
    '1.6/2.1',
  ],
];
for (const [name, functions, members, codes] of badMembers)
  test(`${name} is refused with ${codes}`, async () => {
    for (const each of functions)
      assert.equal(codesOf(await call(each, { ...base, ...members })), codes, each);
  });

test('members that the specification does not know are ignored', async () => {
  const iccid = fresh();
  const body = { iccid, more: { deep: [1] }, header: { ...header(), extra: true } };
  assert.deepEqual((await call('downloadOrder', body)).body, { header: success, iccid });
});

test('a protocol of another major version is refused', async () => {
  const headers = { 'x-admin-protocol': 'gsma/rsp/v3.0.0' };
  assert.equal(codesOf(await call('downloadOrder', { iccid: fresh() }, { headers })), '1.6/2.1');
});

test('a body of 300 kB is refused with 413, another method with 405, another path with 404', async () => {
  const big = await send('downloadOrder', JSON.stringify({ header: header(), iccid: '9'.repeat(300_000) }));
  assert.equal(big.status, 413);
  assert.equal((await send('noSuchFunction', '{}')).status, 404);
});

test('a client that sends a byte now and then keeps nobody waiting', async () => {
  const sockets = Array.from({ length: 50 }, () => {
    const socket = connect({
      host: '127.0.0.1',
      port: server.port,
      rejectUnauthorized: false,
      cert: pinned.certificate,
      key: pinned.privateKey,
    });
    socket.on('error', () => {});
    socket.write('POST /gsma/rsp2/es2plus/downloadOrder HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{');
    return socket;
  });
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('secureConnect', resolve))));
  const iccid = fresh();
  assert.deepEqual((await call('downloadOrder', { iccid })).body, { header: success, iccid });
  for (const socket of sockets) socket.destroy();
});

test('who is not the requester of an account sees no more of its profiles than that they are not its own', async () => {
  const identity = makeIdentity({ commonName: 'rival' });
  const rival = { accountId: 'acc_rival', identifier: 'rival', certificates: [identity.certificate] };
  await makeRequester(smdp, rival);
  const iccid = fresh();
  await downloadOrder(smdp.ctx(), callOf(requester), { iccid });
  for (const name of names)
    assert.equal(codesOf(await call(name, { ...base, iccid }, { identity, as: 'rival' })), '8.2.1/1.2', name);
});
