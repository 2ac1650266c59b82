import assert from 'node:assert/strict';
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { type TestContext, test } from 'node:test';
import { Registry } from 'prom-client';
import { silentLog } from '../../base/log.ts';
import type { RadiusAccounting } from '../../modules/usage/index.ts';
import { createRadiusServer, type RadiusServerOptions } from './radius_server.ts';
import {
  createTestClient,
  secret,
  sign,
  start,
  threeGpp,
  writeAttribute,
  writeBlank,
  writeRequest,
} from './test_radius.ts';

const host = '127.0.0.1';
const hasIpv6 = Object.values(networkInterfaces()).some((each) =>
  each?.some(({ address }) => address === '::1'),
);
const skip = !hasIpv6 && 'this machine has no IPv6 loopback';

async function serve(t: TestContext, options: Partial<RadiusServerOptions> = {}) {
  const recorded: RadiusAccounting[] = [];
  const registry = new Registry();
  const clients = [{ address: options.host ?? host, secret }];
  const server = await createRadiusServer({
    host,
    port: 0,
    clients,
    log: silentLog,
    now: () => new Date(),
    registry,
    async record(accounting) {
      recorded.push(accounting);
      return 'counted';
    },
    ...options,
  });
  const client = await createTestClient({ host: options.host ?? host, port: server.port });
  t.after(async () => {
    client.close();
    await server.close();
  });
  const outcomes = async () => {
    const values = (await registry.getMetricsAsJSON())[0]?.values ?? [];
    return Object.fromEntries(values.map(({ labels, value }) => [labels['outcome'], value]));
  };
  /** Everything sent before is through when this is answered. */
  const settle = async (answers = client.heard.length + 1) => {
    client.send(
      writeRequest([
        [40, 7],
        [32, randomBytes(8).toString('hex')],
      ]),
    );
    await client.until(answers);
  };
  return { server, client, recorded, outcomes, settle };
}

test('a packet is answered, with the proof, when it is recorded and not before', async (t) => {
  const { promise, resolve } = Promise.withResolvers<'counted'>();
  const began = Promise.withResolvers<void>();
  const { client } = await serve(t, {
    record: () => {
      began.resolve();
      return promise;
    },
  });
  const request = writeRequest(start(), { id: 9 });
  client.send(request);
  await began.promise;
  assert.equal(client.heard.length, 0);
  resolve('counted');
  await client.until(1);
  const [answer] = client.heard;
  const head = Buffer.from([5, 9, 0, 20]);
  const proof = createHash('md5').update(head).update(request.subarray(4, 20)).update(secret).digest();
  assert.deepEqual(answer, Buffer.concat([head, proof]));
});

test('what cannot be recorded is not answered, and the next copy is recorded', async (t) => {
  let tries = 0;
  const { client, outcomes } = await serve(t, {
    async record() {
      if (++tries === 1) throw new Error('the database is away');
      return 'counted';
    },
  });
  const request = writeRequest(start());
  client.send(request);
  while ((await outcomes())['failed'] !== 1) await new Promise(setImmediate);
  assert.equal(client.heard.length, 0);
  client.send(request);
  await client.until(1);
  assert.equal(tries, 2);
});

test('a copy of an answered packet is answered again with the same bytes and not recorded', async (t) => {
  const { client, recorded } = await serve(t);
  const request = writeRequest(start());
  for (let copy = 1; copy <= 3; copy++) {
    client.send(request);
    await client.until(copy);
  }
  assert.equal(recorded.length, 1);
  assert.deepEqual(client.heard[1], client.heard[0]);
  assert.deepEqual(client.heard[2], client.heard[0]);
});

test('a copy that comes while the first is under way is neither recorded nor answered twice', async (t) => {
  const { promise, resolve } = Promise.withResolvers<'counted'>();
  let calls = 0;
  const { client, outcomes } = await serve(t, {
    record: () => {
      calls++;
      return promise;
    },
  });
  const request = writeRequest(start());
  client.send(request);
  client.send(request);
  while ((await outcomes())['under_way'] !== 1) await new Promise(setImmediate);
  resolve('counted');
  await client.until(1);
  client.send(request);
  await client.until(2);
  assert.equal(calls, 1);
});

test('the same content from another port or under another id is another packet', async (t) => {
  const { client, server, recorded } = await serve(t);
  const other = await createTestClient({ host, port: server.port });
  t.after(() => other.close());
  client.send(writeRequest(start()));
  other.send(writeRequest(start()));
  client.send(writeRequest(start(), { id: 2 }));
  await Promise.all([client.until(2), other.until(1)]);
  assert.equal(recorded.length, 3);
});

test('a line that is not known is answered, so that the client does not send it for ever', async (t) => {
  const { client } = await serve(t, { record: async () => 'unknown' });
  client.send(writeRequest(start()));
  await client.until(1);
});

test('a status of no use is answered and not recorded', async (t) => {
  const { client, recorded } = await serve(t);
  client.send(
    writeRequest([
      [40, 15],
      [44, 's'],
    ]),
  );
  await client.until(1);
  assert.equal(recorded.length, 0);
});

for (const [what, outcome, bytes] of [
  ['another secret', 'forged', writeRequest(start(), { key: 'another-secret' })],
  ['an authenticator of 0x80 bytes', 'forged', writeRequest(start()).fill(0x80, 4, 20)],
  ['a packet cut short', 'malformed', writeRequest(start()).subarray(0, 40)],
  ['an access request', 'malformed', writeRequest(start(), { code: 1 })],
  ['an attribute beyond the packet', 'malformed', sign(writeBlank(Buffer.from([44, 200, 1])))],
  ['a session without id', 'malformed', writeRequest([[40, 1]])],
  [
    'a 3GPP attribute that does not fit',
    'malformed',
    writeRequest([...start(), [26, Buffer.from([0, 0, 0x28, 0xaf, 1, 99])]]),
  ],
  ['an integer of two bytes', 'malformed', writeRequest([...start(), [42, Buffer.alloc(2)]])],
] as [string, string, Buffer][])
  test(`${what} is never answered nor recorded`, async (t) => {
    const { client, recorded, outcomes, settle } = await serve(t);
    client.send(bytes);
    await settle();
    assert.equal(client.heard.length, 1);
    assert.deepEqual(
      recorded.map(({ status }) => status),
      ['on'],
    );
    assert.equal((await outcomes())[outcome], 1);
  });

test('an address that is no client is never answered, even with the secret', async (t) => {
  const { client, outcomes, recorded } = await serve(t, { clients: [{ address: '192.0.2.7', secret }] });
  client.send(writeRequest(start()));
  while ((await outcomes())['stranger'] !== 1) await new Promise(setImmediate);
  assert.equal(client.heard.length + recorded.length, 0);
});

test('each client has its own secret', async (t) => {
  const { client, server, recorded } = await serve(t, {
    clients: [
      { address: host, secret },
      { address: '127.0.0.2', secret: 'the-other-secret' },
    ],
    host: '0.0.0.0',
  });
  const second = await createTestClient({ host: '127.0.0.2', port: server.port });
  t.after(() => second.close());
  second.send(writeRequest(start()));
  second.send(writeRequest(start(), { key: 'the-other-secret' }));
  await second.until(1);
  assert.equal(recorded.length, 1);
  assert.equal(client.heard.length, 0);
});

test('more than is held in flight is dropped, and comes through when it is sent again', async (t) => {
  const release = Promise.withResolvers<'counted'>();
  const { client, outcomes } = await serve(t, { inFlightMax: 2, record: () => release.promise });
  const requests = [1, 2, 3].map((id) => writeRequest(start(`s${id}`), { id }));
  for (const request of requests) client.send(request);
  while ((await outcomes())['overload'] !== 1) await new Promise(setImmediate);
  release.resolve('counted');
  await client.until(2);
  client.send(requests[2]!);
  await client.until(3);
});

test('IPv6 clients are served, however their address is written', { skip }, async (t) => {
  const { client, recorded } = await serve(t, {
    host: '::1',
    clients: [{ address: '0:0:0:0:0:0:0:1', secret }],
  });
  client.send(writeRequest(start()));
  await client.until(1);
  assert.equal(recorded.length, 1);
});

test('a socket for both families knows IPv4 clients by their IPv4 address', { skip }, async (t) => {
  const recorded: RadiusAccounting[] = [];
  const server = await createRadiusServer({
    host: '::',
    port: 0,
    clients: [{ address: host, secret }],
    log: silentLog,
    now: () => new Date(),
    async record(accounting) {
      recorded.push(accounting);
      return 'counted';
    },
  });
  const client = await createTestClient({ host, port: server.port });
  t.after(() => Promise.all([client.close(), server.close()]));
  client.send(
    writeRequest([
      [40, 1],
      [44, 's'],
    ]),
  );
  await client.until(1);
  assert.equal(recorded[0]?.nas, host);
});

test('closing waits for what is under way and answers it', async (t) => {
  const release = Promise.withResolvers<'counted'>();
  const began = Promise.withResolvers<void>();
  const server = await createRadiusServer({
    host,
    port: 0,
    clients: [{ address: host, secret }],
    log: silentLog,
    now: () => new Date(),
    record: () => {
      began.resolve();
      return release.promise;
    },
  });
  const client = await createTestClient({ host, port: server.port });
  t.after(() => client.close());
  client.send(writeRequest(start()));
  await began.promise;
  const closed = server.close();
  release.resolve('counted');
  await closed;
  await client.until(1);
});

test('a port that is taken is an error of the start', async (t) => {
  const { server } = await serve(t);
  const again = createRadiusServer({
    host,
    port: server.port,
    clients: [],
    log: silentLog,
    now: () => new Date(),
    record: async () => 'counted',
  });
  await assert.rejects(again, { code: 'EADDRINUSE' });
});

test('random packets, signed or not, are never answered by mistake and break nothing', async (t) => {
  const seed = randomInt(2 ** 31);
  t.diagnostic(`seed ${seed}`);
  const { client, outcomes, settle } = await serve(t);
  const noise = createHash('shake256', { outputLength: 400_000 }).update(String(seed)).digest();
  for (let round = 0, at = 0; round < 2000; round++) {
    const length = 1 + (noise.readUInt16BE(at) % 180);
    const bytes = noise.subarray(at + 2, at + 2 + length);
    // Half of them with a true header, so that the noise is in the attributes.
    client.send(round % 2 ? bytes : writeBlank(bytes));
    at += length + 2;
    if (at > noise.length - 200) at = round % 97;
    if (round % 50 === 49) await settle();
  }
  assert.equal(client.heard.length, 40);
  const { counted, malformed } = await outcomes();
  assert.equal(counted, 40);
  assert.ok((malformed ?? 0) > 0);
});

test('random attributes with the right proof are answered only when they are recorded', async (t) => {
  const seed = randomInt(2 ** 31);
  t.diagnostic(`seed ${seed}`);
  const { client, outcomes, recorded, settle } = await serve(t);
  const noise = createHash('shake256', { outputLength: 100_000 }).update(String(seed)).digest();
  for (let round = 0; round < 1000; round++) {
    const bytes = noise.subarray(round * 100, round * 100 + ((noise[round * 100] ?? 0) % 100));
    const good = Buffer.concat(start(`s${round}`).map(writeAttribute));
    const inside = writeAttribute(threeGpp([1, bytes]));
    client.send(sign(writeBlank(Buffer.concat([good, round % 2 ? bytes : inside]), { id: round % 256 })));
    if (round % 50 === 49) await settle(recorded.length + 1);
  }
  while (client.heard.length < recorded.length) await new Promise(setImmediate);
  const { failed, counted } = await outcomes();
  assert.equal(failed, undefined);
  assert.equal(counted, client.heard.length);
});
