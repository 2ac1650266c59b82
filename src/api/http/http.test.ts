import assert from 'node:assert/strict';
import { test } from 'node:test';
import fastify from 'fastify';
import { z } from 'zod';
import { html } from './html.ts';
import { prefersHtml } from './prefers_html.ts';
import { publicBaseUrl } from './public_base_url.ts';
import { readBasic } from './read_basic.ts';
import { readInput } from './read_input.ts';
import { requestIdOf } from './request_id.ts';
import { rewriteUrl } from './rewrite_url.ts';

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

test('what is missing is required, and what is of another type is told so', () => {
  const schema = z.object({ missing: z.string(), wrong: z.string('give text') });
  assert.throws(() => readInput(schema, { wrong: 1 }, 'Not valid.'), {
    fields: [
      { field: 'missing', detail: 'required' },
      { field: 'wrong', detail: 'give text' },
    ],
  });
});

for (const [header, expected] of [
  [basic('user:secret'), { user: 'user', password: 'secret' }],
  [basic('user:se:cret'), { user: 'user', password: 'se:cret' }],
  [basic(':'), { user: '', password: '' }],
  [basic('ü:ö'), { user: 'ü', password: 'ö' }],
  [basic('user:secret').replace('Basic', 'BASIC'), { user: 'user', password: 'secret' }],
  [basic('user'), undefined],
  ['Basic', undefined],
  ['Basic ', undefined],
  ['Basic a b', undefined],
  ['Bearer dXNlcjpz', undefined],
  [`Basic ${'A'.repeat(2_000)}`, undefined],
  [undefined, undefined],
] as const) {
  test(`Basic is read from ${JSON.stringify(header)?.slice(0, 30)}`, () => {
    assert.deepEqual(readBasic(header), expected);
  });
}

const doors = [
  { prefix: '/door', hosts: ['door.example', '[::1]'], kept: ['/healthz'] },
  { prefix: '/gate', hosts: ['gate.example'], kept: ['/i'], version: /^(?:\/gate)?\/v2\.[0-5](?=[/?]|$)/ },
];
for (const [host, url, expected] of [
  ['door.example', '/v1/a?b=c', '/door/v1/a?b=c'],
  ['DOOR.example:80', '/', '/door/'],
  ['[::1]:8080', '/v1', '/door/v1'],
  ['door.example', '/door', '/door'],
  ['door.example', '/door/v1', '/door/v1'],
  ['door.example', '/door?x', '/door?x'],
  ['door.example', '/doors', '/door/doors'],
  ['door.example', '/healthz?x', '/healthz?x'],
  ['door.example', '/v2.4/a?b=c', '/gate/a?b=c'],
  ['gate.example', '/v1', '/gate/v1'],
  ['gate.example', '/v2.0/a', '/gate/a'],
  ['gate.example', '/gate/v2.5/a', '/gate/a'],
  ['gate.example', '/gate/a', '/gate/a'],
  ['gate.example', '/i/a?x', '/i/a?x'],
  ['gate.example', '/ia', '/gate/ia'],
  ['other.example', '/v2.5', '/gate'],
  ['other.example', '/v2.5?x', '/gate?x'],
  ['other.example', '/gate/v2.3/a', '/gate/a'],
  ['other.example', '/v2/token', '/v2/token'],
  ['other.example', '/v2.6/a', '/v2.6/a'],
  ['other.example', '/v2.44/a', '/v2.44/a'],
  ['other.example', '/a/v2.4/a', '/a/v2.4/a'],
  ['a.door.example', '/v1', '/v1'],
  ['other.example', '/v1', '/v1'],
  [undefined, '/v1', '/v1'],
] as const) {
  test(`${url} at ${host} is ${expected}`, () => {
    assert.equal(rewriteUrl({ url, headers: { host } }, doors, false), expected);
  });
}

test('the host that our own proxy forwarded counts, and no other one', () => {
  const headers = { host: 'inner', 'x-forwarded-host': 'other.example, door.example:443' };
  assert.equal(rewriteUrl({ url: '/v1', headers }, doors, true), '/door/v1');
  assert.equal(rewriteUrl({ url: '/v1', headers }, doors, false), '/v1');
  const spoofed = { host: 'inner', 'x-forwarded-host': 'door.example, other.example' };
  assert.equal(rewriteUrl({ url: '/v1', headers: spoofed }, doors, true), '/v1');
});

function basic(pair: string): string {
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}
