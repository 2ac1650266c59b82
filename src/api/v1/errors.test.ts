import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorCodes } from '../../base/error_codes.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { createApiApp } from '../create_api_app.ts';
import { routes } from './routes.ts';
import { openShop } from './test_shop.ts';

const shop = await openShop(await testDatabase());

for (const path of ['/v1', '/v1/', '/v1/nothing', '/v2/orders', '/nothing', '/v1/orders/a/b/c']) {
  test(`${path} is not found, as a problem`, async () => {
    const { status, json } = await shop.call('GET', path);
    assert.deepEqual([status, json.code, json.type], [404, 'not_found', '/docs/errors/not_found']);
  });
}

for (const { path } of routes.filter((each) => each.method !== 'PUT')) {
  test(`PATCH ${path} answers which methods there are`, async () => {
    const { status, json, headers } = await shop.call('PATCH', `/v1${path.replace(/\{\w+\}/g, 'x')}`, {
      body: '{',
    });
    assert.deepEqual([status, json.code], [405, 'method_not_allowed']);
    const methods = routes.filter((each) => each.path === path).map((each) => each.method);
    for (const method of methods) assert.match(String(headers['allow']), new RegExp(method));
  });
}

test('a path that cannot be decoded is not found, as a problem', async () => {
  const { status, json, headers } = await shop.call('GET', '/v1/orders/%E0%A4%A');
  assert.deepEqual([status, json.code], [404, 'not_found']);
  assert.ok(headers['x-request-id']);
});

test('a fault of ours is one 500 that says nothing of what happened, and the log says all', async () => {
  const logged: object[] = [];
  const log = { ...shop.core.log, error: (fields: object) => void logged.push(fields) };
  const app = createApiApp({ core: { ...shop.core, log }, ready: async () => ({}) });
  app.get('/fault', () => {
    throw new TypeError('secret words');
  });
  const response = await app.inject({ url: '/fault', headers: { 'x-request-id': 'r-1' } });
  assert.deepEqual([response.statusCode, response.json().code], [500, 'internal']);
  assert.doesNotMatch(response.body, /secret/);
  assert.match(String((logged[0] as { err: Error }).err), /secret words/);
  assert.equal((logged[0] as { requestId: string }).requestId, 'r-1');
});

test('while the database is away the answer is 503 with when to come again', async () => {
  const database = await testDatabase();
  const lost = await openShop(database);
  const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const executor = () => Promise.reject(away);
  const kysely = new Proxy(database.kysely, {
    get: (of, name) => (name === 'executeQuery' ? executor : Reflect.get(of, name)),
  });
  const app = createApiApp({
    core: { ...lost.core, database: { ...database, kysely } },
    ready: async () => ({ database: 'away' }),
  });
  const headers = { authorization: `Bearer ${lost.secret}` };
  const response = await app.inject({ url: '/v1/account', headers });
  assert.deepEqual([response.statusCode, response.json().code], [503, 'unavailable']);
  assert.ok(Number(response.headers['retry-after']) > 0);
  const ready = await app.inject('/readyz');
  assert.deepEqual([ready.statusCode, ready.json().parts], [503, { database: 'away' }]);
});

for (const code of Object.keys(errorCodes)) {
  test(`the page of ${code} explains it`, async () => {
    const { status, bytes, headers } = await shop.call('GET', `/docs/errors/${code}`, { secret: null });
    assert.equal(status, 200);
    assert.match(String(headers['content-type']), /^text\/html/);
    assert.ok(bytes.toString().includes(code));
  });
}

test('there is no page for what is no code', async () => {
  assert.equal((await shop.call('GET', '/docs/errors/constructor')).status, 404);
});
