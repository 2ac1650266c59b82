import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from '../../../pg/query.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { listEvents } from '../../events/index.ts';
import { getSubscription } from '../get_subscription.ts';
import { putTransportKey } from '../transport_keys/put_transport_key.ts';
import { openKey, type TransportAlgorithm } from '../transport_keys/transport_key.ts';
import { cancelImport } from './cancel_import.ts';
import { getImport, listImports } from './find_imports.ts';
import { importLimits } from './import_limits.ts';
import { receiveImport } from './receive_import.ts';
import { openImportDesk } from './test_imports.ts';
import { csvLines, outputFileLines, partsOfFile, testCard } from './test_stock_file.ts';
import { dropAbandonedImports, workOnImports } from './work_on_imports.ts';

const database = await testDatabase();
const desk = await openImportDesk(database);
const { ctx, accountId, run, send, stock } = desk;
const { chunkLinesMax: chunk } = importLimits;
let seeds = 1;

/** A CSV of `cards` with `edit` done to its lines. */
function file(cards: number, edit: (lines: string[], seed: number) => string[] = (lines) => lines) {
  const seed = seeds++;
  const text = `${edit([...csvLines({ seed, cards })], seed).join('\n')}\n`;
  return { seed, text };
}

const numbers = ({ status, lines, linesDone, valid, added, rejected }: Awaited<ReturnType<typeof run>>) => [
  status,
  ...[lines, linesDone, valid, added, rejected].map(Number),
];

test('every line of a file is in stock as it was in the file', async () => {
  const { seed, text } = file(2_345);
  const done = await run(text);
  assert.deepEqual(numbers(done), ['completed', 2_345, 2_345, 2_345, 2_345, 0]);
  assert.equal(done.bytes, BigInt(text.length));
  for (const number of [1, 1_000, 1_001, 2_345]) {
    const { iccid, imsi, ki, opc, pin1, puk1 } = testCard(seed, number);
    const found = await getSubscription(ctx, iccid);
    assert.deepEqual(
      { ...found, ki: Buffer.from(found.ki), opc: Buffer.from(found.opc) },
      { iccid, imsi, msisdn: `+99920${imsi.slice(5)}`, ki: Buffer.from(ki), opc, pin1, puk1 },
    );
  }
});

test('an import is told when it has ended, and its batch with it', async () => {
  const { text } = file(3, (lines) => [...lines, 'x']);
  const { id, batchId } = await run(text);
  const { events } = await listEvents(ctx, { accountId, limit: 1000 });
  const told = events.filter(({ resourceId }) => resourceId === id || resourceId === batchId);
  assert.deepEqual(
    told.map(({ type, data }) => [type, data]),
    [
      ['batch.created', { profileType: 'files', size: 3, importId: id }],
      ['import.completed', { profileType: 'files', dryRun: false, lines: 4, added: 3, rejected: 1 }],
    ],
  );
});

test('bad lines are named by line and column, and the good ones are added', async () => {
  const { seed, text } = file(6, (lines) => [
    ...lines.slice(0, 2),
    '',
    lines[2]!.replace(/.;/, 'x;'),
    lines[3]!.replace(/^(.{18})./, (_, head) => head + ((Number(lines[3]![18]) + 1) % 10)),
    lines[4]!.replace(';99920', ';9992x'),
    lines[5]!.replace(/^([^;]*;[^;]*;)[^;]*/, '$1SECRET'),
    `${lines[6]};more`,
  ]);
  const done = await run(text);
  assert.deepEqual(numbers(done), ['completed', 6, 6, 1, 1, 5]);
  const { iccid } = testCard(seed, 3);
  const wrong = (Number(iccid[18]) + 1) % 10;
  const found = await desk.faults(done.id);
  assert.deepEqual(found, [
    '4 iccid: give 19 or 20 digits',
    `5 iccid: wrong check digit: ${wrong} instead of ${iccid[18]}`,
    '6 imsi: 6 to 15 digits',
    '7 ki: give 16 bytes in hex',
    '8 line: 9 values, but 8 columns',
  ]);
  assert.equal(await isInStock(testCard(seed, 1).iccid), true);
});

test('numbers that come twice in the file or are in stock are refused, whatever chunk they are in', async () => {
  const { seed, text: first } = file(1);
  await run(first);
  const old = first.split('\n')[1]!;
  const { seed: next, text } = file(2_000, (lines, own) => {
    const withImsiOf = (line: string, imsi: string) => line.replace(/;\d{15};/, `;${imsi};`);
    return [
      ...lines,
      lines[1]!,
      old,
      withImsiOf(csvLine(900), testCard(own, 2).imsi),
      withImsiOf(csvLine(901), testCard(seed, 1).imsi),
      csvLine(902),
      csvLine(902),
    ];
  });
  const done = await run(text);
  assert.deepEqual(numbers(done), ['completed', 2_006, 2_006, 2_001, 2_001, 5]);
  const one = testCard(next, 1);
  const found = await desk.faults(done.id);
  assert.deepEqual(found, [
    `2002 iccid: ${one.iccid} is in line 2 already`,
    `2002 imsi: ${one.imsi} is in line 2 already`,
    `2003 iccid: ${testCard(seed, 1).iccid} is in stock already`,
    `2003 imsi: ${testCard(seed, 1).imsi} is in stock already`,
    `2004 imsi: ${testCard(next, 2).imsi} is in line 3 already`,
    `2005 imsi: ${testCard(seed, 1).imsi} is in line 2003 already`,
    `2007 iccid: ${testCard(902, 1).iccid} is in line 2006 already`,
    `2007 imsi: ${testCard(902, 1).imsi} is in line 2006 already`,
  ]);
});

test('a dry run finds what a real run finds, and leaves nothing', async () => {
  const { text } = file(1_500, (lines) => [...lines, lines[5]!, 'x;y', lines[1_200]!]);
  const before = await stock();
  const dry = await run(text, { dryRun: true });
  assert.deepEqual(numbers(dry), ['completed', 1_503, 1_503, 1_500, 0, 3]);
  assert.deepEqual([await stock(), dry.batchId], [before, null]);
  const real = await run(text);
  assert.deepEqual(await desk.faults(dry.id), await desk.faults(real.id));
  assert.deepEqual(numbers(real), ['completed', 1_503, 1_503, 1_500, 1_500, 3]);
});

test('all or nothing: one fault in the last line, and nothing is added', async () => {
  const { text } = file(1_200, (lines) => [...lines, 'x']);
  const before = await stock();
  const done = await run(text, { allOrNothing: true });
  assert.deepEqual(numbers(done), ['failed', 1_201, 1_201, 1_200, 0, 1]);
  assert.deepEqual(done.failure, {
    code: 'invalid_request',
    detail: '1 lines have faults; nothing was added.',
  });
  assert.deepEqual(await stock(), before);
});

test('all or nothing: a file without a fault is in stock, all of it at the end', async () => {
  const { seed, text } = file(1_200);
  const { id } = await send(text, { allOrNothing: true });
  while ((await desk.get(id)).added < 1_000n) await workOnImports(ctx);
  assert.ok((await stock()).includes(`reserved ${testCard(seed, 1).iccid}`));
  await desk.workAll();
  assert.deepEqual(numbers(await desk.get(id)), ['completed', 1_200, 1_200, 1_200, 1_200, 0]);
  assert.ok((await stock()).every((each) => !each.startsWith('reserved')));
});

test('all or nothing: when a number comes into stock meanwhile, all of it is taken back', async () => {
  const { seed, text } = file(1_200);
  const { id } = await send(text, { allOrNothing: true });
  while ((await desk.get(id)).added < 1_000n) await workOnImports(ctx);
  const before = (await stock()).filter((each) => !each.startsWith('reserved'));
  await addBeside(csvOf(seed, [1_100]));
  await desk.workAll();
  const done = await desk.get(id);
  assert.deepEqual([done.status, done.failure?.code, Number(done.added)], ['failed', 'duplicate_iccid', 0]);
  assert.deepEqual((await stock()).length, before.length + 1);
});

test('a worker that dies in a chunk leaves nothing of it, and another one goes on there', async () => {
  const { text } = file(3_000);
  const { id } = await send(text);
  await workOnImports(ctx);
  await assert.rejects(
    write(ctx, {}, async (tx) => {
      await workOnImports(tx);
      throw new Error('killed');
    }),
    /killed/,
  );
  assert.deepEqual(numbers(await desk.get(id)), ['running', 3_000, chunk, chunk, chunk, 0]);
  const other = await openImportDesk(database, 'other-node');
  await other.workAll();
  assert.deepEqual(numbers(await desk.get(id)), ['completed', 3_000, 3_000, 3_000, 3_000, 0]);
});

test('two workers at once do every line once', async () => {
  const files = await Promise.all([file(2_500), file(2_500)].map(({ text }) => send(text)));
  await Promise.all([desk.workAll(), desk.workAll(), desk.workAll()]);
  await desk.workAll();
  for (const { id } of files)
    assert.deepEqual(numbers(await desk.get(id)), ['completed', 2_500, 2_500, 2_500, 2_500, 0]);
});

test('two files with the same numbers, at once: each number is in stock once', async () => {
  const { text } = file(2_500);
  const backwards = [text.split('\n')[0]!, ...text.trim().split('\n').slice(1).reverse()].join('\n');
  const sent = await Promise.all([send(text), send(backwards)]);
  while ((await Promise.all([workOnImports(ctx), workOnImports(ctx)])).some(Boolean));
  await desk.workAll();
  const [one, two] = await Promise.all(sent.map(({ id }) => desk.get(id)));
  assert.deepEqual([one!.status, two!.status], ['completed', 'completed']);
  assert.equal(Number(one!.added + two!.added), 2_500);
  assert.equal(Number(one!.rejected + two!.rejected), 2_500);
});

test('a cancelled import stops between chunks, and what it leaves behind is deleted', async () => {
  const { text } = file(3_000);
  const { id } = await send(text);
  await workOnImports(ctx);
  await write(ctx, {}, (tx) => cancelImport(tx, { accountId, id }));
  await desk.workAll();
  assert.deepEqual(numbers(await desk.get(id)), ['cancelled', 3_000, chunk, chunk, chunk, 0]);
  assert.deepEqual(await leftovers(id), [0, 0]);
  await assert.rejects(
    write(ctx, {}, (tx) => cancelImport(tx, { accountId, id })),
    { code: 'conflict' },
  );
});

test('a cancelled import of all or nothing takes back what it held', async () => {
  const { text } = file(1_500);
  const before = await stock();
  const { id } = await send(text, { allOrNothing: true });
  while ((await desk.get(id)).added === 0n) await workOnImports(ctx);
  await write(ctx, {}, (tx) => cancelImport(tx, { accountId, id }));
  await desk.workAll();
  assert.deepEqual([await stock(), numbers(await desk.get(id))[4]], [before, 0]);
});

test('nothing of a file is left when its import has ended', async () => {
  const { text } = file(1_100, (lines) => [...lines, 'x']);
  const { id } = await run(text, { transportKey: await newKey('left'), encrypted: ['ki'], dryRun: true });
  assert.deepEqual(await leftovers(id), [0, 0]);
  const [row] = await query(ctx.db, 'select decipherer, is_open from inventory.imports where id = $1', [id]);
  assert.deepEqual(row, { decipherer: null, is_open: false });
});

test('lines at rest are sealed', async () => {
  const { seed, text } = file(5);
  const { id } = await send(text);
  const [row] = await query<{ lines: Buffer }>(
    ctx.db,
    'select lines from inventory.import_chunks where import_id = $1',
    [id],
  );
  assert.ok(row!.lines.length > 100 && !row!.lines.includes(testCard(seed, 1).iccid));
  await desk.workAll();
});

for (const algorithm of ['aes-ecb', 'aes-cbc', '3des-ecb', '3des-cbc'] as const)
  test(`keys enciphered by ${algorithm} are stored in the clear form that the card has`, async () => {
    const key = openKey(algorithm, keyBytes);
    const name = await newKey('transport', algorithm);
    for (const [layout, lines] of [
      ['csv', csvLines],
      ['output_file', outputFileLines],
    ] as const) {
      const seed = seeds++;
      const parts = partsOfFile(lines({ seed, cards: 12, transportKey: key }), '\r\n');
      const done = await run(parts, { layout, transportKey: name });
      assert.deepEqual(numbers(done), ['completed', 12, 12, 12, 12, 0]);
      const { iccid, imsi, ki, opc } = testCard(seed, 7);
      const found = await getSubscription(ctx, iccid);
      assert.deepEqual(
        [found.imsi, Buffer.from(found.ki), Buffer.from(found.opc)],
        [imsi, Buffer.from(ki), opc],
      );
    }
  });

test('a wrong transport key is found by the check value of Ki, in every line', async () => {
  const parts = partsOfFile(
    csvLines({ seed: seeds++, cards: 3, transportKey: openKey('aes-ecb', keyBytes) }),
  );
  const done = await run(parts, { transportKey: await newKey('wrong', 'aes-ecb', Buffer.alloc(16, 9)) });
  assert.deepEqual(numbers(done), ['completed', 3, 3, 0, 0, 3]);
  assert.equal(
    (await desk.faults(done.id))[0],
    '2 kcv: it is not the check value of Ki: is it the right transport key?',
  );
});

test('an import keeps the transport key that it began with', async () => {
  const name = await newKey('replaced');
  const parts = partsOfFile(
    csvLines({ seed: seeds++, cards: 3, transportKey: openKey('aes-ecb', keyBytes) }),
  );
  const { id } = await send(parts, { transportKey: name });
  await newKey('replaced', 'aes-ecb', Buffer.alloc(16, 9));
  await desk.workAll();
  assert.deepEqual(numbers(await desk.get(id)), ['completed', 3, 3, 3, 3, 0]);
});

test('no more than 10,000 faults are kept, and all lines are counted', async () => {
  const text = `iccid,imsi,ki,opc\n${'x\n'.repeat(4_000)}`;
  const { id, rejected, faults } = await run(text);
  assert.deepEqual([Number(rejected), Number(faults)], [4_000, 16_000]);
  assert.equal((await desk.faults(id)).length, importLimits.faultsMax);
});

test('another account does not find, list or cancel an import, nor use the profile type or the key', async () => {
  const other = await openImportDesk(database, 'of-other');
  const { id } = await run(file(1).text);
  const key = { accountId: other.accountId, id };
  await assert.rejects(getImport(ctx, key), { code: 'not_found' });
  await assert.rejects(
    write(ctx, {}, (tx) => cancelImport(tx, key)),
    { code: 'not_found' },
  );
  assert.deepEqual(await listImports(ctx, { accountId: other.accountId }), []);
  await assert.rejects(other.send(file(1).text, { profileType: 'files' }), { code: 'unknown_profile_type' });
  await newKey('mine');
  await assert.rejects(other.send(file(1).text, { transportKey: 'mine' }), { code: 'not_found' });
});

test('a file that stops coming is forgotten, and one that comes is not', async () => {
  const received = await receiveImport(ctx, {
    ...{ accountId, profileType: 'files', layout: 'csv', dryRun: false, allOrNothing: false },
    body: partsOf(file(3).text),
  });
  assert.equal(await dropAbandonedImports(ctx), 0);
  await query(
    ctx.db,
    "update inventory.imports set touched_at = touched_at - interval '11 minutes' where id = $1",
    [received.id],
  );
  assert.equal(await dropAbandonedImports(ctx), 1);
});

test('an account has at most 20 imports under way', async () => {
  const busy = await openImportDesk(database, 'busy');
  for (let count = 0; count < importLimits.openMax; count++) await busy.send(file(1).text);
  await assert.rejects(busy.send(file(1).text), { code: 'conflict' });
  await busy.workAll();
  await busy.run(file(1).text);
});

test('an import that cannot be worked on fails by itself, and the next one is done', async () => {
  const { id } = await send(file(2).text);
  await query(ctx.db, "update inventory.import_chunks set lines = '\\x00' where import_id = $1", [id]);
  const next = await run(file(2).text);
  assert.deepEqual([(await desk.get(id)).failure?.code, next.status], ['internal', 'completed']);
});

const keyBytes = Buffer.from('404142434445464748494a4b4c4d4e4f', 'hex');

async function newKey(
  name: string,
  algorithm: TransportAlgorithm = 'aes-ecb',
  key = keyBytes,
): Promise<string> {
  await write(ctx, {}, (tx) => putTransportKey(tx, { accountId, name, algorithm, key }));
  return name;
}

function csvLine(seed: number): string {
  return [...csvLines({ seed, cards: 1 })][1]!;
}

function csvOf(seed: number, cards: readonly number[]): string {
  const lines = [...csvLines({ seed, cards: Math.max(...cards) })];
  return [lines[0], ...cards.map((number) => lines[number])].join('\n');
}

/** Adds stock while another import is under way, without working on that. */
async function addBeside(text: string): Promise<void> {
  const { id } = await send(text);
  await query(ctx.db, "update inventory.imports set touched_at = '-infinity' where id = $1", [id]);
  while ((await desk.get(id)).status !== 'completed') {
    await workOnImports(ctx);
    await query(ctx.db, "update inventory.imports set touched_at = '-infinity' where id = $1", [id]);
  }
}

async function* partsOf(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

async function isInStock(iccid: string): Promise<boolean> {
  return (await stock()).includes(iccid);
}

async function leftovers(id: string): Promise<number[]> {
  const counts = await Promise.all(
    ['import_chunks', 'import_numbers'].map((table) =>
      query(ctx.db, `select 1 from inventory.${table} where import_id = $1`, [id]),
    ),
  );
  return counts.map((rows) => rows.length);
}
