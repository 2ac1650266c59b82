import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../base/app_error.ts';
import { opcOf } from '../../crypto/milenage.ts';
import { completeCodes } from './complete_codes.ts';
import { assertSubscription, mncLengthOf, type Subscription } from './subscription.ts';
import { testSubscription } from './test_subscription.ts';

test('OPc of the published key and OP is the published one', () => {
  const opc = opcOf(testSubscription.ki, Buffer.from('cdc202d5123e20f62b6d676ac72cb318', 'hex'));
  assert.equal(Buffer.from(opc).toString('hex'), 'cd63cb71954a9f4e48a5994e37a02baf');
  assert.throws(() => opcOf(testSubscription.ki, new Uint8Array(15)), { code: 'invalid_request' });
});

const wrong: [field: string, change: object][] = [
  ['iccid', { iccid: '8900112233445566777' }],
  ['iccid', { iccid: '890011223344556677' }],
  ['imsi', { imsi: '00101' }],
  ['imsi', { imsi: '0010100000000170' }],
  ['ki', { ki: new Uint8Array(15) }],
  ['ki', { ki: '465b5ce8b199b49f' }],
  ['opc', { opc: new Uint8Array(32).fill(1) }],
  ['opc', { opc: new Uint8Array(16) }],
  ['algorithm', { algorithm: 'comp128' }],
  ['msisdn', { msisdn: '0301234567' }],
  ['smsc', { smsc: '+1234567890123456' }],
  ['serviceProviderName', { serviceProviderName: 'seventeen letters' }],
  ['serviceProviderName', { serviceProviderName: 'Оператор' }],
  ['serviceProviderName', { serviceProviderName: '' }],
  ['pin1', { pin1: '123' }],
  ['pin2', { pin2: '123456789' }],
  ['adm1', { adm1: '12a4' }],
  ['puk1', { puk1: '1234567' }],
  ['puk2', { puk2: '123456789' }],
  ['mncLength', { mncLength: 4 }],
  ['acc', { acc: 65536 }],
  ['otaKeys', { otaKeys: { ...testSubscription.otaKeys, kik: new Uint8Array(8) } }],
];

for (const [field, change] of wrong)
  test(`a subscription with ${field} ${JSON.stringify(Object.values(change)[0])} is refused by that field`, () => {
    assert.throws(
      () => assertSubscription({ ...testSubscription, ...change } as Subscription),
      (error) =>
        error instanceof AppError && error.code === 'invalid_request' && error.fields[0]?.field === field,
    );
  });

test('all fields at fault are named at once', () => {
  const faults = { ...testSubscription, imsi: '', puk1: '' };
  assert.throws(
    () => assertSubscription(faults),
    (error) => error instanceof AppError && error.fields.map(({ field }) => field).join() === 'imsi,puk1',
  );
});

test('an all-zero OPc is fine for the test algorithm, which ignores it', () => {
  assertSubscription({ ...testSubscription, opc: new Uint8Array(16), algorithm: 'test-xor' });
});

test('the network code has three digits where the country uses three', () => {
  assert.equal(mncLengthOf({ imsi: '310260987654321' }), 3);
  assert.equal(mncLengthOf({ imsi: '262011234567890' }), 2);
  assert.equal(mncLengthOf({ imsi: '405854123456789', mncLength: 3 }), 3);
});

test('codes not given are the same each time, differ from card to card, and given ones stay', () => {
  const { iccid, imsi, ki, opc } = testSubscription;
  const first = completeCodes({ iccid, imsi, ki, opc });
  assert.deepEqual(completeCodes({ iccid, imsi, ki, opc }), first);
  assert.notDeepEqual(completeCodes({ iccid, imsi, ki: opc, opc }), first);
  assert.equal(completeCodes({ iccid, imsi, ki, opc, puk1: '12345678' }).puk1, '12345678');
  assert.match(`${first.puk1} ${first.puk2} ${first.adm1} ${first.pin1}`, /^\d{8} \d{8} \d{8} 0000$/);
  assert.equal(
    new Set([...Object.values(first.otaKeys)].map((key) => Buffer.from(key).toString('hex'))).size,
    3,
  );
});
