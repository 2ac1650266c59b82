import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeJwt } from 'jose';
import { createVault } from '../../../base/vault.ts';
import { revokeApiKey, scopes } from '../../../modules/accounts/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { basicAuth, openSuperSim, type TestKey, testHost, writeFields } from '../test_supersim.ts';
import { writeSid } from '../wire/sid.ts';
import { type AccessTokens, createAccessTokens } from './access_token.ts';
import { tokenPaths } from './token_plugin.ts';

const door = await openSuperSim(await testDatabase(), { stock: 0 });
const { account, subaccount, core } = door;
const { twilio, kore } = tokenPaths;
const client = { client_id: writeSid('client', account.key.id), client_secret: account.secret };
const grant = { grant_type: 'client_credentials', ...client };

async function ask(path: string, fields: Record<string, string | string[]> | string = grant, headers = {}) {
  const response = await door.app.inject({
    method: 'POST',
    url: path,
    headers: { host: testHost, 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: writeFields(fields),
  });
  return { status: response.statusCode, body: response.json(), headers: response.headers };
}
const tokenFor = async (path: string, fields = {}): Promise<string> =>
  (await ask(path, { ...grant, ...fields })).body.access_token;
const use = (token: string, path = '/ESimProfiles') => door.call('GET', path, { auth: `Bearer ${token}` });

for (const [dialect, path] of Object.entries(tokenPaths)) {
  for (const prefix of ['', '/supersim']) {
    test(`a key becomes a token at ${prefix}${path}, which opens the door for an hour`, async () => {
      const { status, body, headers } = await ask(prefix + path);
      assert.equal(status, 200);
      const { access_token: token, ...rest } = body;
      assert.deepEqual(rest, { token_type: 'Bearer', expires_in: 3600, scope: scopes.join(' ') });
      assert.deepEqual([headers['cache-control'], headers['access-control-allow-origin']], ['no-store', '*']);
      const { iat = 0, ...claims } = decodeJwt(token);
      assert.deepEqual(claims, {
        iss: 'overair',
        sub: account.key.id,
        acc: account.account.id,
        dialect,
        scope: scopes.join(' '),
        exp: iat + 3600,
      });
      assert.ok(Math.abs(iat - Date.now() / 1000) < 60);
      assert.equal((await use(token)).status, 200);
    });
  }
}

for (const [name, fields, headers] of [
  ['the SID of the key', { ...grant, client_id: writeSid('apiKey', account.key.id) }, {}],
  ['the id of the key', { ...grant, client_id: account.key.id }, {}],
  ['the SID of its account', { ...grant, client_id: account.sid }, {}],
  [
    'Basic',
    { grant_type: 'client_credentials' },
    { authorization: basicAuth(client.client_id, client.client_secret) },
  ],
  ['fields that nobody knows', { ...grant, audience: 'x', resource: 'y' }, {}],
] as const) {
  test(`a client may name itself by ${name}`, async () => {
    assert.equal((await ask(twilio, fields, headers)).status, 200);
  });
}

test('a token for the SID of a subaccount acts for the subaccount', async () => {
  const token = await tokenFor(kore, { client_id: subaccount.sid });
  assert.equal(decodeJwt(token)['acc'], subaccount.account.id);
  assert.equal((await use(token)).status, 200);
});

test('a scope narrows the token, and the token is not given more than it has', async () => {
  const reading = (await ask(twilio, { ...grant, scope: 'read' })).body;
  assert.equal(reading.scope, 'read');
  const auth = `Bearer ${reading.access_token}`;
  assert.equal((await door.call('GET', '/ESimProfiles', { auth })).status, 200);
  const { status, body } = await door.call('POST', '/ESimProfiles', {
    auth,
    form: { GenerateMatchingId: true },
  });
  assert.deepEqual([status, body.code], [403, 20006]);
});

test('an error for the holder of a KORE token links to the pages of KORE', async () => {
  const { body } = await use(await tokenFor(kore), '/Nothing');
  assert.equal(body.more_info, 'https://docs.korewireless.com/errors/20404');
});

const reader = await door.newKey(['read']);
const clientOf = ({ key, secret }: TestKey) => ({
  client_id: writeSid('client', key.id),
  client_secret: secret,
});
for (const [name, fields, status, error] of [
  ['a wrong secret', { ...grant, client_secret: 'wrong' }, 401, 'invalid_client'],
  ['an unknown client', { ...grant, client_id: `OQ${'0'.repeat(32)}` }, 401, 'invalid_client'],
  [
    'the id of another key',
    { ...grant, client_id: writeSid('client', reader.key.id) },
    401,
    'invalid_client',
  ],
  ['no client', { grant_type: 'client_credentials' }, 401, 'invalid_client'],
  ['another grant', { ...grant, grant_type: 'password' }, 400, 'unsupported_grant_type'],
  ['no grant', client, 400, 'invalid_request'],
  ['an empty form', '', 400, 'invalid_request'],
  ['a repeated field', { ...grant, client_secret: [account.secret, 'x'] }, 400, 'invalid_request'],
  ['an unknown scope', { ...grant, scope: 'read everything' }, 400, 'invalid_scope'],
  [
    'a scope that the key lacks',
    { ...grant, ...clientOf(reader), scope: 'orders:write' },
    400,
    'invalid_scope',
  ],
] as const) {
  test(`${name} gets no token, and Twilio's clients are told as RFC 6749 says`, async () => {
    const { status: answered, body, headers } = await ask(twilio, fields as Record<string, string>);
    assert.deepEqual([answered, body.error], [status, error]);
    assert.deepEqual(Object.keys(body), ['error', 'error_description']);
    assert.equal(headers['www-authenticate'] !== undefined, status === 401);
  });
  test(`${name} gets no token, and KORE's clients are told as KORE does`, async () => {
    const { status: answered, body } = await ask(kore, fields as Record<string, string>);
    assert.equal(answered, status);
    if (status === 401) assert.deepEqual(Object.keys(body), ['error', 'error_description']);
    else assert.deepEqual([Object.keys(body), Math.floor(body.code / 10)], [['code', 'message'], 2000]);
  });
}

test('the token endpoints take forms by POST and nothing else', async () => {
  const asJson = await ask(twilio, JSON.stringify(grant), { 'content-type': 'application/json' });
  assert.deepEqual([asJson.status, asJson.body.error], [415, 'invalid_request']);
  const large = await ask(kore, `a=${'x'.repeat(100_000)}`);
  assert.deepEqual([large.status, large.body.code], [413, 20001]);
  const got = await door.app.inject({ url: `/supersim${twilio}` });
  assert.deepEqual([got.statusCode, got.headers['allow']], [405, 'POST']);
});

test('a changed token, and one that another installation signed, are refused', async () => {
  const token = await tokenFor(twilio);
  const [header = '', payload = '', signature = ''] = token.split('.');
  const claims = { ...decodeJwt(token), acc: door.foreign.account.id };
  const changed = Buffer.from(JSON.stringify(claims)).toString('base64url');
  const stranger = createAccessTokens({ ...core, vault: createVault([{ id: 1, key: Buffer.alloc(32) }]) });
  for (const wrong of [
    `${header}.${changed}.${signature}`,
    `${header}.${payload}.`,
    `${header}.${payload}`,
    await writeWith(stranger),
  ]) {
    const { status, body } = await use(wrong);
    assert.deepEqual([status, body.code], [401, 20003]);
  }
});

test('a token is refused after its hour, and KORE has words of its own for that', async () => {
  const hourAgo = new Date(Date.now() - 3_601_000);
  const past = createAccessTokens({ ...core, now: () => hourAgo });
  assert.equal((await use(await writeWith(past))).status, 401);
  const { status, body } = await use(await writeWith(past, 'kore'));
  assert.equal(status, 403);
  assert.deepEqual(body, {
    message: 'User is not authorized to access this resource with an explicit deny',
    error: 'Invalid or expired token',
  });
  const almost = createAccessTokens({ ...core, now: () => new Date(Date.now() - 3_500_000) });
  assert.equal((await use(await writeWith(almost))).status, 200);
});

test('a token that was good a moment ago is refused once its hour is over', async () => {
  let now = new Date();
  const tokens = createAccessTokens({ ...core, now: () => now });
  const token = await writeWith(tokens);
  const issuedAt = (decodeJwt(token).iat ?? 0) * 1000;
  now = new Date(issuedAt + 3_599_999);
  for (let times = 0; times < 2; times++) assert.equal((await tokens.read(token))?.sub, account.key.id);
  now = new Date(issuedAt + 3_600_000);
  assert.equal(await tokens.read(token), undefined);
});

test('a token ends with the key behind it', async () => {
  const gone = await door.newKey(['read']);
  const token = await tokenFor(twilio, clientOf(gone));
  assert.equal((await use(token)).status, 200);
  await write(door.ctx, {}, (tx) => revokeApiKey(tx, { accountId: account.account.id, id: gone.key.id }));
  assert.equal((await use(token)).status, 401);
});

test('tokens signed by an older key of the vault are good until they expire', async () => {
  const [older, newer] = [
    { id: 1, key: Buffer.alloc(32, 1) },
    { id: 2, key: Buffer.alloc(32, 2) },
  ];
  const before = createAccessTokens({ ...core, vault: createVault([older]) });
  const after = createAccessTokens({ ...core, vault: createVault([newer, older]) });
  const removed = createAccessTokens({ ...core, vault: createVault([newer]) });
  const token = await writeWith(before);
  assert.equal((await after.read(token))?.sub, account.key.id);
  assert.equal(await removed.read(token), undefined);
  assert.equal(await before.read(await writeWith(after)), undefined);
});

function writeWith(tokens: AccessTokens, dialect: 'twilio' | 'kore' = 'twilio'): Promise<string> {
  const { key } = account;
  const credential = {
    account: { ...account.account, clockOffsetMs: 0 },
    apiKeyId: key.id,
    keyAccountId: account.account.id,
    scopes: key.scopes,
  };
  return tokens.write(credential, dialect, ['read']);
}
