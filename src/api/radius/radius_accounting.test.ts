import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RadiusAccounting } from '../../modules/usage/index.ts';
import { readAccounting } from './radius_accounting.ts';
import { readRadiusPacket } from './radius_packet.ts';
import { type Attribute, start, threeGpp, writeRequest } from './test_radius.ts';

const now = new Date('2026-11-21T12:00:00Z');
const nowSeconds = now.getTime() / 1000;

function read(attributes: Attribute[]) {
  return readAccounting(readRadiusPacket(writeRequest(attributes))!, { from: '192.0.2.1', now });
}

function accounting(attributes: Attribute[]): RadiusAccounting {
  const value = read(attributes);
  assert.ok(value !== null && value !== 'unsupported');
  return value;
}

test('a gateway is read as it tells it', () => {
  const said = accounting([
    [40, 3],
    [44, 'c0a8000100000042'],
    [32, 'pgw-1'],
    [4, Buffer.from([192, 0, 2, 9])],
    [42, 5],
    [43, 4_294_967_295],
    [52, 0],
    [53, 2],
    [55, nowSeconds - 60],
    [8, Buffer.from([10, 45, 0, 2])],
    threeGpp([1, '001010000000001'], [18, '26201']),
  ]);
  assert.deepEqual(said, {
    nas: 'pgw-1',
    sessionId: 'c0a8000100000042',
    status: 'interim',
    imsi: '001010000000001',
    at: new Date(now.getTime() - 60_000),
    inputOctets: 5n,
    outputOctets: 2n * 2n ** 32n + 4_294_967_295n,
    gigawordsPresent: true,
    mcc: '262',
    mnc: '01',
    framedIp: '10.45.0.2',
  });
});

test('what is not said is null', () => {
  const { imsi, inputOctets, outputOctets, gigawordsPresent, mcc, mnc, framedIp, nas, at } = accounting([
    [40, 2],
    [44, 's'],
  ]);
  assert.deepEqual(
    [imsi, inputOctets, outputOctets, gigawordsPresent, mcc, mnc, framedIp],
    [null, null, null, false, null, null, null],
  );
  assert.equal(nas, '192.0.2.1');
  assert.deepEqual(at, now);
});

test('a NAS is known by its identifier, else its address, else where it sends from', () => {
  const ipv6 = Buffer.from('20010db8000000000000000000000001', 'hex');
  const of = (...attributes: Attribute[]) => accounting([[40, 1], [44, 's'], ...attributes]).nas;
  assert.equal(of([4, Buffer.from([192, 0, 2, 9])], [32, 'name']), 'name');
  assert.equal(of([4, Buffer.from([192, 0, 2, 9])]), '192.0.2.9');
  assert.equal(of([95, ipv6]), '2001:0db8:0000:0000:0000:0000:0000:0001');
  assert.equal(of([32, ''], [4, 'x']), '192.0.2.1');
});

for (const [what, attributes, at] of [
  ['the time of the event is believed', [[55, nowSeconds - 3600]], nowSeconds - 3600],
  [
    'a delay does not move the time of the event',
    [
      [55, nowSeconds - 600],
      [41, 600],
    ],
    nowSeconds - 600,
  ],
  [
    'an event told two days late is believed',
    [
      [55, nowSeconds - 172_800],
      [41, 172_800],
    ],
    nowSeconds - 172_800,
  ],
  [
    'a clock two days behind is not believed',
    [
      [55, nowSeconds - 172_800],
      [41, 10],
    ],
    nowSeconds - 10,
  ],
  ['a clock two days ahead is not believed', [[55, nowSeconds + 172_800]], nowSeconds],
  ['an event is never after now', [[55, nowSeconds + 3600]], nowSeconds],
  ['without the time of the event the delay counts', [[41, 25]], nowSeconds - 25],
  ['a delay of years is not believed', [[41, 4_294_967_295]], nowSeconds],
] as [string, Attribute[], number][])
  test(what, () => {
    assert.equal(accounting(start('s', ...attributes)).at.getTime() / 1000, at);
  });

test('Accounting-On and -Off are about the whole NAS and need no session', () => {
  assert.deepEqual(
    [
      accounting([
        [40, 7],
        [32, 'n'],
      ]).status,
      accounting([[40, 7]]).sessionId,
    ],
    ['on', ''],
  );
  assert.equal(
    accounting([
      [40, 8],
      [32, 'n'],
      [44, 'x'],
    ]).status,
    'off',
  );
  assert.equal(
    accounting([
      [40, 8],
      [32, 'n'],
      [44, 'x'],
    ]).sessionId,
    '',
  );
});

test('a status about tunnels or failures is known and unsupported', () => {
  for (const status of [9, 15, 0, 4_294_967_295])
    assert.equal(
      read([
        [40, status],
        [44, 's'],
      ]),
      'unsupported',
    );
});

test('names that are no plain text are told apart and can be stored', () => {
  assert.equal(accounting(start('a\0b')).sessionId, '0x610062');
  assert.equal(accounting(start('\xff')).sessionId, '0xc3bf');
  assert.equal(accounting(start(' a')).sessionId, '0x2061');
  assert.equal(accounting(start('a b')).sessionId, 'a b');
});

test('networks with three digits of MNC, a filler, or a zero at the end are read', () => {
  const network = (value: string) => {
    const { mcc, mnc } = accounting([[40, 1], [44, 's'], threeGpp([18, value])]);
    return [mcc, mnc];
  };
  assert.deepEqual(network('310410'), ['310', '410']);
  assert.deepEqual(network('26201F'), ['262', '01']);
  assert.deepEqual(network('26201\0'), ['262', '01']);
  for (const wrong of ['2620', '2620123', 'abcde', '']) assert.deepEqual(network(wrong), [null, null]);
});

test('an IMSI that is none is not taken for one, and other vendors are passed over', () => {
  const imsiOf = (...attributes: Attribute[]) => accounting([[40, 1], [44, 's'], ...attributes]).imsi;
  for (const wrong of ['', '12345', '1234567890123456', '00101000000000x'])
    assert.equal(imsiOf(threeGpp([1, wrong])), null);
  const otherVendor = Buffer.concat([Buffer.from([0, 0, 0, 9]), Buffer.from([1, 99, 7])]);
  assert.equal(
    imsiOf([26, otherVendor], threeGpp([5, 'x']), threeGpp([1, '001010000000001'])),
    '001010000000001',
  );
});

for (const [what, attributes] of [
  ['no status', [[44, 's']]],
  ['a session without id', [[40, 1]]],
  [
    'an empty session id',
    [
      [40, 1],
      [44, ''],
    ],
  ],
  [
    'a status of 3 bytes',
    [
      [40, Buffer.from([0, 0, 1])],
      [44, 's'],
    ],
  ],
  ['octets of 8 bytes', [...start(), [42, Buffer.alloc(8)]]],
  ['a counter that overflows', [...start(), [42, 0], [52, 4_294_967_295]]],
  ['a vendor attribute without vendor', [...start(), [26, Buffer.from([0, 0, 1])]]],
  [
    'a 3GPP attribute longer than what holds it',
    [
      [40, 1],
      [44, 's'],
      [26, Buffer.from([0, 0, 0x28, 0xaf, 1, 9, 0x30])],
    ],
  ],
  [
    'a 3GPP attribute without length',
    [
      [40, 1],
      [44, 's'],
      [26, Buffer.from([0, 0, 0x28, 0xaf, 1, 0])],
    ],
  ],
] as [string, Attribute[]][])
  test(`${what} is malformed`, () => {
    assert.equal(read(attributes), null);
  });
