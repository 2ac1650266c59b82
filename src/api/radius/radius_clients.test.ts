import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../base/app_error.ts';
import { plainAddress, readRadiusClients } from './radius_clients.ts';

test('clients are read with their secrets, which may hold the sign between', () => {
  assert.deepEqual(readRadiusClients('192.0.2.1=testing123, 2001:db8::1=a=secret=of=signs'), [
    { address: '192.0.2.1', secret: 'testing123' },
    { address: '2001:db8::1', secret: 'a=secret=of=signs' },
  ]);
});

for (const text of [
  '',
  'testing123',
  'gateway.example=testing123',
  '192.0.2.1',
  '192.0.2.1=',
  '192.0.2.1=short',
  `192.0.2.1=${'x'.repeat(129)}`,
  '192.0.2.0/24=testing123',
  '192.0.2.1=testing123,',
  '192.0.2.1=testing123,192.0.2.1=testing124',
  '2001:db8::1=testing123,2001:db8:0::1=testing124',
])
  test(`"${text.slice(0, 60)}" is refused, and its secret is not told`, () => {
    assert.throws(
      () => readRadiusClients(text),
      (error) =>
        error instanceof AppError && error.code === 'invalid_request' && !/testing|short/.test(error.detail),
    );
  });

test('an address has one spelling', () => {
  for (const each of ['2001:DB8::1', '2001:db8:0:0:0:0:0:1', '2001:db8::1%eth0'])
    assert.equal(plainAddress(each), '2001:db8::1');
  for (const each of ['192.0.2.1', '::ffff:192.0.2.1', '::ffff:c000:201'])
    assert.equal(plainAddress(each), '192.0.2.1');
});
