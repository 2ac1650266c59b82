import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { testDatabase } from '../../pg/test_database.ts';
import { openApiDocument } from './openapi.ts';
import { openShop } from './test_shop.ts';

const shop = await openShop(await testDatabase());
const get = (path: string, headers = {}) => shop.call('GET', path, { secret: null, headers });

test('the reference page loads its script from here, and nothing from elsewhere', async () => {
  const page = (await get('/docs/')).bytes.toString();
  const sources = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map((match) => match[1]);
  assert.deepEqual(sources, ['js/scalar.js']);
  const script = await get('/docs/js/scalar.js');
  assert.equal(script.headers['content-encoding'], 'gzip');
  assert.ok(gunzipSync(script.bytes).length > 1_000_000);
});

test('the OpenAPI document is served without a key', async () => {
  assert.deepEqual((await get('/openapi.json')).json, JSON.parse(JSON.stringify(openApiDocument())));
});

test('a browser is led from the root to the documentation, a program is told where it is', async () => {
  const browser = await get('/', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
  assert.deepEqual([browser.status, browser.headers['location']], [302, '/docs/']);
  assert.equal((await get('/')).json.openapi, '/openapi.json');
});

test('the process is alive, ready, and measured', async () => {
  assert.deepEqual((await get('/healthz')).json, { status: 'ok' });
  assert.deepEqual((await get('/readyz')).json, { status: 'ok', parts: { database: 'ok' } });
  await shop.call('GET', '/v1/orders/secret-path');
  const metrics = (await get('/metrics')).bytes.toString();
  assert.match(
    metrics,
    /overair_http_request_duration_seconds_count\{method="GET",route="\/v1\/orders\/:id",status="404"\} 1/,
  );
  assert.doesNotMatch(metrics, /secret-path/);
});
