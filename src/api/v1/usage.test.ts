import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../base/ids.ts';
import { createSims, type Sim } from '../../modules/sims/index.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { openShop } from './test_shop.ts';

const shop = await openShop(await testDatabase());

let lines = 0;
async function openLine(accountId: string = shop.account.id): Promise<Sim> {
  const digits = String(++lines).padStart(9, '0');
  const line = { accountId, esimId: newId('esim'), iccid: `8949000000${digits}`, imsi: `262010${digits}` };
  const [sim] = await write(shop.ctx, {}, (tx) =>
    createSims(tx, [{ ...line, msisdn: null, core: 'simulated', status: 'ready' }]),
  );
  return sim!;
}

const line = await openLine();
const at = new Date(Date.now() - 60_000).toISOString();
const data = (id: string, more: object = {}) => ({
  id,
  sim: line.iccid,
  kind: 'data',
  at,
  bytesDown: 1_000,
  ...more,
});
const send = (body: object, secret = shop.secret) => shop.call('POST', '/v1/usage', { body, secret });
const importFile = (body: string, query = '', headers = { 'content-type': 'text/csv' }) =>
  shop.call('POST', `/v1/usage/import${query}`, { body, headers });

test('a batch is counted, and a repetition says so', async () => {
  const records = [data('a'), { id: 'b', sim: line.id, kind: 'sms', at, count: 2 }];
  const first = await send({ records });
  assert.deepEqual([first.status, first.json.counted, first.json.repeated], [200, 2, 0]);
  assert.equal(first.json.freshness.lastRecordAt, at);
  assert.equal((await send({ records })).json.repeated, 2);
});

test('usage can be asked for by SIM, with its freshness', async () => {
  const other = await openLine();
  await send({ records: [data('c', { sim: other.iccid, bytesUp: 5, mcc: '262', mnc: '01' })] });
  const { json } = await shop.call('GET', `/v1/usage?sim=${other.iccid}&group=network&granularity=hour`);
  const [sum] = json.data;
  assert.deepEqual([sum.network, sum.sim, sum.bytesTotal, json.data.length], ['26201', null, 1_005, 1]);
  assert.equal(json.freshness.lastRecordAt, at);
});

test('pages of sums are the whole', async () => {
  const whole = (await shop.call('GET', '/v1/usage?group=sim')).json;
  assert.equal(whole.nextCursor, null);
  const paged: unknown[] = [];
  let cursor = '';
  do {
    const page = (await shop.call('GET', `/v1/usage?group=sim&limit=1${cursor && `&cursor=${cursor}`}`)).json;
    paged.push(...page.data);
    cursor = page.nextCursor;
  } while (cursor);
  assert.ok(paged.length > 1);
  assert.deepEqual(paged, whole.data);
});

test('raw records are listed page by page', async () => {
  const url = `/v1/sims/${line.iccid}/usage-records?limit=1`;
  const first = (await shop.call('GET', url)).json;
  const second = (await shop.call('GET', `${url}&cursor=${first.nextCursor}`)).json;
  assert.deepEqual([first.data[0].id, first.data[0].count, second.data[0].id], ['b', 2, 'a']);
});

test('a file is counted, and its bad rows are named', async () => {
  const file = `iccid,time,total\n${line.iccid},${at},1.5\n,${at},2\n`;
  const { status, json } = await importFile(file, '?unit=KB');
  assert.deepEqual([status, json.rows, json.counted, json.refusedCount], [200, 2, 1, 1]);
  assert.equal(json.refused[0].line, 3);
});

test('a file larger than other bodies is counted', async () => {
  const rows = `${line.iccid},${at},1,${'x'.repeat(4_000)}\n`.repeat(400);
  const { status, json } = await importFile(`iccid,time,total,note\n${rows}`);
  assert.deepEqual([status, json.counted, json.repeated], [200, 1, 399]);
});

test('a file is CSV and a batch is JSON: each refuses the other', async () => {
  const json = { 'content-type': 'application/json' };
  assert.equal((await importFile('{}', '', json)).json.code, 'unsupported_media_type');
  const csv = { body: 'a,b', headers: { 'content-type': 'text/csv' } };
  assert.equal((await shop.call('POST', '/v1/usage', csv)).json.code, 'unsupported_media_type');
});

const refused: [name: string, record: object, code: string, field: string][] = [
  ['an unknown SIM', { sim: '8949000000999999999' }, 'not_found', 'records[1].sim'],
  ['a negative amount', { bytesDown: -1 }, 'invalid_request', 'records[1].bytesDown'],
  ['a fraction of a byte', { bytesDown: 1.5 }, 'invalid_request', 'records[1].bytesDown'],
  ['an amount that overflows', { bytesDown: 2 ** 49 }, 'invalid_request', 'records[1].bytesDown'],
  ['an amount in words', { bytesDown: '1000' }, 'invalid_request', 'records[1].bytesDown'],
  ['a record older than the retention', { at: '2020-01-01T00:00:00Z' }, 'invalid_request', 'records[1].at'],
  ['a time that is none', { at: 'now' }, 'invalid_request', 'records[1].at'],
  ['an unknown kind', { kind: 'fax' }, 'invalid_request', 'records[1].kind'],
  ['an unknown member', { bytes: 5 }, 'invalid_request', 'records[1].bytes'],
  ['another content of the same id', { id: 'good', bytesDown: 7 }, 'conflict', 'records[1].id'],
];
for (const [name, wrong, code, field] of refused) {
  test(`${name} is refused by name, with the whole batch`, async () => {
    const { json } = await send({ records: [data('good'), data('bad', wrong)] });
    assert.deepEqual([json.code, json.fields[0].field], [code, field]);
    const { data: stored } = (await shop.call('GET', `/v1/sims/${line.id}/usage-records?limit=200`)).json;
    assert.ok(stored.every(({ id }: { id: string }) => id !== 'good'));
  });
}

test('bad records can be skipped', async () => {
  const { json } = await send({ records: [data('d'), data('e', { sim: 'x' })], onFault: 'skip' });
  assert.deepEqual([json.counted, json.refused[0].index, json.refused[0].code], [1, 1, 'not_found']);
});

test('a SIM of another account is not found, whoever asks', async () => {
  const other = await shop.newAccount();
  const secret = await shop.newKey(['network', 'read'], other);
  assert.equal((await send({ records: [data('f')] }, secret)).json.code, 'not_found');
  for (const url of [`/v1/usage?sim=${line.id}`, `/v1/sims/${line.id}/usage-records`])
    assert.equal((await shop.call('GET', url, { secret })).json.code, 'not_found');
});

test('telling usage needs the scope network', async () => {
  const secret = await shop.newKey(['read', 'operator']);
  assert.equal((await send({ records: [data('g')] }, secret)).json.code, 'forbidden');
});

function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString();
}

for (const [query, field] of [
  ['cursor=x', 'cursor'],
  ['from=2020-01-01T00:00:00Z', 'from'],
  ['group=planet', 'group'],
  [`granularity=hour&group=sim&from=${daysAgo(40)}`, 'to'],
]) {
  test(`a question with ${query} is refused by name`, async () => {
    const { json } = await shop.call('GET', `/v1/usage?${query}`);
    assert.deepEqual([json.code, json.fields[0].field], ['invalid_request', field]);
  });
}
