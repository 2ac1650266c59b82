import assert from 'node:assert/strict';
import { test } from 'node:test';
import Fastify from 'fastify';
import { decodeJwt } from 'jose';
import { z } from 'zod';
import { revokeApiKey } from '../../../modules/accounts/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { requestIdOf } from '../../http/request_id.ts';
import { testHost } from '../../http/test_door.ts';
import { connect } from '../connect_plugin.ts';
import { route } from '../route.ts';
import { askTokens, clientForm, openConnect, tokenPath } from '../test_connect.ts';
import { createConnectTokens } from './connect_tokens.ts';

const database = await testDatabase();
const door = await openConnect(database, { stock: 0 });
const { account, core } = door;

/** What a handler sees, as routes of this test only. */
const seen = route({
  method: 'GET',
  paths: ['/v1/seen'],
  scope: 'accounts:write',
  query: z.object({}),
  handler: ({ account: { id, kind, name }, ctx, isPreproduction }) => ({
    id,
    kind,
    name,
    requestId: ctx.requestId,
    isPreproduction,
  }),
});
const app = Fastify({ genReqId: (raw) => requestIdOf(raw.headers['x-correlation-id']) });
void app.register(connect(core, [seen]));

async function ask(path: string, headers: Record<string, string> = {}) {
  const response = await app.inject({ method: 'GET', url: path, headers: { host: testHost, ...headers } });
  return { status: response.statusCode, body: response.json(), headers: response.headers };
}
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const askAs = (token: string, path = '/connect-api/v1/seen') => ask(path, bearer(token));

test('client credentials become an access token for five minutes and a refresh token for thirty', async () => {
  const { status, body, headers } = await askTokens(door.app, clientForm(account));
  assert.equal(status, 200);
  assert.equal(headers['cache-control'], 'no-store');
  const { access_token: access, refresh_token: refresh, ...rest } = body;
  assert.deepEqual(rest, {
    expires_in: 300,
    refresh_expires_in: 1800,
    token_type: 'Bearer',
    'not-before-policy': 0,
    scope: 'profile',
  });
  const { exp = 0, iat = 0, roles } = decodeJwt(access);
  assert.equal(exp - iat, 300);
  assert.deepEqual(roles, ['RESELLER', 'ACCOUNT_MANAGER']);
  assert.equal((await askAs(access)).status, 200);
  assert.equal((await askAs(refresh)).status, 401, 'a refresh token opens nothing');
});

test('a refresh token becomes new tokens, with the client named or not; an access token does not', async () => {
  const { body } = await askTokens(door.app, clientForm(account));
  const refreshed = { grant_type: 'refresh_token', refresh_token: body.refresh_token };
  for (const more of [
    {},
    { client_id: account.key.id, client_secret: account.secret },
    { client_id: account.key.id },
  ]) {
    const again = await askTokens(door.app, { ...refreshed, ...more });
    assert.equal(again.status, 200);
    assert.equal((await askAs(again.body.access_token)).status, 200);
  }
  const wrong = await askTokens(door.app, { ...refreshed, refresh_token: body.access_token });
  assert.deepEqual([wrong.status, wrong.body.error], [400, 'invalid_grant']);
  const other = await askTokens(door.app, {
    ...refreshed,
    client_id: door.foreign.key.id,
    client_secret: door.foreign.secret,
  });
  assert.deepEqual([other.status, other.body.error], [400, 'invalid_grant']);
});

test('tokens are of one realm, any realm has them, and a client may sign in by Basic', async () => {
  const path = '/auth/realms/another-realm/protocol/openid-connect/token';
  const { body } = await askTokens(door.app, clientForm(account), { path });
  const grant = { grant_type: 'refresh_token', refresh_token: body.refresh_token };
  assert.equal((await askTokens(door.app, grant)).status, 400);
  assert.equal((await askTokens(door.app, grant, { path })).status, 200);
  const basic = Buffer.from(`${account.key.id}:${account.secret}`).toString('base64');
  const headers = { authorization: `Basic ${basic}` };
  assert.equal((await askTokens(door.app, { grant_type: 'client_credentials' }, { headers })).status, 200);
});

for (const [what, form, status, error] of [
  ['no grant_type', {}, 400, 'invalid_request'],
  ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
  ['no client', { grant_type: 'client_credentials' }, 401, 'invalid_client'],
  ['a wrong secret', { ...clientForm(account), client_secret: 'wrong' }, 401, 'invalid_client'],
  [
    'the id of another client',
    { ...clientForm(account), client_id: door.foreign.key.id },
    401,
    'invalid_client',
  ],
  ['no refresh token', { grant_type: 'refresh_token' }, 400, 'invalid_grant'],
  [
    'a refresh token of somebody',
    { grant_type: 'refresh_token', refresh_token: 'a.b.c' },
    400,
    'invalid_grant',
  ],
] as const)
  test(`${what}: ${status} ${error}`, async () => {
    const answer = await askTokens(door.app, form as Record<string, string>);
    assert.deepEqual([answer.status, answer.body.error], [status, error]);
    assert.equal(typeof answer.body.error_description, 'string');
  });

test('a form of another type, another method and a huge form are refused in the form of the endpoint', async () => {
  const json = await askTokens(door.app, {}, { headers: { 'content-type': 'application/json' } });
  assert.deepEqual([json.status, json.body.error], [415, 'invalid_request']);
  const huge = await askTokens(door.app, { grant_type: 'x'.repeat(20_000) });
  assert.deepEqual([huge.status, huge.body.error], [413, 'invalid_request']);
  const got = await door.app.inject({ method: 'GET', url: tokenPath, headers: { host: testHost } });
  assert.deepEqual([got.statusCode, got.json().error, got.headers.allow], [405, 'invalid_request', 'POST']);
});

test('without a token, with one of somebody else, an old one, or that of a revoked key: 401 UNAUTHORISED', async () => {
  const old = createConnectTokens({ ...core, now: () => new Date(Date.now() - 301_000) });
  const claims = { use: 'Bearer' as const, realm: 'tru-staff', roles: [] };
  const expired = await old.write({ apiKeyId: account.key.id as never }, claims, 300);
  const revoked = await door.newKey(['read', 'accounts:write']);
  const token = await door.tokenOf(revoked);
  assert.equal((await askAs(token)).status, 200);
  await write(door.ctx, {}, (tx) => revokeApiKey(tx, { accountId: account.account.id, id: revoked.key.id }));
  for (const headers of [{}, bearer('a.b.c'), bearer(account.secret), bearer(expired), bearer(token)]) {
    const answer = await ask('/connect-api/v1/seen', headers);
    assert.equal(answer.status, 401);
    assert.equal(answer.body.type, 'UNAUTHORISED');
    assert.ok(answer.headers['www-authenticate']);
  }
});

test('a client without the role is refused with ACCESS_DENIED', async () => {
  const reseller = await door.newKey(['read', 'orders:write', 'lines:write']);
  const { status, body } = await askAs(await door.tokenOf(reseller));
  assert.deepEqual([status, body.type], [403, 'ACCESS_DENIED']);
});

test('pre-production is one sandbox of the same account, made once however many ask at the same time', async () => {
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => askAs(door.token, '/connect-api-preprod/v1/seen/')),
  );
  const ids = new Set(answers.map(({ body }) => body.id));
  assert.equal(ids.size, 1);
  assert.ok(!ids.has(account.account.id));
  assert.equal(answers[0]?.body.kind, 'sandbox');
  const production = await askAs(door.token);
  assert.equal(production.body.id, account.account.id);
  const others = await askAs(await door.tokenOf(door.foreign), '/connect-api-preprod/v1/seen');
  assert.ok(!ids.has(others.body.id));
});

test('X-Correlation-ID is echoed and is the id of the request in events and logs', async () => {
  const id = 'unique-id-from-requester-123';
  const { body, headers } = await ask('/connect-api/v1/seen', {
    ...bearer(door.token),
    'x-correlation-id': id,
  });
  assert.deepEqual([headers['x-correlation-id'], body.requestId], [id, id]);
  const without = await askAs(door.token, '/esim/v1/seen');
  assert.match(String(without.headers['x-correlation-id']), /^req_/);
});
