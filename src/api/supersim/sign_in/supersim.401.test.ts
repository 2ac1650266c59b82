import assert from 'node:assert/strict';
import { test } from 'node:test';
import { revokeApiKey } from '../../../modules/accounts/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { routes } from '../routes.ts';
import { basicAuth, examplePath, openSuperSim } from '../test_supersim.ts';
import { writeSid } from '../wire/sid.ts';

const door = await openSuperSim(await testDatabase());
const { account, subaccount, foreign } = door;

for (const { method, path } of routes) {
  test(`${method} ${path} is refused without credentials`, async () => {
    const { status, body, headers } = await door.call(method, examplePath(path), { auth: null });
    assert.equal(status, 401);
    assert.deepEqual(body, {
      code: 20003,
      message: 'Authenticate',
      more_info: 'https://www.twilio.com/docs/errors/20003',
      status: 401,
    });
    assert.equal(headers['www-authenticate'], 'Basic realm="overair"');
  });
}

const { sid, secret, key } = account;
for (const [name, auth] of [
  ['a wrong secret', basicAuth(sid, `${secret}x`)],
  ['no secret', basicAuth(sid, '')],
  ['no SID', basicAuth('', secret)],
  ['the SID of another account', basicAuth(foreign.sid, secret)],
  ['the parent account with the key of its subaccount', basicAuth(sid, subaccount.secret)],
  ['the SID of another key', basicAuth(writeSid('apiKey', foreign.key.id), secret)],
  ['the SID of a resource', basicAuth(writeSid('sim', account.account.id), secret)],
  ['our own account id', basicAuth(account.account.id, secret)],
  ['text that is not base64', 'Basic !!!'],
  ['a pair without a colon', `Basic ${Buffer.from('nothing').toString('base64')}`],
  ['an unknown API key', `Bearer ${secret}x`],
  ['an unsigned token', `Bearer ${unsigned({ sub: key.id, acc: account.account.id, dialect: 'twilio' })}`],
  ['something with dots', 'Bearer a.b.c'],
  ['another scheme', `Digest ${secret}`],
  ['a scheme alone', 'Basic'],
  ['an endless secret', basicAuth(sid, 'x'.repeat(5_000))],
] as const) {
  test(`${name} is refused`, async () => {
    const { status, body } = await door.call('GET', '/ESimProfiles', { auth });
    assert.deepEqual([status, body.code, body.message], [401, 20003, 'Authenticate']);
  });
}

for (const [name, auth] of [
  ['the SID of the account', account.auth],
  ['the SID of the key', basicAuth(writeSid('apiKey', key.id), secret)],
  ['an API key as Bearer', `Bearer ${secret}`],
  ['a scheme in lower case', account.auth.replace('Basic', 'basic')],
  ['a subaccount and its own key', subaccount.auth],
  ['a subaccount and the key of its parent', basicAuth(subaccount.sid, secret)],
  ['a SID in upper case', basicAuth(`AC${sid.slice(2).toUpperCase()}`, secret)],
] as const) {
  test(`${name} is accepted`, async () => {
    const { status } = await door.call('GET', '/ESimProfiles', { auth });
    assert.equal(status, 200);
  });
}

test('a revoked key opens nothing any more', async () => {
  const gone = await door.newKey(['read']);
  assert.equal((await door.call('GET', '/ESimProfiles', { auth: gone.auth })).status, 200);
  await write(door.ctx, {}, (tx) => revokeApiKey(tx, { accountId: account.account.id, id: gone.key.id }));
  assert.equal((await door.call('GET', '/ESimProfiles', { auth: gone.auth })).status, 401);
});

test('a wrong Bearer is told so as RFC 6750 wants it', async () => {
  const { headers } = await door.call('GET', '/ESimProfiles', { auth: 'Bearer nonsense' });
  assert.equal(headers['www-authenticate'], 'Bearer realm="overair", error="invalid_token"');
});

test('on a host with kore in its name, refusals link to the pages of KORE', async () => {
  const { body } = await door.call('GET', '/ESimProfiles', {
    auth: null,
    headers: { host: 'supersim.kore.example' },
  });
  assert.equal(body.more_info, 'https://docs.korewireless.com/errors/20003');
});

function unsigned(claims: object): string {
  const [header, payload] = [
    { alg: 'none', typ: 'JWT' },
    { iss: 'overair', exp: 4e9, scope: 'read', ...claims },
  ];
  return [header, payload]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
    .concat('.');
}
