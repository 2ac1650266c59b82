// The DER room: what is read is exactly what was written, and everything else is `malformed_der`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../base/app_error.ts';
import { fromHex, toHex } from '../base/bytes.ts';
import { bitString, namedBits, readBitStringBytes, readNamedBits } from './bit_string.ts';
import { boolean, readBoolean } from './boolean.ts';
import { fields } from './fields.ts';
import { integer, readBigInteger, readInteger, readUnsigned } from './integer.ts';
import { readOctets } from './octets.ts';
import { isOid, oid, readOid } from './oid.ts';
import { readUtf8, utf8 } from './text.ts';
import { readTime, time } from './time.ts';
import { readTlv, readTlvHead, readTlvs } from './tlv.ts';
import { sequence, tlv } from './write_tlv.ts';

function refuses(action: () => unknown, message?: string): void {
  assert.throws(action, (error) => error instanceof AppError && error.code === 'malformed_der', message);
}

test('an element of any size comes back with its tag, its value and its exact bytes', () => {
  for (const tag of [0x04, 0x30, 0x5f37, 0xbf38, 0x9f8170])
    for (const size of [0, 1, 127, 128, 255, 256, 65_535, 65_536]) {
      const raw = tlv(tag, Buffer.alloc(size, 7));
      const element = readTlv(raw);
      assert.equal(element.tag, tag);
      assert.equal(element.value.length, size);
      assert.equal(toHex(element.raw), toHex(raw));
      assert.equal(element.raw.buffer, raw.buffer, 'a view, not a copy');
    }
});

test('what is not the shortest form, has no definite length or does not end where it should is refused', () => {
  for (const hex of [
    '',
    '30',
    '3001',
    '0480',
    '04800000',
    '048101AA',
    '04820001AA',
    '0485000000000100',
    '5F',
    '5F37',
    '5F1E00',
    '5F800100',
    'BF818181818100',
    '040100FF',
    '0484FFFFFFFF00',
  ])
    refuses(() => readTlv(fromHex(hex)), hex);
  refuses(() => readTlvs(fromHex('0401000401')));
  assert.equal(readTlv(fromHex('048101AA'), 'ber').value.length, 1);
  assert.equal(readTlv(fromHex('5F1E00'), 'ber').tag, 0x5f1e);
  refuses(() => readTlv(fromHex('04800000'), 'ber'));
});

test('the head of an element can be read while its value is not there yet', () => {
  assert.deepEqual(readTlvHead(fromHex('BF36820139'), 0), { tag: 0xbf36, length: 0x139, valueAt: 5 });
});

test('a cursor takes elements in order and refuses a wrong tag, a missing one and a left-over one', () => {
  const bytes = sequence(integer(1), boolean(true), utf8('x'));
  const cursor = fields(readTlv(bytes));
  assert.equal(cursor.peekTag(), 0x02);
  refuses(() => cursor.take(0x01));
  assert.equal(readInteger(cursor.take(0x02)), 1);
  assert.equal(cursor.optional(0x02), undefined);
  assert.equal(cursor.optional(0x01)?.value[0], 0xff);
  refuses(() => cursor.end());
  assert.deepEqual(
    cursor.rest().map((element) => element.tag),
    [0x0c],
  );
  cursor.end();
  refuses(() => cursor.next());
  assert.equal(cursor.peekTag(), undefined);
});

test('every truncation of a nested structure is malformed_der', () => {
  const whole = sequence(
    integer(300),
    tlv(0xa0, oid('2.999.10'), utf8('host')),
    tlv(0x5f37, Buffer.alloc(200)),
  );
  for (let length = 0; length < whole.length; length++) refuses(() => readTlv(whole.subarray(0, length)));
});

test('integers keep their value and sign, and take the fewest bytes', () => {
  const table: [number | bigint, string][] = [
    [0, '020100'],
    [127, '02017F'],
    [128, '02020080'],
    [255, '020200FF'],
    [256, '02020100'],
    [-1, '0201FF'],
    [-128, '020180'],
    [-129, '0202FF7F'],
    [Number.MAX_SAFE_INTEGER, '02071FFFFFFFFFFFFF'],
    [1n << 64n, '0209010000000000000000'],
  ];
  for (const [value, hex] of table) {
    assert.equal(toHex(integer(value)), hex);
    assert.equal(readBigInteger(readTlv(fromHex(hex))), BigInt(value));
  }
  for (const hex of ['0200', '02020001', '0202FF80']) refuses(() => readInteger(readTlv(fromHex(hex))), hex);
  refuses(() => readInteger(readTlv(fromHex('02082000000000000000'))));
  assert.equal(readUnsigned(readTlv(fromHex('8001FF'))), 255, 'a counter written without padding');
  assert.equal(readUnsigned(readTlv(fromHex('80020001'))), 1);
  refuses(() => readUnsigned(readTlv(fromHex('8009000000000000000001'))));
});

test('object identifiers are the dotted text they mean', () => {
  for (const [text, hex] of [
    ['2.999.10', '060388370A'],
    ['2.5.29.17', '0603551D11'],
    ['1.2.840.10045.4.3.2', '06082A8648CE3D040302'],
    ['0.39', '060127'],
    ['2.23.146.1.2.1.4', '060767811201020104'],
  ] as const) {
    assert.equal(toHex(oid(text)), hex);
    assert.equal(readOid(readTlv(fromHex(hex))), text);
  }
  for (const hex of ['0600', '060180', '06028001', '060188', '060A88FFFFFFFFFFFFFFFF7F'])
    refuses(() => readOid(readTlv(fromHex(hex))), hex);
  for (const text of ['', '1', '3.1', '1.40', '2.999.', '2.01', '2.999.-1']) assert.ok(!isOid(text), text);
});

test('bit strings give the bits that are set, with or without trailing zeros', () => {
  assert.equal(toHex(namedBits([1, 2])), '03020560');
  assert.equal(toHex(namedBits([0], 0x81)), '81020780');
  assert.equal(toHex(namedBits([])), '030100');
  assert.equal(toHex(namedBits([14])), '0303010002');
  assert.deepEqual(readNamedBits(readTlv(fromHex('81020080'))), [0]);
  assert.deepEqual(readNamedBits(readTlv(fromHex('0303010002'))), [14]);
  assert.deepEqual(readNamedBits(readTlv(fromHex('030100'))), []);
  for (const hex of ['0300', '030101', '03020800']) refuses(() => readNamedBits(readTlv(fromHex(hex))), hex);
  assert.equal(toHex(readBitStringBytes(readTlv(bitString(Uint8Array.of(1, 2))))), '0102');
  refuses(() => readBitStringBytes(readTlv(fromHex('03020180'))));
});

test('booleans, texts and octets of a wrong size or content are refused', () => {
  assert.equal(readBoolean(readTlv(boolean(false))), false);
  assert.equal(readBoolean(readTlv(fromHex('010101'))), true);
  refuses(() => readBoolean(readTlv(fromHex('0100'))));
  assert.equal(readUtf8(readTlv(utf8('Zürich'))), 'Zürich');
  refuses(() => readUtf8(readTlv(fromHex('0C01FF'))));
  refuses(() => readUtf8(readTlv(utf8('abc')), 2));
  refuses(() => readOctets(readTlv(fromHex('0401AA')), 2, 3));
});

test('times are read to the second, up to the year 9999, and written in the form X.509 wants', () => {
  const table = [
    ['2020-04-01T09:48:58.000Z', '170D3230303430313039343835385A'],
    ['7496-01-24T09:48:58.000Z', '180F37343936303132343039343835385A'],
    ['1950-01-01T00:00:00.000Z', '170D3530303130313030303030305A'],
    ['9999-12-31T23:59:59.000Z', '180F39393939313233313233353935395A'],
  ] as const;
  for (const [iso, hex] of table) {
    assert.equal(toHex(time(new Date(iso))), hex);
    assert.equal(readTime(readTlv(fromHex(hex))).toISOString(), iso);
  }
  for (const text of [
    '20200401094858',
    '20200230094858Z',
    '20201301094858Z',
    '20200401094858+0100',
    '2020040109485Z',
  ])
    refuses(() => readTime(readTlv(tlv(0x18, Buffer.from(text)))), text);
  refuses(() => readTime(readTlv(utf8('20200401094858Z'))));
});
