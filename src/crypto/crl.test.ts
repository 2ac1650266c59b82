// Revocation lists: what is read from them, how long many entries take, and which ones are refused.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { AppError } from '../base/app_error.ts';
import { boolean } from '../der/boolean.ts';
import { integer } from '../der/integer.ts';
import { octets } from '../der/octets.ts';
import { sequence, tlv } from '../der/write_tlv.ts';
import { readCertificate } from './certificate.ts';
import { looksLikeCrl, readCrl } from './crl.ts';
import { verifyEcdsa } from './ecdsa.ts';
import { keyIdOf } from './key_id.ts';
import { makeCertificate } from './make_certificate.ts';
import { type CrlRequest, makeCrl } from './make_crl.ts';
import { readPublicPoint } from './public_key.ts';
import { generateSigningKey } from './signing_key.ts';

const key = generateSigningKey('P-256');
const issuer = { name: { commonName: 'CI' }, key };
const thisUpdate = new Date('2026-11-01T00:00:00Z');
const list = (more: Partial<CrlRequest> = {}) => makeCrl({ issuer, thisUpdate, revoked: [], ...more });
const serial = (hex: string) => Buffer.from(hex, 'hex');

for (const curve of ['P-256', 'brainpoolP256r1'] as const)
  test(`${curve}: a list says who signed it, from when to when it holds, and which serial numbers are revoked`, () => {
    const own = generateSigningKey(curve);
    const nextUpdate = new Date('2026-12-01T00:00:00Z');
    const crl = readCrl(
      makeCrl({
        issuer: { name: { commonName: 'CI' }, key: own },
        thisUpdate,
        nextUpdate,
        number: 7,
        revoked: [serial('01'), serial('7FAABBCC')],
      }),
    );
    assert.deepEqual(
      [crl.thisUpdate, crl.nextUpdate, crl.number, crl.scope],
      [thisUpdate, nextUpdate, '07', ''],
    );
    assert.deepEqual(crl.authorityKeyId && Buffer.from(crl.authorityKeyId), keyIdOf(own.publicPoint));
    assert.deepEqual(
      ['01', '7FAABBCC', '02', '7FAABB'].map((hex) => crl.isRevoked(serial(hex))),
      [true, true, false, false],
    );
    assert.ok(verifyEcdsa(readPublicPoint(curve, own.publicPoint), crl.tbs, crl.signature));
  });

test('a serial number is the same with and without a leading zero', () => {
  const crl = readCrl(list({ revoked: [serial('00FF01')] }));
  assert.ok(crl.isRevoked(serial('FF01')));
  assert.ok(crl.isRevoked(serial('00FF01')));
});

test('a list without entries, without an end and without a number is a list', () => {
  const crl = readCrl(list());
  assert.equal(crl.revokedCount, 0);
  assert.equal(crl.nextUpdate, undefined);
  assert.equal(crl.isRevoked(serial('01')), false);
});

test('the parts of a split list differ in their scope', () => {
  const scopes = ['http://a.example/1.crl', 'http://a.example/2.crl'].map(
    (distributionPoint) => readCrl(list({ distributionPoint })).scope,
  );
  assert.notEqual(scopes[0], scopes[1]);
  assert.notEqual(scopes[0], '');
});

test('100,000 entries are read in less than three seconds and found', () => {
  const revoked = Array.from({ length: 100_000 }, () =>
    Buffer.concat([Buffer.from([0x40]), randomBytes(15)]),
  );
  const der = list({ revoked });
  const since = performance.now();
  const crl = readCrl(der);
  const ms = performance.now() - since;
  assert.equal(crl.revokedCount, 100_000);
  assert.ok(revoked.every((each) => crl.isRevoked(each)));
  assert.ok(ms < 3000, `${der.length} bytes took ${ms} ms`);
});

const indirect = { id: '2.5.29.28', critical: true, value: sequence(tlv(0x84, Buffer.from([0xff]))) };
const refused: [string, Uint8Array, string][] = [
  [
    'a delta list',
    list({ extensions: [{ id: '2.5.29.27', critical: true, value: integer(1) }] }),
    'invalid_certificate',
  ],
  ['an indirect list', list({ extensions: [indirect] }), 'invalid_certificate'],
  [
    'an unknown critical extension',
    list({ extensions: [{ id: '1.2.3.4', critical: true, value: boolean(true) }] }),
    'invalid_certificate',
  ],
  ['a list cut short', list({ revoked: [serial('01')] }).subarray(0, -20), 'malformed_der'],
  ['bytes behind the list', Buffer.concat([list(), Buffer.from([0])]), 'malformed_der'],
  ['something else', sequence(octets(Buffer.from('hello'))), 'malformed_der'],
];
for (const [what, der, code] of refused)
  test(`${what} is refused`, () => {
    assert.throws(
      () => readCrl(der),
      (error) => error instanceof AppError && error.code === code,
    );
  });

test('an unknown extension that is not critical is passed over', () => {
  const value = boolean(true);
  assert.equal(readCrl(list({ extensions: [{ id: '1.2.3.4', critical: false, value }] })).revokedCount, 0);
});

test('a list is told from a certificate by its form, and an end beyond the year 9999 is its last second', () => {
  const certificate = makeCertificate({
    subject: { commonName: 'CI' },
    key,
    issuer,
    notBefore: thisUpdate,
    notAfter: new Date('+012000-01-01T00:00:00Z'),
    keyUsage: [],
    policies: ['1.2.3'],
  });
  assert.deepEqual([list(), certificate, Buffer.from('3000', 'hex')].map(looksLikeCrl), [true, false, false]);
  assert.equal(readCertificate(certificate).notAfter.toISOString(), '9999-12-31T23:59:59.000Z');
});
