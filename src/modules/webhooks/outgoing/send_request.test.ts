import assert from 'node:assert/strict';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { after, test } from 'node:test';
import { answer, openReceiver } from '../test_receiver.ts';
import { systemResolve } from './resolve_host.ts';
import { createOutgoing } from './send_request.ts';

const receiver = await openReceiver();
const open = createOutgoing({ allowedNetworks: ['127.0.0.0/8', '::1'] });
after(async () => {
  open.close();
  await receiver.close();
});
const post = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'héllo' } as const;

test('a request arrives as it was given, on a connection that is kept', async () => {
  receiver.reply = answer(200, 'thanks');
  const answers = [
    await open.send({ ...post, url: receiver.url }),
    await open.send({ ...post, url: receiver.url }),
  ];
  for (const { status, text, error } of answers)
    assert.deepEqual([status, text, error], [200, 'thanks', null]);
  const [first, second] = receiver.received;
  assert.deepEqual(
    [first?.method, first?.body, first?.headers['user-agent']],
    ['POST', 'héllo', 'Overair/1'],
  );
  assert.equal(second?.headers['connection'], 'keep-alive');
});

test('without exceptions, loopback is not called, by address or by name', async () => {
  const strict = createOutgoing({ resolve: async () => [{ address: '127.0.0.1', family: 4 }] });
  const before = receiver.received.length;
  const { port } = new URL(receiver.url);
  for (const host of ['127.0.0.1', '127.1', '0x7f000001', '[::ffff:127.0.0.1]', '[::1]', 'rebound.example']) {
    const { status, error } = await strict.send({ ...post, url: `http://${host}:${port}/` });
    assert.deepEqual([status, error], [null, 'the host has no address that may be called'], host);
  }
  assert.equal(receiver.received.length, before);
  strict.close();
});

test('a name is judged by where it leads at the moment of the connection', async () => {
  const answers = [['93.184.216.34'], ['127.0.0.1']];
  const rebinding = createOutgoing({
    resolve: async () => (answers.shift() ?? []).map((address) => ({ address, family: 4 })),
  });
  assert.deepEqual(await rebinding.addressesOf('evil.example'), ['93.184.216.34']);
  const { error } = await rebinding.send({
    ...post,
    url: `http://evil.example:${new URL(receiver.url).port}/`,
  });
  assert.match(error ?? '', /no address/);
  rebinding.close();
});

test('a redirect is a failure and is not followed', async () => {
  for (const status of [301, 302, 303, 307, 308]) {
    receiver.reply = answer(status, '', { location: receiver.url });
    const before = receiver.received.length;
    const result = await open.send({ ...post, url: receiver.url });
    assert.deepEqual([result.status, receiver.received.length - before], [status, 1]);
    assert.match(result.error ?? '', /redirects are not followed/);
  }
});

test('an answer that does not come, or does not end, is given up in time', async () => {
  const hasty = createOutgoing({ allowedNetworks: ['127.0.0.1'], timeoutMs: 150 });
  for (const reply of [
    () => {},
    (_: unknown, response: { write: (text: string) => void }) => response.write('x'),
  ]) {
    receiver.reply = reply;
    const { status, error, durationMs } = await hasty.send({ ...post, url: receiver.url });
    assert.deepEqual([status, error], [null, 'no complete answer within 0.15 s']);
    assert.ok(durationMs >= 140 && durationMs < 2_000, `${durationMs}`);
  }
  hasty.close();
});

test('of an endless answer 64 KiB are read and 1 KiB is kept', async () => {
  let written = 0;
  let isOpen = true;
  receiver.reply = (_, response) => {
    response.writeHead(200);
    response.once('close', () => {
      isOpen = false;
    });
    const more = () => {
      while (isOpen && response.write('y'.repeat(8_192))) written += 8_192;
    };
    response.on('drain', more);
    more();
  };
  const { status, error, text } = await open.send({ ...post, url: receiver.url });
  assert.deepEqual([status, error, text], [200, null, 'y'.repeat(1024)]);
  // What the sockets buffer comes on top of what was read.
  assert.ok(written < 20_000_000, `${written}`);
});

test('statuses other than 2xx are failures, with the beginning of the answer', async () => {
  for (const status of [400, 404, 410, 429, 500, 503]) {
    receiver.reply = answer(status, 'why\0not', { 'retry-after': '7' });
    const result = await open.send({ ...post, url: receiver.url });
    assert.deepEqual(
      [result.status, result.error, result.text],
      [status, `answered ${status}`, 'why\uFFFDnot'],
    );
    assert.equal(result.headers['retry-after'], '7');
  }
});

test('what breaks on the way is told in words', async () => {
  const broken = await listen((socket) => void socket.once('data', () => socket.destroy()));
  const garbage = await listen((socket) => void socket.end('not http\r\n\r\n'));
  const half = await listen((socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc'));
  for (const [server, words] of [
    [broken, /closed before the answer ended/],
    [half, /closed before the answer ended/],
    [garbage, /the connection failed \(HPE_/],
  ] as const) {
    const { status, error } = await open.send({ ...post, url: `http://127.0.0.1:${server.port}/` });
    assert.equal(status, null);
    assert.match(error ?? '', words);
  }
  await broken.close();
  const refused = await open.send({ ...post, url: `http://127.0.0.1:${broken.port}/` });
  assert.equal(refused.error, 'the connection was refused');
  await Promise.all([garbage.close(), half.close()]);
});

test('a certificate that nobody vouches for is refused', async () => {
  const { key, cert } = selfSigned;
  const server = createTlsServer({ key, cert }, (_request, response) => response.end('secret'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const { status, error } = await open.send({ ...post, url: `https://127.0.0.1:${port}/` });
  assert.equal(status, null);
  assert.match(error ?? '', /^the certificate is not valid \(/);
  server.close();
});

test('a kept connection that its host closes is no failure', async () => {
  receiver.reply = answer(204);
  const quick = await openReceiver();
  assert.equal((await open.send({ ...post, url: quick.url })).status, 204);
  const server = await listen((socket) => {
    // Answers the first request of a connection and closes it at the second one.
    socket.once('data', () => {
      socket.write('HTTP/1.1 204 No Content\r\n\r\n');
      socket.once('data', () => socket.resetAndDestroy());
    });
  });
  const url = `http://127.0.0.1:${server.port}/`;
  for (let count = 0; count < 3; count++) assert.equal((await open.send({ ...post, url })).status, 204);
  await Promise.all([quick.close(), server.close()]);
});

test('closing fails what is under way, and sends it to nobody else', async () => {
  const closing = createOutgoing({ allowedNetworks: ['127.0.0.1'] });
  const slow = await openReceiver();
  assert.equal((await closing.send({ ...post, url: slow.url })).status, 204);
  slow.reply = () => {};
  const sent = closing.send({ ...post, url: slow.url });
  await slow.has(2);
  closing.close();
  const { status, error } = await sent;
  assert.deepEqual([status, error], [null, 'the connection was closed before the answer ended']);
  assert.equal(slow.received.length, 2);
  await slow.close();
});

test('a host that cannot be resolved is told so, and a name is asked for once for all who wait', async () => {
  let asked = 0;
  const resolve = systemResolve(async () => {
    asked++;
    await new Promise((settle) => setImmediate(settle));
    throw Object.assign(new Error('no'), { code: 'ENOTFOUND' });
  });
  const lost = createOutgoing({ resolve });
  const answers = await Promise.all(
    [1, 2, 3].map(() => lost.send({ ...post, url: 'http://nowhere.example/' })),
  );
  assert.deepEqual(new Set(answers.map((each) => each.error)), new Set(['the host name cannot be resolved']));
  assert.equal(asked, 1);
  lost.close();
});

test('at most two names are asked for at once, and all get their turn', async () => {
  let atOnce = 0;
  let most = 0;
  const resolve = systemResolve(async (name) => {
    most = Math.max(most, ++atOnce);
    await new Promise((settle) => setImmediate(settle));
    atOnce--;
    return [{ address: name, family: 4 }];
  });
  const names = ['a', 'b', 'c', 'd', 'e'];
  const found = await Promise.all(names.map(resolve));
  assert.deepEqual([found.flat().map((each) => each.address), most], [names, 2]);
});

async function listen(onConnection: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

// openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 -subj /CN=localhost
const selfSigned = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgY6PE29loYG6gCfCd
8yQL8nM7O+mqHEtCT1BaZhmVqAWhRANCAASby/P+7sRPLUPyR9vaIn2H7i2wOD9+
vMkSPbEsgkLZ/MnOYBJWUHS3whAIK9VSETdbOVDCan9wURZma923o/OF
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBfzCCASWgAwIBAgIUKUtWeUtS+PynhrSV3bIcngsmshowCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjAxMDIzOFoYDzIxMjYxMDI5
MDEwMjM4WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASby/P+7sRPLUPyR9vaIn2H7i2wOD9+vMkSPbEsgkLZ/MnOYBJWUHS3
whAIK9VSETdbOVDCan9wURZma923o/OFo1MwUTAdBgNVHQ4EFgQU+aQFKUXTdnlp
EflOychG9kgYPuwwHwYDVR0jBBgwFoAU+aQFKUXTdnlpEflOychG9kgYPuwwDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiAzwmx5PIRg2I8qDbVVCuMg
SqFLQ5rNuwB8G8NWSbfNzAIhALg2YQ2UxlmHjmBeiP1mrS8ambz2aPCvSxF/ELGt
rMyB
-----END CERTIFICATE-----`,
};
