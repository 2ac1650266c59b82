import assert from 'node:assert/strict';
import { test } from 'node:test';
import { luhnDigit } from '../../../base/digits.ts';
import { kcvOf, openKey } from '../transport_keys/transport_key.ts';
import { readCode, readE164, readIccid, readImsi } from './card_numbers.ts';
import { columnNamed } from './columns.ts';
import { cutFile } from './cut_file.ts';
import type { FileHead, HeadOptions, ImportLayout } from './file_head.ts';
import { createHeadReader } from './head_reader.ts';
import { importLimits } from './import_limits.ts';
import { readCard } from './read_card.ts';
import { splitLine } from './split_line.ts';

const noKey: HeadOptions = { hasTransportKey: false };
const iccid = `899920000000000000${luhnDigit('899920000000000000')}`;
const ki = '465B5CE8B199B49FAA5F0A2EE238A6BC';
const opc = 'CD63CB71954A9F4E48A5994E37A02BAF';
const op = 'CDC202D5123E20F62B6D676AC72CB318';

function headOf(layout: ImportLayout, text: string, options = noKey): FileHead {
  const reader = createHeadReader(layout, options);
  for (const line of text.split('\n')) {
    const head = reader.read(line);
    if (head) return head;
  }
  return reader.end();
}

/** The fields of the first card of a CSV, or its faults. */
function cardOf(names: string, line: string): any {
  const read = readCard(line, headOf('csv', names).format, undefined);
  return 'card' in read ? read.card : read.faults.map(({ field, detail }) => `${field}: ${detail}`);
}

const heads: [name: string, head: string, columns: string, delimiter: string][] = [
  ['commas', 'iccid,imsi,ki,opc', 'iccid imsi ki opc', ','],
  ['semicolons and capitals', 'ICCID;IMSI;KI;OPC;PIN1', 'iccid imsi ki opc pin1', ';'],
  ['tabs', 'iccid\timsi\tKi\tOPc', 'iccid imsi ki opc', '\t'],
  ['quotes and blanks', '"ICC ID" , "Imsi","K i","OP"', 'iccid imsi ki op', ','],
  ['any order and unknown ones', 'opc,colour,Ki,IMSI,Serial Number', 'opc - ki imsi iccid', ','],
  ['empty lines in front', '\n  \niccid,imsi,ki,opc', 'iccid imsi ki opc', ','],
];
for (const [name, head, columns, delimiter] of heads)
  test(`a CSV with ${name} is understood`, () => {
    const { format } = headOf('csv', head);
    assert.deepEqual(
      [format.columns.map((each) => each ?? '-').join(' '), format.delimiter],
      [columns, delimiter],
    );
  });

const noHeads: [name: string, layout: ImportLayout, text: string, field: string, detail: RegExp][] = [
  ['an empty file', 'csv', '', 'line 1', /the file is empty/],
  ['only empty lines', 'csv', '\n\n', 'line 1', /the file is empty/],
  ['a missing column', 'csv', 'iccid,imsi,ki', 'line 1', /name a column opc or op/],
  ['no names at all', 'csv', '899920000000000000,1,2,3', 'line 1', /name a column iccid/],
  ['a column twice', 'csv', 'iccid,imsi,ki,opc,K i', 'line 1', /the column ki once/],
  ['an open quote', 'csv', 'iccid,"imsi,ki,opc', 'line 1', /close the quote/],
  ['an enciphered column without a key', 'csv', 'iccid,imsi,eki,opc', 'line 1', /name the transport key/],
  ['no var_out', 'output_file', 'Quantity: 1', 'var_out', /no line var_out/],
  ['no card behind var_out', 'output_file', 'var_out: ICCID/IMSI/KI/OPC\n* end', 'var_out', /no card/],
  ['a quantity in words', 'output_file', 'Quantity: ten\nvar_out: A', 'line 1', /whole number/],
  ['a line that says nothing', 'output_file', 'hello', 'line 1', /name: value/],
  [
    'another number of values',
    'output_file',
    'var_out: ICCID/IMSI/KI/OPC\n1 2 3',
    'line 2',
    /there are 3 values, but var_out names 4/,
  ],
  [
    'a transport key of the file',
    'output_file',
    'Transport_key: 12\nvar_out: ICCID/IMSI/KI/OPC\n1 2 3 4',
    'line 1',
    /name the transport key/,
  ],
  ['a head without end', 'output_file', '* x\n'.repeat(600), 'line 501', /too long/],
  ['a head line without end', 'csv', 'x'.repeat(70_000), 'line 1', /too long/],
];
for (const [name, layout, text, field, detail] of noHeads)
  test(`${name} is refused, and says where (${layout})`, () => {
    assert.throws(
      () => headOf(layout, text),
      (error: any) => {
        assert.deepEqual([error.code, error.fields[0].field], ['invalid_request', field]);
        assert.match(error.fields[0].detail, detail);
        assert.ok(!JSON.stringify(error.fields).includes('899920000'), 'a value is told');
        return true;
      },
    );
  });

test('an output file names its columns in var_out alone, or in var_in and var_out', () => {
  const inputs = 'Var_In_list:\nSer_nb: 1\nIMSI: 2\n';
  const outputs = 'Var_Out: PIN1/KI/OPC';
  const both = headOf('output_file', `${inputs}${outputs}\n1 2 3 4 5`);
  assert.deepEqual(both.format.columns, ['iccid', 'imsi', 'pin1', 'ki', 'opc']);
  const alone = headOf('output_file', `${inputs}var_out: ICCID/IMSI/KI/OPC/FOO\n1  2\t3 4 5`);
  assert.deepEqual(alone.format.columns, ['iccid', 'imsi', 'ki', 'opc', null]);
});

test('the check value of the transport key in an output file must be that of the key named', () => {
  const text = `Transport_key: 12\nTransport_key_KCV: ABCDEF\nvar_out: ICCID/IMSI/KI/OPC\n1 2 3 4`;
  headOf('output_file', text, { hasTransportKey: true, kcv: 'ABCDEF' });
  assert.throws(() => headOf('output_file', text, { hasTransportKey: true, kcv: '123456' }), {
    code: 'invalid_request',
  });
});

const encrypted: [head: string, given: HeadOptions['encrypted'], columns: string[]][] = [
  ['iccid,imsi,ki,opc,kic', undefined, ['ki', 'opc']],
  ['iccid,imsi,eKi,opc', undefined, ['ki']],
  ['iccid,imsi,ki,opc,kic,kid,kik', ['ki', 'kic', 'kid', 'kik'], ['ki', 'kic', 'kid', 'kik']],
  ['iccid,imsi,eki,OPC_enc', ['ki'], ['ki', 'opc']],
];
for (const [head, given, columns] of encrypted)
  test(`with a transport key, ${columns} of "${head}" are enciphered${given ? ` (${given} given)` : ''}`, () => {
    const options = { hasTransportKey: true, ...(given && { encrypted: given }) };
    assert.deepEqual(headOf('csv', head, options).format.encrypted, columns);
  });

test('column names are compared by letters and digits alone', () => {
  for (const name of ['IMSI', ' imsi ', 'I_M-S I']) assert.equal(columnNamed(name)?.column, 'imsi');
  assert.deepEqual(columnNamed('A4_KI'), { column: 'ki', isEncrypted: true });
  assert.equal(columnNamed('activation code'), undefined);
});

const lines: [line: string, values: string[] | RegExp][] = [
  ['a, b ,c', ['a', 'b', 'c']],
  ['"a,b", "c ""d""" ,', ['a,b', 'c "d"', '']],
  ['""', ['']],
  ['"a"b,c', /separator behind/],
  ['a"b,c', /quote the whole value/],
  ['"a,b', /close the quote/],
];
for (const [line, values] of lines)
  test(`the line ${line} has its values`, () => {
    const split = splitLine(line, ',');
    if (values instanceof RegExp) assert.match(String(split), values);
    else assert.deepEqual(split, values);
  });

test('numbers are recognised in the forms that they have on cards', () => {
  assert.equal(readIccid('8900112233445566776'), '8900112233445566776');
  assert.equal(readIccid('8900112233445566776F'), '8900112233445566776');
  assert.equal(readIccid('980011223344556677f6'), '8900112233445566776');
  assert.equal(readIccid('98001122334455667767'), '89001122334455667776');
  assert.equal(readImsi('001010000000017'), '001010000000017');
  assert.equal(readImsi('080910100000000071'), '001010000000017');
  assert.equal(readImsi('809001010000000017'), '001010000000017');
  assert.equal(readImsi('899001010000000017'), '899001010000000017');
  assert.equal(readE164('4930123'), '+4930123');
  assert.equal(readE164('004930123'), '+4930123');
  assert.equal(readE164('+4930123'), '+4930123');
  assert.equal(readCode('31323334FFFFFFFF'), '1234');
  assert.equal(readCode('3132333435363738'), '12345678');
  assert.equal(readCode('1234'), '1234');
});

test('OPc is made from OP (TS 35.207, test set 1)', () => {
  const card = cardOf('iccid,imsi,ki,op', `${iccid},001010000000017,${ki},${op}`);
  assert.equal(Buffer.from(card.opc).toString('hex').toUpperCase(), opc);
});

test('every value of a line is read', () => {
  const names =
    'iccid,imsi,ki,opc,msisdn,pin1,puk1,pin2,puk2,adm1,kic,kid,kik,acc,smsc,spn,algorithm,mnclength,regcode';
  const values = `${iccid},001010000000017,${ki},${opc},4930123456,1234,12345678,5678,87654321,3132333435363738,${'11'.repeat(16)},${'22'.repeat(16)},${'33'.repeat(16)},0080,+4930999,"A, B",milenage,2,ABCDEFGH23`;
  const { ki: k, opc: o, otaKeys, ...rest } = cardOf(names, values);
  assert.deepEqual([k.length, o.length, otaKeys.kid[0]], [16, 16, 0x22]);
  assert.deepEqual(rest, {
    iccid,
    imsi: '001010000000017',
    msisdn: '+4930123456',
    smsc: '+4930999',
    pin1: '1234',
    puk1: '12345678',
    pin2: '5678',
    puk2: '87654321',
    adm1: '12345678',
    serviceProviderName: 'A, B',
    registrationCode: 'ABCDEFGH23',
    acc: 0x80,
    algorithm: 'milenage',
    mncLength: 2,
  });
});

const base = `${iccid},001010000000017,${ki},${opc}`;
const faulty: [names: string, line: string, faults: RegExp][] = [
  ['', base.replace(iccid, ''), /^iccid: give 19 or 20 digits$/],
  ['', base.replace('89', '79'), /^iccid: it does not begin with 89$/],
  ['', base.replace('001010000000017', '00101'), /^imsi: 6 to 15 digits$/],
  ['', base.replace('001010000000017', '0010100000000171'), /^imsi: /],
  ['', base.replace(ki, ki.slice(1)), /^ki: give 16 bytes in hex$/],
  ['', base.replace(ki, `${ki}00`), /^ki: give 16 bytes in hex$/],
  ['', base.replace(ki, ''), /^ki: 16 bytes$/],
  ['', base.replace(opc, '0'.repeat(32)), /^opc: 16 bytes, not all zero$/],
  [',op', `${base},${'00'.repeat(16)}`, /^opc: it is not the OPc of Ki and OP/],
  [',kcv', `${base},000000`, /^kcv: it is not the check value of Ki/],
  [',pin1', `${base},123`, /^pin1: 4 to 8 digits$/],
  [',puk1', `${base},1234`, /^puk1: 8 digits$/],
  [',msisdn', `${base},abc`, /^msisdn: /],
  [',acc', `${base},zz`, /^acc: /],
  [',algorithm', `${base},comp128`, /^algorithm: /],
  [',mnclength', `${base},4`, /^mncLength: 2 or 3$/],
  [',kic', `${base},${'11'.repeat(16)}`, /^otaKeys: give all of kic, kid and kik/],
  [',regcode', `${base},short`, /^registrationCode: give 8 to 32/],
  ['', `${base},`, /^$/],
  ['', `${base},,more`, /^line: 6 values, but 4 columns$/],
  ['', 'x'.repeat(importLimits.lineCharsMax + 1), /^line: longer than/],
  ['', `${iccid}\u0000,001010000000017,${ki},${opc}`, /^iccid: give 19 or 20 digits$/],
];
for (const [names, line, faults] of faulty)
  test(`${names || 'the four columns'}: "${line.slice(0, 130)}" is told as ${faults.source}`, () => {
    const found = cardOf(`iccid,imsi,ki,opc${names}`, line);
    assert.match(Array.isArray(found) ? found.join('; ') : '', faults);
  });

test('a fault never repeats a key or a code', () => {
  const secrets = base.replace(ki, 'SECRETKEY').replace(opc, 'SECRETOPC');
  const found = cardOf('iccid,imsi,ki,opc,pin1', `${secrets},SECRETPIN`);
  assert.ok(!JSON.stringify(found).includes('SECRET'), JSON.stringify(found));
});

test('the check value of Ki is taken as that of an AES and of a 3DES key', () => {
  for (const kcv of [
    kcvOf(openKey('aes-ecb', Buffer.from(ki, 'hex'))),
    kcvOf(openKey('3des-ecb', Buffer.from(ki, 'hex'))),
  ])
    assert.ok(cardOf('iccid,imsi,ki,opc,kcv', `${base},${kcv.toLowerCase()}`).iccid);
});

async function cutOf(parts: Buffer[]): Promise<string[]> {
  async function* stream() {
    yield* parts;
  }
  const lines: string[] = [];
  for await (const some of cutFile(stream(), { bytes: 0, lines: 0 })) lines.push(...some);
  return lines;
}

test('lines are cut the same wherever the parts of the stream end', async () => {
  const text = Buffer.from('\ufeffä;b\r\nc\n\nlast');
  for (let size = 1; size <= text.length; size++) {
    const parts = Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
      text.subarray(i * size, (i + 1) * size),
    );
    assert.deepEqual(await cutOf(parts), ['ä;b', 'c', '', 'last']);
  }
});

test('a line without end is held no further than the limit', async () => {
  const lines = await cutOf([
    ...Array.from({ length: 64 }, () => Buffer.alloc(65_536, 'x')),
    Buffer.from('\ny'),
  ]);
  assert.deepEqual(
    lines.map((line) => line.length),
    [importLimits.lineCharsMax + 1, 1],
  );
});

test('UTF-16 is refused with what to do', async () => {
  await assert.rejects(cutOf([Buffer.from('\ufefficcid', 'utf16le')]), /save it as UTF-8/);
});

test('too many lines are refused', async () => {
  const part = Buffer.alloc(100_001, '\n');
  await assert.rejects(cutOf(Array.from({ length: 21 }, () => part)), { code: 'invalid_request' });
});

test('a file that is too large is refused', async () => {
  const size = { bytes: importLimits.fileBytesMax - 5, lines: 0 };
  async function* stream() {
    yield Buffer.from('123456');
  }
  await assert.rejects(cutFile(stream(), size).next(), { code: 'body_too_large' });
});
