import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../base/app_error.ts';
import { openCtrlClient } from './ctrl_client.ts';
import { CtrlRefusal } from './ctrl_connection.ts';
import { createCtrlReader, ctrlFrameBytesMax, writeCtrlFrame } from './ctrl_frame.ts';

test('a frame has the length, protocol and extension of the interface', () => {
  const frame = writeCtrlFrame('SET 1 subscriber.create 001010000000001');
  assert.equal(frame.subarray(0, 4).toString('hex'), '0028ee00');
  assert.equal(frame.length, 43);
});

test('no frame beyond the limit is made, nor one with anything but printable ASCII', () => {
  assert.equal(writeCtrlFrame('x'.repeat(ctrlFrameBytesMax - 4)).length, ctrlFrameBytesMax);
  assert.throws(() => writeCtrlFrame('x'.repeat(ctrlFrameBytesMax - 3)));
  for (const text of ['', 'GET 1 a\nSET 2 b 1', 'GET 1 é']) assert.throws(() => writeCtrlFrame(text));
});

test('frames are read however the stream is cut, and IPA frames between them are passed over', () => {
  const ping = Buffer.from([0, 1, 0xfe, 0]);
  const stream = Buffer.concat([writeCtrlFrame('GET_REPLY 1 a 1'), ping, writeCtrlFrame('GET_REPLY 2 b 2')]);
  for (let cut = 1; cut <= stream.length; cut++) {
    const read = createCtrlReader();
    const texts: string[] = [];
    for (let at = 0; at < stream.length; at += cut)
      texts.push(...(read(stream.subarray(at, at + cut)) ?? []));
    assert.deepEqual(texts, ['GET_REPLY 1 a 1', 'GET_REPLY 2 b 2']);
  }
});

for (const [what, bytes] of [
  ['another protocol', [0, 2, 0xaa, 0, 0x41]],
  ['another extension', [0, 2, 0xee, 7, 0x41]],
  ['no length', [0, 0, 0xee, 0]],
  ['more than is ever answered', [0xff, 0xff, 0xee, 0]],
] as [string, number[]][])
  test(`a stream with ${what} is refused`, () => {
    assert.equal(createCtrlReader()(Uint8Array.from(bytes)), null);
  });

test('answers find their questions whatever their order, and a trap disturbs nobody', async (t) => {
  const core = await createStranger(t, (_request, send, all) => {
    if (all.length < 2) return;
    send('TRAP 0 something happened');
    for (const each of all.toReversed()) send(answerTo(each, 'OK'));
  });
  const answers = await Promise.all([
    core.client.request({ verb: 'GET', variable: 'a' }),
    core.client.request({ verb: 'SET', variable: 'b', value: '1' }),
  ]);
  assert.deepEqual(answers, ['OK', 'OK']);
});

test('an error without an id fails the oldest question instead of leaving it waiting', async (t) => {
  const core = await createStranger(t, (request, send, all) => {
    if (all.length === 1) return;
    send('ERROR err Request type unknown');
    send(answerTo(request, 'fine'));
  });
  const [first, second] = await Promise.allSettled([
    core.client.request({ verb: 'GET', variable: 'a' }),
    core.client.request({ verb: 'GET', variable: 'b' }),
  ]);
  assert.ok(first.status === 'rejected' && first.reason instanceof CtrlRefusal);
  assert.deepEqual(second, { status: 'fulfilled', value: 'fine' });
});

for (const [what, answer] of [
  ['another question', (request) => answerTo(request.replace(' a', ' b'), '1')],
  ['an id that was not asked', () => 'GET_REPLY 99 a 1'],
  ['a write when it was asked to read', (request) => answerTo(request.replace('GET', 'SET'), '1')],
  ['nothing that can be read', () => 'HELLO'],
] as [string, (request: string) => string][])
  test(`an answer to ${what} ends the connection, and nothing waits for it any more`, async (t) => {
    const core = await createStranger(t, (request, send) => send(answer(request)));
    await rejectsUnavailable(core.client.request({ verb: 'GET', variable: 'a' }));
    assert.equal(core.connections.length, 1);
    await until(() => core.connections[0]!.closed);
  });

test('a core that takes the connection and says nothing costs no more than the timeout', async (t) => {
  const core = await createStranger(t, () => {}, 50);
  const startedMs = performance.now();
  await rejectsUnavailable(core.client.request({ verb: 'GET', variable: 'a' }));
  const tookMs = performance.now() - startedMs;
  assert.ok(tookMs > 40 && tookMs < 2000, `${tookMs} ms`);
});

test('a core that keeps failing is left alone for a while instead of being asked each time', async (t) => {
  const core = await createStranger(t, (_request, _send, _all, socket) => socket.destroy());
  await rejectsUnavailable(core.client.request({ verb: 'GET', variable: 'a' }));
  await until(() => core.connections[0]!.closed);
  for (let i = 0; i < 20; i++) await rejectsUnavailable(core.client.request({ verb: 'GET', variable: 'a' }));
  assert.ok(core.connections.length <= 2, `${core.connections.length} connections`);
  await until(async () => {
    await core.client.request({ verb: 'GET', variable: 'a' }).catch(() => {});
    return core.connections.length >= 2;
  });
});

test('a value that would be read as more than a value is never sent', async (t) => {
  const core = await createStranger(t, (request, send) => send(answerTo(request, 'OK')));
  for (const value of ['1 2', 'a\nSET 2 b 1', '', 'é', 'x'.repeat(1000)])
    await assert.rejects(core.client.request({ verb: 'SET', variable: 'a', value }), /assertion failed/);
  await assert.rejects(core.client.request({ verb: 'GET', variable: 'a b' }), /assertion failed/);
  assert.equal(await core.client.request({ verb: 'GET', variable: 'a' }), 'OK');
  assert.deepEqual(core.requests.length, 1);
});

test('a closed client asks nothing and leaves nothing waiting', async (t) => {
  const core = await createStranger(t, () => core.client.close());
  await rejectsUnavailable(core.client.request({ verb: 'GET', variable: 'a' }));
  await rejectsUnavailable(core.client.request({ verb: 'GET', variable: 'a' }));
});

type Answer = (request: string, send: (text: string) => void, all: string[], socket: Socket) => void;

/** Another program on the port of a core, and a client that asks it. */
async function createStranger(t: TestContext, answer: Answer, timeoutMs = 3000) {
  const connections: Socket[] = [];
  const requests: string[] = [];
  const server = createServer((socket) => {
    connections.push(socket);
    socket.on('error', () => {});
    const read = createCtrlReader();
    socket.on('data', (bytes) => {
      for (const request of read(bytes) ?? []) {
        requests.push(request);
        answer(request, (text) => socket.write(writeCtrlFrame(text)), requests, socket);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = openCtrlClient({ host: '127.0.0.1', port }, timeoutMs);
  t.after(() => {
    client.close();
    for (const socket of connections) socket.destroy();
    server.close();
  });
  return { client, connections, requests };
}

function answerTo(request: string, value: string): string {
  const [verb, id, variable] = request.split(' ');
  return `${verb}_REPLY ${id} ${variable} ${value}`;
}

async function rejectsUnavailable(promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, (error) => error instanceof AppError && error.code === 'unavailable');
}

async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await done()); tries++, await sleep(10))
    assert.ok(tries < 500, 'not within 5 seconds');
}
