// The event stream over real sockets: nothing lost, nothing twice, nobody else's, and no reader that harms the others.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import fastify from 'fastify';
import { silentLog } from '../../base/log.ts';
import { createVault } from '../../base/vault.ts';
import {
  type Account,
  createAccount,
  createApiKey,
  revokeApiKey,
  type Scope,
} from '../../modules/accounts/index.ts';
import { emit, listEvents } from '../../modules/events/index.ts';
import { smdpSettingsDefault } from '../../modules/smdp/index.ts';
import { systemCtx } from '../../pg/ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import type { Core } from '../http/core.ts';
import { createEventStreamHub, streamsPerAccountMax } from './event_stream_hub.ts';
import { addEventStreams } from './event_stream_plugin.ts';
import { eventStreamRoutes } from './event_stream_routes.ts';
import { answerProblems } from './problem.ts';
import { registerRoutes } from './register_routes.ts';

const database = await testDatabase();
const core: Core = {
  database,
  vault: createVault([{ id: 1, key: randomBytes(32) }]),
  log: silentLog,
  now: () => new Date(),
  settings: { trustProxy: false },
  dueWork: [],
  smdp: { profileMoved: () => undefined, settings: smdpSettingsDefault },
};
const ctx = systemCtx(database, { vault: core.vault, log: core.log });
const pace = { pollMs: 20, heartbeatMs: 300, stuckMs: 600, keyCheckMs: 100 };
const server = await startServer();
after(() => server.close());

async function startServer() {
  const app = fastify({ forceCloseConnections: 'idle' });
  app.decorateRequest('credential', null);
  answerProblems(app, core);
  addEventStreams(app, core, pace);
  registerRoutes(app, core, eventStreamRoutes);
  await app.listen({ host: '127.0.0.1', port: 0 });
  return { port: (app.server.address() as AddressInfo).port, close: () => app.close() };
}

async function newReader(scopes: Scope[] = ['read']) {
  const account = await createAccount(ctx, { name: 'Reader', kind: 'sandbox', currency: 'EUR' });
  const { key, secret } = await write(ctx, {}, (tx) =>
    createApiKey(tx, { accountId: account.id, name: 'reader', scopes }),
  );
  // Its own creation is an event too: the streams of the tests begin behind it.
  const { nextCursor } = await listEvents(ctx, { accountId: account.id });
  return { account, key, secret, start: nextCursor };
}

type Block = { id?: string; event?: string; data?: string; comment?: string; retry?: string };
type Open = { secret: string; headers?: Record<string, string>; method?: string; port?: number };

/** Opens the stream; `next` gives its blocks one by one, undefined at its end. */
async function openStream(query: string, { secret, headers, method = 'GET', port = server.port }: Open) {
  const path = `/events/stream${query && `?${query}`}`;
  const outgoing: ClientRequest = request({
    host: '127.0.0.1',
    port,
    path,
    method,
    agent: false,
    headers: { authorization: `Bearer ${secret}`, ...headers },
  });
  outgoing.on('error', () => {}).end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  const blocks = readBlocks(response);
  return {
    response,
    next: async (): Promise<Block | undefined> => (await blocks.next()).value ?? undefined,
    /** The next event, past comments. */
    async nextEvent(): Promise<Block> {
      for (let block = await this.next(); block; block = await this.next()) if (block.event) return block;
      throw new Error('the stream ended');
    },
    async json() {
      let body = '';
      for await (const chunk of response) body += chunk;
      return JSON.parse(body);
    },
    close: () => outgoing.destroy(),
  };
}

async function* readBlocks(response: IncomingMessage): AsyncGenerator<Block, undefined> {
  let unread = '';
  try {
    for await (const chunk of response.setEncoding('utf8')) {
      unread += chunk;
      for (let end = unread.indexOf('\n\n'); end >= 0; end = unread.indexOf('\n\n')) {
        yield readBlock(unread.slice(0, end));
        unread = unread.slice(end + 2);
      }
    }
  } catch {
    // A connection that was cut ends the stream as well.
  }
  return undefined;
}

function readBlock(block: string): Block {
  const lines = block.split('\n').map((line) => /^(\w*): (.*)$/.exec(line) ?? []);
  return Object.fromEntries(lines.map(([, name, value]) => [name || 'comment', value]));
}

const happening = (account: Account, n: number, more: { bytes?: number; resourceId?: string } = {}) => ({
  accountId: account.id,
  type: n % 2 === 0 ? ('order.accepted' as const) : ('order.completed' as const),
  resourceId: more.resourceId ?? `ord_${n}`,
  data: { n, ...(more.bytes && { filling: 'x'.repeat(more.bytes) }) },
});
const numberOf = ({ data = '{}' }: Block): number => JSON.parse(data).data.n;

async function take(stream: { nextEvent(): Promise<Block> }, count: number): Promise<number[]> {
  const numbers: number[] = [];
  while (numbers.length < count) numbers.push(numberOf(await stream.nextEvent()));
  return numbers;
}

const upTo = (count: number, from = 0) => Array.from({ length: count }, (_, n) => n + from);

describe('an event stream', { timeout: 60_000 }, () => {
  it('begins with what happens from now on, each event as the feed shows it', async () => {
    const { account, secret } = await newReader();
    await emit(ctx, happening(account, 0));
    const stream = await openStream('', { secret });
    assert.equal(stream.response.statusCode, 200);
    assert.equal(stream.response.headers['content-type'], 'text/event-stream');
    assert.equal(stream.response.headers['cache-control'], 'no-cache, no-transform');
    assert.deepEqual(await stream.next(), { retry: '2000' });
    await emit(ctx, happening(account, 1));
    const { id, event, data = '' } = await stream.nextEvent();
    const { events } = await listEvents(ctx, { accountId: account.id, types: ['order.completed'] });
    const { cursor, accountId: _, occurredAt, ...shown } = events[0] ?? assert.fail();
    assert.deepEqual([id, event], [cursor, 'order.completed']);
    assert.deepEqual(JSON.parse(data), { ...shown, occurredAt: occurredAt.toISOString() });
    stream.close();
  });

  it('goes on behind Last-Event-ID, or behind `after` without it', async () => {
    const { account, secret, start } = await newReader();
    await emit(ctx, ...upTo(4).map((n) => happening(account, n)));
    const first = await openStream(`after=${start}`, { secret });
    assert.deepEqual(await take(first, 2), [0, 1]);
    const { id = '' } = await first.nextEvent();
    first.close();
    const second = await openStream(`after=${start}`, { secret, headers: { 'last-event-id': id } });
    assert.deepEqual(await take(second, 1), [3]);
    second.close();
  });

  it('loses nothing and repeats nothing to readers who come and go while others write', async () => {
    const { account, secret, start } = await newReader();
    const count = 600;
    const writing = (async () => {
      for (let n = 0; n < count; n += 3) {
        await write(ctx, {}, (tx) => emit(tx, ...upTo(3, n).map((each) => happening(account, each))));
        if (n % 60 === 0) await sleep(15);
      }
    })();
    const steady = await openStream(`after=${start}`, { secret });
    const follow = async (stay: number) => {
      const seen: number[] = [];
      for (let id = start; seen.length < count; ) {
        const stream = await openStream('', { secret, headers: { 'last-event-id': id } });
        for (let n = 0; n < stay && seen.length < count; n++) {
          const block = await stream.nextEvent();
          seen.push(numberOf(block));
          id = block.id ?? assert.fail();
        }
        stream.close();
      }
      return seen;
    };
    const seen = await Promise.all([take(steady, count), follow(7), follow(50), follow(211)]);
    for (const numbers of seen) assert.deepEqual(numbers, upTo(count));
    steady.close();
    await writing;
  });

  it('waits for a transaction that commits late, rather than skip its events', async () => {
    const { account, secret, start } = await newReader();
    const opened = Promise.withResolvers<void>();
    const commit = Promise.withResolvers<void>();
    const late = write(ctx, {}, async (tx) => {
      await emit(tx, happening(account, 1));
      opened.resolve();
      await commit.promise;
    });
    await opened.promise;
    const stream = await openStream(`after=${start}`, { secret });
    await emit(ctx, happening(account, 2));
    await stream.next();
    // Long enough for several turns of the loop.
    assert.ok((await stream.next())?.comment);
    commit.resolve();
    await late;
    assert.deepEqual((await take(stream, 2)).sort(), [1, 2]);
    stream.close();
  });

  it('shows only the types and the resource that were asked for, live and when it catches up', async () => {
    const { account, secret, start } = await newReader();
    const streams = await Promise.all(
      [
        'type=order.accepted',
        'type=order.accepted&type=order.completed&resource=ord_x',
        'resource=ord_x&type=order.completed',
      ].map((query) => openStream(`after=${start}&${query}`, { secret })),
    );
    const [accepted, both, completed] = streams;
    assert.ok(accepted && both && completed);
    for (const from of [0, 10]) {
      await emit(ctx, ...upTo(4, from).map((n) => happening(account, n)));
      await emit(ctx, ...upTo(2, from + 4).map((n) => happening(account, n, { resourceId: 'ord_x' })));
      assert.deepEqual(await take(accepted, 3), [from, from + 2, from + 4]);
      assert.deepEqual(await take(both, 2), [from + 4, from + 5]);
      assert.deepEqual(await take(completed, 1), [from + 5]);
    }
    for (const stream of streams) stream.close();
  });

  it('never shows the events of another account', async () => {
    const [one, two] = [await newReader(), await newReader()];
    const stream = await openStream(`after=${one.start}`, { secret: one.secret });
    await emit(ctx, happening(two.account, 1), happening(one.account, 2));
    assert.deepEqual(await take(stream, 1), [2]);
    stream.close();
  });

  it('says from time to time that it is there, and from where to go on', async () => {
    const { account, secret, start } = await newReader();
    const stream = await openStream(`after=${start}&type=order.completed`, { secret });
    await emit(ctx, happening(account, 0));
    await stream.next();
    const beat = await stream.next();
    assert.deepEqual([beat?.comment, beat?.data], ['still here', undefined]);
    const later = await stream.next();
    stream.close();
    await emit(ctx, happening(account, 1));
    const again = await openStream('', { secret, headers: { 'last-event-id': later?.id ?? '' } });
    assert.deepEqual(await take(again, 1), [1]);
    again.close();
  });

  it('ends within seconds when its key is revoked, and only then', async () => {
    const { account, secret, key } = await newReader();
    const other = await write(ctx, {}, (tx) =>
      createApiKey(tx, { accountId: account.id, name: 'other', scopes: ['read'] }),
    );
    const stream = await openStream('', { secret });
    const staying = await openStream('type=order.completed', { secret: other.secret });
    await write(ctx, {}, (tx) => revokeApiKey(tx, { accountId: account.id, id: key.id }));
    while (await stream.next());
    await emit(ctx, happening(account, 1));
    assert.deepEqual(await take(staying, 1), [1]);
    staying.close();
  });

  it('gives a slow reader everything at its pace', async () => {
    const { account, secret, start } = await newReader();
    const count = 200;
    const stream = await openStream(`after=${start}`, { secret });
    for (let n = 0; n < count; n += 50)
      await emit(ctx, ...upTo(50, n).map((each) => happening(account, each, { bytes: 20_000 })));
    const seen: number[] = [];
    while (seen.length < count) {
      seen.push(...(await take(stream, 20)));
      await sleep(20);
    }
    assert.deepEqual(seen, upTo(count));
    stream.close();
  });

  it('cuts off a reader that takes nothing while events wait; the others go on', async () => {
    const { account, secret, start } = await newReader();
    const stuck = await openStream(`after=${start}`, { secret });
    const closed = new Promise((resolve) => stuck.response.on('error', () => {}).once('close', resolve));
    stuck.response.socket.pause();
    const good = await openStream(`after=${start}`, { secret });
    // More than the sockets between take by themselves.
    for (let n = 0; n < 200; n += 20)
      await emit(ctx, ...upTo(20, n).map((each) => happening(account, each, { bytes: 60_000 })));
    assert.deepEqual(await take(good, 200), upTo(200));
    good.close();
    await sleep(pace.stuckMs * 2);
    stuck.response.socket.resume();
    stuck.response.resume();
    await closed;
    assert.equal(stuck.response.complete, false);
  });
});

describe('opening an event stream', { timeout: 60_000 }, () => {
  const faults: [string, string, Record<string, string>][] = [
    ['a cursor that is none', 'after=nonsense', {}],
    ['a Last-Event-ID that is none', '', { 'last-event-id': 'nonsense' }],
    ['a Last-Event-ID of 1,000 characters', '', { 'last-event-id': 'a'.repeat(1000) }],
    ['a type that there is not', 'type=order.eaten', {}],
    ['an unknown parameter', 'since=yesterday', {}],
  ];
  for (const [title, query, headers] of faults)
    it(`is refused for ${title}`, async () => {
      const { secret } = await newReader();
      const stream = await openStream(query, { secret, headers });
      assert.equal(stream.response.statusCode, 400);
      assert.equal((await stream.json()).code, 'invalid_request');
    });

  it('needs a key, and the scope to read', async () => {
    const { secret } = await newReader(['orders:write']);
    assert.equal((await openStream('', { secret: 'ovr_unknown' })).response.statusCode, 401);
    assert.equal((await openStream('', { secret })).response.statusCode, 403);
  });

  it('is possible 20 times at once for one account, whatever others have open', async () => {
    const [{ secret }, other] = [await newReader(), await newReader()];
    const streams = await Promise.all(upTo(streamsPerAccountMax).map(() => openStream('', { secret })));
    const refused = await openStream('', { secret });
    assert.equal(refused.response.statusCode, 429);
    assert.equal(refused.response.headers['retry-after'], '5');
    assert.equal((await refused.json()).code, 'rate_limited');
    const others = await openStream('', other);
    assert.equal(others.response.statusCode, 200);
    streams[0]?.close();
    for (let status = 429; status !== 200; await sleep(10)) {
      const again = await openStream('', { secret });
      status = again.response.statusCode ?? 0;
      if (status === 200) streams.push(again);
    }
    for (const stream of [...streams, others]) stream.close();
  });

  it('with HEAD answers the head only, and holds nothing open', async () => {
    const { secret } = await newReader();
    for (let n = 0; n <= streamsPerAccountMax; n++) {
      const { response } = await openStream('', { secret, method: 'HEAD' });
      response.resume();
      assert.equal(response.statusCode, 200);
      await once(response, 'end');
    }
  });

  it('is possible 500 times at once for one process', async () => {
    const hub = createEventStreamHub(core, pace);
    const open = (n: number) => {
      const response = new PassThrough();
      const checkAllowed = async () => {};
      return hub.open({ accountId: `acc_${n % 25}`, filter: {}, checkAllowed, response }, undefined);
    };
    const streams = [];
    for (const n of upTo(500)) streams.push(await open(n));
    await assert.rejects(
      hub.open(
        { accountId: 'acc_x', filter: {}, checkAllowed: async () => {}, response: new PassThrough() },
        undefined,
      ),
      { code: 'unavailable' },
    );
    for (const { response } of streams) response.destroy();
    await hub.close();
  });

  it('ends with the server, also for a reader that takes nothing', async () => {
    const stopping = await startServer();
    const { account, secret, start } = await newReader();
    const good = await openStream('', { secret, port: stopping.port });
    const stuck = await openStream(`after=${start}`, { secret, port: stopping.port });
    stuck.response.socket.pause();
    for (let n = 0; n < 200; n += 20)
      await emit(ctx, ...upTo(20, n).map((each) => happening(account, each, { bytes: 60_000 })));
    await take(good, 200);
    const closing = stopping.close();
    while (await good.next());
    assert.equal(good.response.complete, true);
    await closing;
    stuck.close();
  });
});
