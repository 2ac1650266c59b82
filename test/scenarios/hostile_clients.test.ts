import assert from 'node:assert/strict';
import { connect as connectTcp, type Socket } from 'node:net';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { toBase64 } from '../../src/base/bytes.ts';
import { createCard } from '../../src/device/card.ts';
import { createCardState } from '../../src/device/create_card_state.ts';
import { downloadProfile } from '../../src/device/lpa/download_profile.ts';
import { createLpa } from '../../src/device/lpa/lpa.ts';
import { readPkiFolder } from '../../src/main/pki_files.ts';
import { type SmdpCtx, sweepSessions } from '../../src/modules/smdp/index.ts';
import { euiccInfo1 } from '../../src/modules/smdp/testing/test_card.ts';
import { testCtx } from '../../src/pg/test_ctx.ts';
import { testDatabase } from '../../src/pg/test_database.ts';
import { readPki } from '../../src/rsp/pki/read_pki.ts';
import { makeFuzzCard } from '../fuzz/fuzz_card.ts';
import { createFuzzClient } from '../fuzz/fuzz_client.ts';
import { startFuzzedServer } from '../fuzz/fuzzed_server.ts';
import { openProfilePool } from '../fuzz/profile_pool.ts';

const closers: (() => Promise<void>)[] = [];
// Before the database's own hook, so that nobody uses a database that is gone.
after(async () => {
  for (const close of closers.reverse()) await close();
});
const database = await testDatabase();
const server = await startFuzzedServer(database.connectionString);
closers.push(server.stop);
const pool = await openProfilePool(server);
closers.push(pool.close);
const port = Number(new URL(server.es9Url).port);
const pki = readPki(await readPkiFolder(server.pkiDir));
const es9Path = '/gsma/rsp2/es9plus/initiateAuthentication';
const head = (length: number | string) =>
  `POST ${es9Path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;

/** A whole download by a new device over a connection of its own; gives how long it took. */
async function download(): Promise<number> {
  const { matchingId, confirmationCode } = await pool.take();
  const card = createCard(createCardState({ pki, now: new Date() }));
  const lpa = createLpa(card, { connectTo: { host: '127.0.0.1', port } });
  const startedAt = performance.now();
  try {
    await downloadProfile(lpa, `LPA:1$${server.smdpAddress}$${matchingId}`, {
      ...(confirmationCode !== undefined && { confirmationCode: () => confirmationCode }),
    });
  } finally {
    lpa.es9.close();
  }
  return performance.now() - startedAt;
}

async function medianOfDownloads(count: number): Promise<number> {
  const times: number[] = [];
  for (let done = 0; done < count; done++) times.push(await download());
  return times.toSorted((a, b) => a - b)[Math.floor(count / 2)] ?? 0;
}

/** As long as without them, but for what a busy machine adds. */
function checkDelay(medianMs: number, normalMs: number): void {
  assert.ok(
    medianMs < Math.max(1_000, 5 * normalMs),
    `a download takes ${medianMs} ms instead of ${normalMs}`,
  );
}

/** Connections that behave in this way, side by side, and when each was closed by the server. */
async function openMany(count: number, behave: (socket: Socket) => void, isTls = true) {
  const open = { closed: 0, sockets: [] as Socket[] };
  for (let start = 0; start < count; start += 50) {
    const batch = Array.from({ length: Math.min(50, count - start) }, () => openOne(isTls));
    for (const socket of await Promise.all(batch)) {
      socket.on('error', () => {}).on('close', () => open.closed++);
      // What comes has to be read for the end to be seen.
      socket.resume();
      behave(socket);
      open.sockets.push(socket);
    }
  }
  return open;
}

function openOne(isTls: boolean): Promise<Socket> {
  const to = { host: '127.0.0.1', port };
  return new Promise((resolve, reject) => {
    const socket: Socket | TLSSocket = isTls
      ? connectTls({ ...to, rejectUnauthorized: false })
      : connectTcp(to);
    socket.once('error', reject).once(isTls ? 'secureConnect' : 'connect', () => resolve(socket));
  });
}

/** Writes a byte of `text` each second, until the connection ends. */
const dribble =
  (text: string, from = 0) =>
  (socket: Socket) => {
    socket.write(text.slice(0, from));
    let at = from;
    const timer = setInterval(() => socket.write(text[at++] ?? 'x'), 1_000);
    socket.on('close', () => clearInterval(timer));
  };

async function waitFor(isSo: () => boolean, withinMs: number, what: string): Promise<void> {
  for (const until = performance.now() + withinMs; !isSo(); await sleep(50))
    assert.ok(performance.now() < until, `waited in vain: ${what}`);
}

test('clients that are slow, idle or stall their handshake are cut off, and keep nobody waiting', async () => {
  const normalMs = await medianOfDownloads(7);
  const before = await server.memory();
  const openedAt = performance.now();
  const body = `${head(5_000)}${'{'.repeat(10)}`;
  const groups = {
    'slow headers': { cutMs: 20_000, open: await openMany(100, dribble(head(10), 20)) },
    'slow bodies': {
      cutMs: 45_000,
      open: await openMany(100, dribble(`${body}${' '.repeat(5_000)}`, body.length)),
    },
    'idle connections': { cutMs: 20_000, open: await openMany(1_000, () => {}) },
    'stalled handshakes': { cutMs: 20_000, open: await openMany(200, () => {}, false) },
    'half a handshake': {
      cutMs: 20_000,
      open: await openMany(
        100,
        (socket) => socket.write(Buffer.from('1603010200010001fc0303', 'hex')),
        false,
      ),
    },
  };
  checkDelay(await medianOfDownloads(9), normalMs);
  for (const [name, { cutMs, open }] of Object.entries(groups))
    await waitFor(
      () => open.closed === open.sockets.length,
      openedAt + cutMs + 15_000 - performance.now(),
      name,
    );
  const end = await server.memory();
  assert.ok(end.heapBytes - before.heapBytes < 24 * 1024 * 1024, 'what they took is given back');
  assert.deepEqual(server.faults, []);
});

test('a message beyond the limit is refused as soon as that is seen, in both bindings', async () => {
  const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(0x10000, 0x20), Buffer.from('\r\n')]);
  for (const [path, type] of [
    [es9Path, 'application/json'],
    ['/gsma/rsp2/asn1', 'application/x-gsma-rsp-asn1'],
  ]) {
    for (const [length, pieces] of [
      ['content-length: 50000000', []],
      ['transfer-encoding: chunked', Array(5).fill(chunk)],
    ] as const) {
      const socket = await openOne(true);
      let answer = '';
      socket
        .on('error', () => {})
        .on('data', (data) => {
          answer += data.toString();
        });
      socket.write(`POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: ${type}\r\n${length}\r\n\r\n`);
      for (const piece of pieces) socket.write(piece);
      await waitFor(() => answer.includes('\r\n\r\n'), 5_000, `an answer to ${path} with ${length}`);
      assert.match(answer, /^HTTP\/1\.1 413 /);
      socket.destroy();
    }
  }
  assert.deepEqual(server.faults, []);
});

test('ten thousand sessions that nobody goes on with cost no memory, delay no download, and are swept', async () => {
  const normalMs = await medianOfDownloads(7);
  const card = makeFuzzCard(pki, new Date());
  const initiate = {
    functionName: 'initiateAuthentication',
    binding: 'json' as const,
    path: es9Path,
    headers: { 'content-type': 'application/json', 'x-admin-protocol': 'gsma/rsp/v2.2.0' },
    body: JSON.stringify({
      euiccChallenge: toBase64(new Uint8Array(16)),
      euiccInfo1: toBase64(euiccInfo1(card)),
      smdpAddress: server.smdpAddress,
    }),
    how: 'abandoned',
    isProven: true,
  };
  let left = 10_000;
  const abandon = async (until: number) => {
    const client = createFuzzClient({ port });
    for (; left > until; left--) assert.equal((await client.send(initiate)).status, 200);
    client.close();
  };
  const abandonAll = (until: number) => Promise.all(Array.from({ length: 8 }, () => abandon(until)));
  await abandonAll(8_000);
  const warm = await server.memory();
  const [, medianMs] = await Promise.all([abandonAll(0), medianOfDownloads(9)]);
  checkDelay(medianMs, normalMs);
  const end = await server.memory();
  assert.ok(end.heapBytes - warm.heapBytes < 24 * 1024 * 1024, `${end.heapBytes - warm.heapBytes} bytes`);
  assert.ok((await pool.openSessions()) >= 10_000);

  const ctx = testCtx(database, new Date(Date.now() + 300_000));
  // The sweep that runs every minute, five minutes from now.
  const swept = await sweepSessions({ ...ctx, smdp: { database } } as unknown as SmdpCtx);
  assert.ok(swept >= 10_000);
  assert.equal(await pool.openSessions(), 0);
  await download();
  assert.deepEqual(server.faults, []);
});
