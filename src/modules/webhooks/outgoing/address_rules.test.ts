import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressRules } from './address_rules.ts';

const mayCall = addressRules();

for (const address of [
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '10.255.255.255',
  '100.64.0.1',
  '100.127.255.255',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.8',
  '192.0.2.1',
  '192.168.1.1',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.7',
  '203.0.113.9',
  '224.0.0.1',
  '239.255.255.250',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:10.0.0.1',
  '::ffff:169.254.169.254',
  '::ffff:0.0.0.0',
  '64:ff9b::7f00:1',
  '64:ff9b::10.0.0.1',
  '64:ff9b:1::1',
  '100::1',
  '2001::1',
  '2001:0:7f00:1::',
  '2001:db8::1',
  '2002:7f00:1::1',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1',
  'febf::1',
  'fec0::1',
  'ff02::1',
]) {
  test(`${address} is not called`, () => assert.equal(mayCall(address), false));
}

for (const address of [
  '8.8.8.8',
  '100.128.0.1',
  '172.32.0.1',
  '2a00:1450:4001::8',
  '::ffff:8.8.8.8',
  '192.0.1.1',
])
  test(`${address} may be called`, () => assert.equal(mayCall(address), true));

test('an allowed network may be called, its neighbours may not', () => {
  const rules = addressRules(['127.0.0.0/8', 'fd00::7']);
  assert.deepEqual(['127.0.0.1', '::ffff:127.0.0.1', 'fd00::7', 'fd00::8', '10.0.0.1', '::1'].map(rules), [
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});

test('what is no address is not called', () => {
  for (const text of ['', 'localhost', '127.1', '1.2.3', '1.2.3.4.5', 'fe80::1%eth0', '0x7f.0.0.1'])
    assert.equal(mayCall(text), false, text);
});

for (const network of ['10.0.0.0/33', '::/129', 'local', '10.0.0.0/8/8', '10.0.0.0/', '10.0.0.0/-1', ''])
  test(`${JSON.stringify(network)} is refused as a network`, () => {
    assert.throws(() => addressRules([network]), { code: 'invalid_request' });
  });
