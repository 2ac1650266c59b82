import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../pg/test_database.ts';
import { openShop, product } from './v1/test_shop.ts';

const shop = await openShop(await testDatabase());
const { json: order } = await shop.call('POST', '/v1/orders', {
  body: { lines: [{ product: product.name }] },
});
await shop.fulfil();
const [esim] = (await shop.call('GET', `/v1/orders/${order.id}/esims`)).json.data;
const path = new URL(esim.installUrl).pathname;
const open = (url: string) => shop.call('GET', url, { secret: null });

test('the install URL of an eSIM opens without a key', async () => {
  const { status, bytes } = await open(path);
  assert.equal(status, 200);
  assert.ok(bytes.toString().includes(esim.activationCode));
  assert.ok(bytes.toString().includes('1 GB'));
  const picture = await open(`${path}/qr.png`);
  assert.equal(picture.bytes.toString('hex', 0, 8), '89504e470d0a1a0a');
});

test('the page loads nothing from elsewhere, is not indexed, kept, framed or referred to', async () => {
  const { headers, bytes } = await open(path);
  const page = bytes.toString();
  assert.match(String(headers['content-security-policy']), /^default-src 'none'; .*frame-ancestors 'none'/);
  const nonce = /script-src 'nonce-([^']+)'/.exec(String(headers['content-security-policy']))?.[1];
  const escaped = nonce?.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
  assert.ok(page.includes(`<style nonce="${escaped}">`) && page.includes(`<script nonce="${escaped}">`));
  assert.deepEqual(
    ['referrer-policy', 'x-content-type-options', 'x-robots-tag', 'cache-control'].map(
      (name) => headers[name],
    ),
    ['no-referrer', 'nosniff', 'noindex, nofollow', 'no-store'],
  );
  assert.doesNotMatch(page, /(src|@import|url\()\s*=?\s*["']?https?:/);
  assert.doesNotMatch(page, / style="| on\w+="/);
});

test('every opening has a nonce of its own', async () => {
  const policies = [await open(path), await open(path)].map(
    ({ headers }) => headers['content-security-policy'],
  );
  assert.notEqual(policies[0], policies[1]);
});

for (const unknown of [
  '/i/',
  '/i/x',
  `/i/${'A'.repeat(22)}`,
  `/i/${'A'.repeat(22)}/qr.png`,
  '/i/%00',
  '/i/a/b/c',
]) {
  test(`${unknown} is a friendly page that nothing is known`, async () => {
    const { status, headers, bytes } = await open(unknown);
    assert.equal(status, 404);
    assert.match(String(headers['content-type']), /^text\/html/);
    assert.match(bytes.toString(), /cannot find this eSIM/);
  });
}

test('an install page can only be read', async () => {
  const { status, headers } = await shop.call('POST', path, { secret: null });
  assert.deepEqual([status, headers['allow']], [405, 'GET, HEAD']);
});
