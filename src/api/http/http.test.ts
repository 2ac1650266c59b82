import assert from 'node:assert/strict';
import { test } from 'node:test';
import fastify from 'fastify';
import { html } from './html.ts';
import { prefersHtml } from './prefers_html.ts';
import { publicBaseUrl } from './public_base_url.ts';
import { requestIdOf } from './request_id.ts';

for (const [header, isTaken] of [
  ['trace-1/a:b', true],
  ['x'.repeat(128), true],
  ['x'.repeat(129), false],
  ['', false],
  ['with space', false],
  ['new\nline', false],
  ['ümlaut', false],
  [undefined, false],
] as const) {
  test(`the request id ${JSON.stringify(header)?.slice(0, 20)} is ${isTaken ? 'taken' : 'replaced'}`, () => {
    const id = requestIdOf(header);
    if (isTaken) assert.equal(id, header);
    else assert.match(id, /^req_[0-9a-f]{32}$/);
  });
}

const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'esim.example' };
for (const [name, trustProxy, headers, expected] of [
  ['the Host header', false, { host: 'api.example:8080' }, 'http://api.example:8080'],
  ['an IPv6 host', false, { host: '[::1]:80' }, 'http://[::1]:80'],
  [
    'the Host header when a stranger forwards',
    false,
    { host: 'api.example', ...forwarded },
    'http://api.example',
  ],
  ['the forwarded host of a trusted proxy', true, { host: 'inner', ...forwarded }, 'https://esim.example'],
] as const) {
  test(`URLs name ${name}`, async () => {
    const app = fastify({ trustProxy });
    app.get('/', (request) => publicBaseUrl(request));
    assert.equal((await app.inject({ url: '/', headers })).body, expected);
  });
}

test('a Host that could break out of a URL is refused', () => {
  for (const host of ['', 'a b', 'a"b', 'a/b', 'a@b', 'a\r\nb', 'a:b', '-a'])
    assert.throws(() => publicBaseUrl({ protocol: 'http', host }), { code: 'invalid_request' });
});

test('texts cannot become markup', () => {
  const text = `<script>"&'`;
  assert.equal(
    html`<a title="${text}">${[html`${text}`]}${null}${1}</a>`.markup,
    '<a title="&#60;script&#62;&#34;&#38;&#39;">&#60;script&#62;&#34;&#38;&#39;1</a>',
  );
});

for (const [accept, expected] of [
  ['text/html,application/xhtml+xml,*/*;q=0.8', true],
  ['application/json, text/html', false],
  ['*/*', false],
  [undefined, false],
] as const) {
  test(`a client that accepts ${accept} is ${expected ? 'a browser' : 'a program'}`, () => {
    assert.equal(prefersHtml({ headers: accept === undefined ? {} : { accept } }), expected);
  });
}
