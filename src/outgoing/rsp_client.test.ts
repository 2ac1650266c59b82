import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { RspCallError } from './rsp_call_error.ts';
import { createRspClient, type RspCall, type RspClientOptions } from './rsp_client.ts';
import { startTestRspServer, type TestAnswer, testIdentity } from './test_rsp_server.ts';

const server = await startTestRspServer();
const ours = testIdentity();
const path = '/gsma/rsp2/es2plus/downloadOrder';

function client(options: Partial<RspClientOptions> = {}) {
  const made = createRspClient({ identity: ours.identity, ca: [server.own.ca], ...options });
  after(() => made.close());
  return made;
}

const shared = client();
const call = (more: Partial<RspCall> = {}, by = shared) =>
  by.call({ baseUrl: server.url, path, body: { profileType: 'a' }, ...more });
const answering = async (answer: TestAnswer, more: Partial<RspCall> = {}) => {
  server.answer = () => answer;
  return await call(more);
};

test('a call is posted as SGP.22 has it, with our certificate, and its members come back', async () => {
  const answer = await answering({ ok: { iccid: '8999701000000000017' } });
  assert.equal(answer['iccid'], '8999701000000000017');
  const received = server.received.at(-1)!;
  assert.deepEqual([received.path, received.body], [path, { profileType: 'a' }]);
  assert.equal(received.headers['x-admin-protocol'], 'gsma/rsp/v2.2.0');
  assert.equal(received.headers['content-type'], 'application/json');
  assert.equal(received.headers['user-agent'], 'gsma-rsp-smdpplus');
  assert.match(received.client ?? '', /CN=localhost/);
});

test('a base URL may have a path of its own, and a slash at its end', async () => {
  await answering({ ok: {} }, { baseUrl: `${server.url}/operator/` });
  assert.equal(server.received.at(-1)?.path, `/operator${path}`);
});

test('a refusal comes with its code pair', async () => {
  await assert.rejects(answering({ refuse: ['8.2.5', '3.7'] }), (error: RspCallError) => {
    assert.deepEqual([error.kind, error.status], ['refused', 200]);
    assert.deepEqual(error.refusal, {
      status: 'Failed',
      subjectCode: '8.2.5',
      reasonCode: '3.7',
      message: 'No.',
    });
    return true;
  });
});

test('what a refusal says can be stored and shown, whatever it says', async () => {
  const statusCodeData = { subjectCode: 8, reasonCode: 'x'.repeat(50), message: `a\0b\n${'y'.repeat(1000)}` };
  const header = { functionExecutionStatus: { status: 'Failed', statusCodeData } };
  const text = JSON.stringify({ header });
  await assert.rejects(answering({ status: 200, text }), ({ refusal }: RspCallError) => {
    assert.deepEqual(
      [refusal?.subjectCode, refusal?.reasonCode.length, refusal?.message?.length],
      ['8', 20, 300],
    );
    assert.equal(refusal?.message?.slice(0, 5), 'a b y');
    return true;
  });
});

const strange: [name: string, answer: TestAnswer, kind: string, more?: Partial<RspCall>][] = [
  ['HTTP 500', { status: 500 }, 'misbehaved'],
  ['HTTP 403 with a refusal', { status: 403, text: refusalText('1.2', '2.1') }, 'misbehaved'],
  ['a redirect', { status: 302 }, 'misbehaved'],
  ['no JSON', { status: 200, text: 'hello' }, 'misbehaved'],
  ['an array', { status: 200, text: '[]' }, 'misbehaved'],
  ['no header', { status: 200, text: '{}' }, 'misbehaved'],
  ['204 where members are needed', { status: 204 }, 'misbehaved'],
  ['an unknown status', { status: 200, text: statusText('Maybe') }, 'misbehaved'],
  ['more than 4 MB', { status: 200, text: `"${'x'.repeat(4 * 1024 * 1024 + 1)}"` }, 'unreachable'],
  ['a connection that is cut', 'cut', 'unreachable'],
  ['a URL without TLS', { ok: {} }, 'unreachable', { baseUrl: 'http://localhost:1' }],
];
for (const [name, answer, kind, more] of strange) {
  test(`${name} is ${kind}`, async () => {
    await assert.rejects(answering(answer, more), { name: 'RspCallError', kind });
  });
}

test('a function without an answer takes any 2xx and nothing else', async () => {
  for (const status of [200, 202, 204]) assert.deepEqual(await answering({ status }, { answers: false }), {});
  await assert.rejects(answering({ status: 404 }, { answers: false }), { kind: 'misbehaved', status: 404 });
});

test('a server that stalls is given up in time', async () => {
  server.answer = () => 'stall';
  const started = performance.now();
  await assert.rejects(call({}, client({ timeoutMs: 200 })), { kind: 'unreachable', message: /200 ms/ });
  assert.ok(performance.now() - started < 2_000);
});

test('a server that restarted between two calls is called again on a new connection', async () => {
  const by = client();
  server.answer = () => ({ ok: {} });
  await call({}, by);
  await server.stop();
  await server.start();
  await call({}, by);
  await server.stop();
  await assert.rejects(call({}, by), { kind: 'unreachable' });
  await server.start();
});

test('only a server whose certificate comes from the given CA, for the name called, is told anything', async () => {
  server.answer = () => ({ ok: {} });
  const before = server.received.length;
  for (const by of [client({ ca: [ours.ca] }), client({ ca: [] }), client({ ca: [], systemRoots: true })])
    await assert.rejects(call({}, by), { kind: 'unreachable' });
  const elsewhere = await startTestRspServer(testIdentity({ host: 'smdp.example.com' }));
  const trusting = client({ ca: [elsewhere.own.ca] });
  await assert.rejects(call({ baseUrl: elsewhere.url }, trusting), { kind: 'unreachable' });
  assert.deepEqual([server.received.length, elsewhere.received.length], [before, 0]);
});

test('Brainpool certificates work on both sides', async () => {
  const curve = 'brainpoolP256r1';
  const brainpool = await startTestRspServer(testIdentity({ curve }));
  const by = client({ identity: testIdentity({ curve }).identity, ca: [brainpool.own.ca] });
  await call({ baseUrl: brainpool.url }, by);
  assert.match(brainpool.received[0]?.client ?? '', /CN=localhost/);
});

function statusText(status: string): string {
  return JSON.stringify({ header: { functionExecutionStatus: { status } } });
}

function refusalText(subjectCode: string, reasonCode: string): string {
  const statusCodeData = { subjectCode, reasonCode };
  return JSON.stringify({ header: { functionExecutionStatus: { status: 'Failed', statusCodeData } } });
}
