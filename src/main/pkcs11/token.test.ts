// Signing by a PKCS#11 token: the right key for each certificate, sessions that come back, and faults that are told.
import assert from 'node:assert/strict';
import { createHash, verify } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { present } from '../../base/assert.ts';
import { toHex } from '../../base/bytes.ts';
import { silentLog } from '../../base/log.ts';
import { generateSigningKey, writeSigningKey } from '../../crypto/signing_key.ts';
import { readConfig } from '../config.ts';
import { openToken } from './open_token.ts';
import { Pkcs11Error, Pkcs11Library } from './pkcs11_library.ts';
import { makeTestToken, noToken, softHsmModule } from './test_token.ts';
import { TokenSession } from './token_session.ts';

const skip = noToken;
if (skip) test('keys on a token sign', { skip });
else {
  const token = makeTestToken();
  const keys = (['P-256', 'brainpoolP256r1'] as const).map((curve) => generateSigningKey(curve));
  for (const key of keys) token.importKey(writeSigningKey(key));
  const open = (settings: Record<string, string> = {}) =>
    openToken(readConfig({ ...token.settings(), ...settings }), silentLog);
  const data = Buffer.from('to be signed');

  for (const { curve, publicPoint, privateKey } of keys)
    test(`${curve}: the token signs as the key in memory would`, async () => {
      const opened = present(await open(), 'a token');
      const found = (await opened.listKeys()).find((key) => toHex(key.publicPoint) === toHex(publicPoint));
      const signature = await present(found, 'the key').signer.sign(data);
      assert.ok(verify('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' }, signature));
      await opened.close();
    });

  test('a hundred signatures at once are all right, and the event loop goes on meanwhile', async () => {
    const opened = present(await open(), 'a token');
    const [first] = await opened.listKeys();
    const { signer } = present(first, 'a key');
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const signatures = await Promise.all(Array.from({ length: 100 }, () => signer.sign(data)));
    clearInterval(timer);
    assert.equal(new Set(signatures.map(toHex)).size, 100);
    assert.ok(turns > 0);
    await opened.close();
  });

  test('a session that the token has ended is opened again', async () => {
    const { default: koffi } = await import('koffi');
    const library = await Pkcs11Library.open(koffi, softHsmModule);
    const session = new TokenSession(library, token);
    const [point] = await session.listPoints();
    const digest = createHash('sha256').update(data).digest();
    const sign = () => session.sign(present(point, 'a key'), digest);
    assert.equal((await sign()).length, 64);
    const closeAllSessions = koffi.load(softHsmModule).func('ulong C_CloseAllSessions(ulong slot)');
    const [{ slot } = { slot: 0 }] = (await library.listTokens()).filter(
      ({ label }) => label === token.label,
    );
    assert.equal(closeAllSessions(slot), 0);
    assert.equal((await sign()).length, 64);
    await session.close();
  });

  test('a key that is not on the token signs nothing', async () => {
    const { default: koffi } = await import('koffi');
    const session = new TokenSession(await Pkcs11Library.open(koffi, softHsmModule), token);
    await assert.rejects(session.sign(generateSigningKey('P-256').publicPoint, Buffer.alloc(32)), /no key/);
    await session.close();
  });

  test('the PIN may be in a file', async () => {
    const file = join(tmpdir(), `overair-pin-${process.pid}`);
    writeFileSync(file, `${token.pin}\n`);
    const opened = await openToken(
      readConfig({ ...token.settings(), OVERAIR_PKCS11_PIN: '', OVERAIR_PKCS11_PIN_FILE: file }),
      silentLog,
    );
    assert.equal((await present(opened, 'a token').listKeys()).length, 2);
    await opened?.close();
  });

  const wrong: [string, Record<string, string>, RegExp][] = [
    ['another module', { OVERAIR_PKCS11_MODULE: '/nowhere.so' }, /OVERAIR_PKCS11_MODULE/],
    ['a library that is no module', { OVERAIR_PKCS11_MODULE: 'libm.so.6' }, /OVERAIR_PKCS11_MODULE/],
    [
      'another label',
      { OVERAIR_PKCS11_TOKEN: 'nobody' },
      /no token with the label nobody; there are: overair/,
    ],
    ['no file', { OVERAIR_PKCS11_PIN: '', OVERAIR_PKCS11_PIN_FILE: '/nowhere' }, /OVERAIR_PKCS11_PIN_FILE/],
  ];
  for (const [what, settings, message] of wrong)
    test(`${what} is told as unavailable, with what to do`, async () => {
      const reading = open(settings).then((opened) => opened?.listKeys());
      await assert.rejects(reading, (error: Error & { code?: string }) => {
        assert.match(error.message, message);
        return error.code === 'unavailable';
      });
    });

  test('a wrong PIN is tried once and never again, so that the token does not lock itself', async () => {
    let logins = 0;
    const library = {
      listTokens: async () => [{ slot: 1, label: token.label }],
      openSession: async () => 1,
      closeSession: async () => {},
      async login() {
        logins++;
        throw new Pkcs11Error('C_Login', 0xa0);
      },
    };
    const session = new TokenSession(library as unknown as Pkcs11Library, { ...token, pin: 'wrong' });
    for (let tries = 0; tries < 3; tries++) await assert.rejects(session.listPoints(), /PIN_INCORRECT/);
    assert.equal(logins, 1);
  });
}

test('without a module nothing native is loaded', async () => {
  assert.equal(await openToken(readConfig({}), silentLog), undefined);
});

for (const settings of [
  { OVERAIR_PKCS11_MODULE: '/x.so' },
  { OVERAIR_PKCS11_MODULE: '/x.so', OVERAIR_PKCS11_TOKEN: 'a' },
  { OVERAIR_PKCS11_TOKEN: 'a', OVERAIR_PKCS11_PIN: '1' },
  {
    OVERAIR_PKCS11_MODULE: '/x.so',
    OVERAIR_PKCS11_TOKEN: 'a',
    OVERAIR_PKCS11_PIN: '1',
    OVERAIR_PKCS11_PIN_FILE: '/p',
  },
])
  test(`settings of a token must be complete: ${Object.keys(settings).join(', ')}`, () => {
    assert.throws(() => readConfig(settings), { code: 'invalid_request', message: /OVERAIR_PKCS11_MODULE/ });
  });
