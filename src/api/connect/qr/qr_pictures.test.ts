import assert from 'node:assert/strict';
import { test } from 'node:test';
import { qrPng, qrSvg } from '../../../modules/activation/index.ts';
import { putBranding } from '../../../modules/branding/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { type Method, testHost } from '../../http/test_door.ts';
import { newEsim, placed } from '../orders/test_orders.ts';
import { openConnect } from '../test_connect.ts';

const door = await openConnect(await testDatabase());
const stranger = 'LPA:1$smdp.elsewhere.example$ABCDE-FGHJK';

async function get(url: string, headers: Record<string, string> = {}, method: Method = 'GET') {
  const response = await door.app.inject({ method, url, headers: { host: testHost, ...headers } });
  return { status: response.statusCode, headers: response.headers, bytes: response.rawPayload };
}

test('the code of a path becomes its picture without a token, raw or percent-encoded, at both addresses', async () => {
  for (const path of ['/connect/qrcode/v1/esim/', '/qrcode/v1/esim/'])
    for (const code of [
      stranger,
      encodeURIComponent(stranger),
      stranger.replaceAll('$', '%24'),
      stranger.replace(':', '%3A'),
      stranger.replace(':', '%3a'),
      stranger.replace('LPA', 'lpa'),
    ]) {
      const { status, headers, bytes } = await get(path + code);
      assert.deepEqual([status, headers['content-type']], [200, 'image/png'], code);
      assert.deepEqual(bytes, qrPng(stranger));
      assert.match(String(headers['cache-control']), /^public, max-age=\d+$/);
    }
});

test('the picture of an order is at the URL that the order told', async () => {
  const { output } = await placed(door, newEsim());
  const { status, bytes } = await get(output.qrcode_url);
  assert.equal(status, 200);
  assert.deepEqual(bytes, qrPng(output.lpa_url));
});

test('a code that needs a confirmation code, names a port or is as long as codes may be has a picture', async () => {
  const longest = `LPA:1$${'a'.repeat(50)}.example$${'M'.repeat(194)}`;
  for (const code of [
    'LPA:1$smdp.example$M$$1',
    'LPA:1$localhost:8443$M/?#%',
    'LPA:1$smdp.example$',
    longest,
  ]) {
    const { status, bytes } = await get(`/qrcode/v1/esim/${encodeURIComponent(code)}`);
    assert.equal(status, 200, code);
    assert.deepEqual(bytes, qrPng(code), code);
  }
});

test('SVG is for who asks for it by extension, or by Accept and takes no other picture', async () => {
  const url = `/qrcode/v1/esim/${stranger}`;
  const type = async (path: string, accept?: string) =>
    (await get(path, accept === undefined ? {} : { accept })).headers['content-type'];
  assert.deepEqual((await get(`${url}.svg`)).bytes.toString(), qrSvg(stranger));
  assert.equal(await type(`${url}.svg`), 'image/svg+xml');
  assert.equal(await type(`${url}.png`, 'image/svg+xml'), 'image/png');
  assert.equal(await type(url, 'image/svg+xml'), 'image/svg+xml');
  const browser = 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8';
  assert.equal(await type(url, browser), 'image/png');
  assert.equal((await get(url)).headers['vary'], 'accept');
});

test('what is no activation code is refused, and what is far too long too', async () => {
  for (const [path, status] of [
    ['', 404],
    ['x', 404],
    ['LPA', 404],
    ['https://evil.example/', 404],
    ['1$smdp.example$M', 404],
    ['LPA:', 400],
    ['LPA:1$', 400],
    ['LPA:1$smdp.example', 400],
    ['LPA:2$smdp.example$M', 400],
    ['LPA:1$smdp_example$M', 400],
    ['LPA:1$$M', 400],
    ['LPA:1$smdp.example$M%00', 400],
    ['LPA:1$smdp.example$M%20M', 400],
    ['LPA:1$smdp.example$%C3%A9', 400],
    ['LPA:1$smdp.example$M$x', 400],
    ['LPA:1$smdp.example$M$$2', 400],
    ['LPA:1$smdp.example$M$$1$more', 400],
    [`LPA:1$smdp.example$${'M'.repeat(300)}`, 400],
    [`LPA:1$smdp.example$${'M'.repeat(10_000)}`, 400],
    ['LPA:1$smdp.example$%zz', 404],
  ] as const) {
    const answer = await get(`/connect/qrcode/v1/esim/${path}`);
    assert.equal(answer.status, status, path.slice(0, 40));
    assert.match(String(answer.headers['content-type']), /json/);
  }
});

test('other methods are refused, and HEAD is answered without the picture', async () => {
  const url = `/connect/qrcode/v1/esim/${stranger}`;
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH'] as const) {
    const { status, headers } = await get(url, {}, method);
    assert.deepEqual([status, headers['allow']], [405, 'GET, HEAD']);
  }
  const { status, bytes } = await get(url, {}, 'HEAD');
  assert.deepEqual([status, bytes.length], [200, 0]);
});

test('an eSIM shows its branding to who knows its whole code, and nobody learns whether there is one for another', async () => {
  const style = { foreground: '#1a3c8c', background: '#ffffff', logo: null };
  await write(door.ctx, {}, (tx) =>
    putBranding(tx, { accountId: door.account.account.id, name: 'blue', isDefault: true, ...style }),
  );
  const { output } = await placed(door, newEsim());
  assert.deepEqual((await get(output.qrcode_url)).bytes, qrPng(output.lpa_url, style));
  const svg = await get(`${output.qrcode_url}.svg`);
  assert.deepEqual(svg.bytes.toString(), qrSvg(output.lpa_url, style));
  for (const code of [
    output.lpa_url.replace(output.smdpUrl, 'smdp.elsewhere.example'),
    output.lpa_url.slice(0, -1),
    `LPA:1$${output.smdpUrl}$`,
  ])
    assert.deepEqual((await get(`/qrcode/v1/esim/${code}`)).bytes, qrPng(code));
});
