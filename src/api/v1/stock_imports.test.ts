// Stock files over real sockets: what is answered, when, and what a client that misbehaves leaves behind.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  csvLines,
  outputFileLines,
  partsOfFile,
  testCard,
} from '../../modules/inventory/imports/test_stock_file.ts';
import { workOnImports } from '../../modules/inventory/index.ts';
import { openKey } from '../../modules/inventory/transport_keys/transport_key.ts';
import { query } from '../../pg/query.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { openShop, product } from './test_shop.ts';

const shop = await openShop(await testDatabase());
await shop.app.listen({ host: '127.0.0.1', port: 0 });
after(() => shop.app.close());
const { port } = shop.app.server.address() as AddressInfo;
const { profileType } = product;
const key = '404142434445464748494a4b4c4d4e4f';
let seeds = 1;

const upload = (
  body: string,
  { query: more = '', headers = {}, secret = shop.secret as string | null } = {},
) =>
  shop.call('POST', `/v1/stock/imports?profileType=${profileType}${more}`, {
    body,
    secret,
    headers: { 'content-type': 'text/csv', ...headers },
  });

const csv = (seed: number, cards: number) => `${[...csvLines({ seed, cards })].join('\n')}\n`;
const workAll = async () => {
  while ((await workOnImports(shop.ctx)) > 0);
};
const get = async (id: string) => (await shop.call('GET', `/v1/stock/imports/${id}`)).json;

test('a file is answered when it is kept, and then its lines are added', async () => {
  const { status, json } = await upload(csv(seeds++, 30));
  assert.deepEqual(
    [status, json.status, json.lines, json.added, json.seconds],
    [201, 'waiting', 30, 0, null],
  );
  await workAll();
  const done = await get(json.id);
  assert.deepEqual([done.status, done.linesDone, done.added, done.rejected], ['completed', 30, 30, 0]);
  assert.ok(done.seconds >= 0 && done.batchId.startsWith('bat_'));
  const { json: list } = await shop.call('GET', '/v1/stock/imports?limit=1');
  assert.deepEqual(list, { data: [done], nextCursor: done.id });
});

test('the errors are a CSV by line', async () => {
  const { json } = await upload(`${csv(seeds++, 1)}1,"x\n`);
  await workAll();
  const answer = await shop.call('GET', `/v1/stock/imports/${json.id}/errors`);
  assert.equal(
    answer.bytes.toString(),
    'line,field,detail\r\n3,line,"quote the whole value, or leave quotes out"\r\n',
  );
});

test('errors beyond the limit are counted, and the last line says so', async () => {
  const { json } = await upload(`iccid,imsi,ki,opc\n${'x\n'.repeat(2_600)}`);
  await workAll();
  const lines = (await shop.call('GET', `/v1/stock/imports/${json.id}/errors`)).bytes
    .toString()
    .split('\r\n');
  assert.equal(lines.length, 10_003);
  assert.equal(lines[10_001], ',,Only the first 10000 of 10400 faults are listed; 2600 lines were rejected.');
});

test('the same key takes a file once, and another file is refused', async () => {
  const text = csv(seeds++, 3);
  const headers = { 'idempotency-key': 'f1' };
  const first = await upload(text, { headers });
  assert.equal((await upload(text, { headers })).json.id, first.json.id);
  assert.equal((await upload(csv(seeds++, 3), { headers })).json.code, 'idempotency_key_reused');
  assert.equal((await upload(text, { headers, query: '&dryRun=true' })).json.code, 'idempotency_key_reused');
  await workAll();
  assert.equal((await get(first.json.id)).added, 3);
  assert.equal(await receiving(), 0);
});

test('an output file with enciphered keys, as text/plain', async () => {
  await shop.call('PUT', '/v1/transport-keys/maker', { body: { algorithm: 'aes-ecb', key } });
  const lines = outputFileLines({
    seed: seeds++,
    cards: 5,
    transportKey: openKey('aes-ecb', Buffer.from(key, 'hex')),
  });
  const { json } = await upload([...lines].join('\r\n'), {
    query: '&layout=output_file&transportKey=maker',
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  });
  await workAll();
  const { status, added, layout, transportKey } = await get(json.id);
  assert.deepEqual([status, added, layout, transportKey], ['completed', 5, 'output_file', 'maker']);
});

test('a file that says another quantity than it has is refused whole', async () => {
  const text = [...outputFileLines({ seed: seeds++, cards: 5 })].slice(0, -1).join('\n');
  const { json } = await upload(text, { query: '&layout=output_file' });
  assert.deepEqual(json.fields, [
    { field: 'quantity', detail: 'the file says 5 cards and has 4: is it complete?' },
  ]);
});

test('cancelling says how it ended, and twice is a conflict', async () => {
  const { json } = await upload(csv(seeds++, 3));
  const path = `/v1/stock/imports/${json.id}/cancel`;
  assert.equal((await shop.call('POST', path)).json.status, 'cancelled');
  assert.equal((await shop.call('POST', path)).json.code, 'conflict');
  await workAll();
});

const refused: [
  name: string,
  body: string,
  options: Parameters<typeof upload>[1],
  code: string,
  field?: string,
][] = [
  ['nothing', '', {}, 'invalid_request', 'line 1'],
  ['only a head', 'iccid,imsi,ki,opc\n', {}, 'invalid_request', 'line 1'],
  ['a head without Ki', 'iccid,imsi,opc\n1,2,3\n', {}, 'invalid_request', 'line 1'],
  ['JSON', '{}', { headers: { 'content-type': 'application/json' } }, 'unsupported_media_type'],
  ['an unknown layout', 'x', { query: '&layout=xls' }, 'invalid_request', 'layout'],
  ['an unknown flag', 'x', { query: '&dryRun=yes' }, 'invalid_request', 'dryRun'],
  ['an unknown column as enciphered', 'x', { query: '&encrypted=pin1' }, 'invalid_request', 'encrypted'],
  ['an unknown transport key', 'x', { query: '&transportKey=none' }, 'not_found'],
  ['no key', 'x', { secret: null }, 'unauthenticated'],
];
for (const [name, body, options, code, field] of refused)
  test(`${name} is refused as ${code}`, async () => {
    const { json } = await upload(body, options);
    assert.deepEqual([json.code, json.fields?.[0].field], [code, field]);
    assert.equal(await receiving(), 0);
  });

test('an unknown profile type, and that of another account, are not found', async () => {
  const secret = await shop.newKey(['operator'], await shop.newAccount());
  const path = '/v1/stock/imports?profileType=';
  const headers = { 'content-type': 'text/csv' };
  for (const [name, of] of [
    ['none', shop.secret],
    [profileType, secret],
  ] as const)
    assert.equal(
      (await shop.call('POST', path + name, { body: 'x', headers, secret: of })).json.code,
      'unknown_profile_type',
    );
});

test('a key without the scope may not', async () => {
  const secret = await shop.newKey(['read']);
  assert.equal((await upload(csv(seeds++, 1), { secret })).json.code, 'forbidden');
});

test('a client that goes away in the middle leaves nothing', async () => {
  const outgoing = send();
  outgoing.write(csv(seeds++, 5_000));
  await until(async () => (await receiving()) === 1);
  outgoing.destroy();
  await until(async () => (await receiving()) === 0);
});

test('a file in many small parts is one file', async () => {
  const text = csv(seeds++, 40);
  const outgoing = send();
  const answer = answerOf(outgoing);
  for (let at = 0; at < text.length; at += 97) outgoing.write(text.slice(at, at + 97));
  outgoing.end();
  const { status, json } = await answer;
  assert.deepEqual([status, json.lines, json.bytes], [201, 40, text.length]);
  await workAll();
  assert.equal((await get(json.id)).added, 40);
});

test('a line of 1 MB is one bad line, and the others are added', async () => {
  const seed = seeds++;
  const lines = [...csvLines({ seed, cards: 3 })];
  const { json } = await upload([...lines.slice(0, 3), 'x'.repeat(1_000_000), lines[3]].join('\n'));
  await workAll();
  const { added, rejected } = await get(json.id);
  assert.deepEqual([added, rejected], [3, 1]);
  const errors = (await shop.call('GET', `/v1/stock/imports/${json.id}/errors`)).bytes.toString();
  assert.match(errors, /^4,line,longer than 16384 characters\r$/m);
});

test('a head that is refused is answered while the rest of a large file still comes', async () => {
  const outgoing = send();
  const answer = answerOf(outgoing);
  outgoing.write('a,b,c\n');
  for (const part of partsOfFile(csvLines({ seed: seeds++, cards: 20_000 }))) outgoing.write(part);
  outgoing.end();
  const { status, json } = await answer;
  assert.deepEqual([status, json.fields[0].detail], [400, 'name a column iccid']);
});

test('a file of 100 MB without a line end takes no memory', async () => {
  const outgoing = send();
  const answer = answerOf(outgoing);
  const before = process.memoryUsage().rss;
  outgoing.write('iccid,imsi,ki,opc\n');
  for (let sent = 0; sent < 100; sent++)
    if (!outgoing.write(Buffer.alloc(1024 * 1024, 'x')))
      await new Promise<void>((resolve) => outgoing.once('drain', resolve));
  outgoing.end();
  const { status, json } = await answer;
  assert.deepEqual([status, json.lines], [201, 1]);
  assert.ok(process.memoryUsage().rss - before < 150 * 1024 * 1024);
  await workAll();
});

test('a transport key is put, listed by its check value, and never shown', async () => {
  const put = await shop.call('PUT', '/v1/transport-keys/k1', {
    body: { algorithm: 'aes-ecb', key: '2b7e151628aed2a6abf7158809cf4f3c', kcv: '7df76b' },
  });
  assert.deepEqual([put.status, put.json.kcv], [200, '7DF76B']);
  const { json: list } = await shop.call('GET', '/v1/transport-keys');
  assert.deepEqual(
    list.data.find((each: any) => each.name === 'k1'),
    put.json,
  );
  assert.ok(!JSON.stringify(list).includes('2b7e'));
  assert.deepEqual((await shop.call('DELETE', '/v1/transport-keys/k1')).json, put.json);
  assert.equal((await shop.call('DELETE', '/v1/transport-keys/k1')).json.code, 'not_found');
});

const badKeys: [body: object, field: string][] = [
  [{ algorithm: 'aes-ecb', key: '00'.repeat(15) }, 'key'],
  [{ algorithm: '3des-ecb', key: '00'.repeat(32) }, 'key'],
  [{ algorithm: 'aes-gcm', key }, 'algorithm'],
  [{ algorithm: 'aes-ecb', key, kcv: '000000' }, 'kcv'],
  [{ algorithm: 'aes-ecb' }, 'key'],
];
for (const [body, field] of badKeys)
  test(`the transport key ${JSON.stringify(body)} is refused by its ${field}`, async () => {
    const { json } = await shop.call('PUT', '/v1/transport-keys/bad', { body });
    assert.deepEqual([json.code, json.fields[0].field], ['invalid_request', field]);
  });

test('what is imported can be ordered, and nothing of it is in an answer or an event', async () => {
  const seed = seeds++;
  const { json } = await upload(csv(seed, 2));
  await workAll();
  const told = JSON.stringify([await get(json.id), await shop.events('limit=200')]);
  const { ki, opc } = testCard(seed, 1);
  for (const secret of [ki.toString('hex'), opc.toString('hex')])
    assert.ok(!told.toLowerCase().includes(secret));
});

async function receiving(): Promise<number> {
  return (await query(shop.ctx.db, "select 1 from inventory.imports where status = 'receiving'")).length;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(10);
}

function send() {
  const outgoing = request({
    host: '127.0.0.1',
    port,
    method: 'POST',
    path: `/v1/stock/imports?profileType=${profileType}`,
    headers: { authorization: `Bearer ${shop.secret}`, 'content-type': 'text/csv' },
  });
  outgoing.on('error', () => {});
  return outgoing;
}

async function answerOf(
  outgoing: ReturnType<typeof send>,
): Promise<{ status: number | undefined; json: any }> {
  return await new Promise((resolve, reject) => {
    outgoing.on('error', reject);
    outgoing.on('response', async (response) => {
      let text = '';
      for await (const part of response) text += part;
      resolve({ status: response.statusCode, json: JSON.parse(text) });
    });
  });
}
