import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseMediaType } from './choose_media_type.ts';

const offered = ['text/csv', 'application/json', 'application/zip'];

for (const [accept, expected] of [
  [undefined, 'text/csv'],
  ['', 'text/csv'],
  ['*/*', 'text/csv'],
  ['*', 'text/csv'],
  ['text/*', 'text/csv'],
  ['application/*', 'application/json'],
  ['application/json', 'application/json'],
  ['Application/ZIP', 'application/zip'],
  ['application/json; charset=utf-8', 'application/json'],
  ['application/json, text/plain, */*', 'application/json'],
  ['application/zip, application/json', 'application/zip'],
  ['application/json, application/zip', 'application/json'],
  ['application/json;q=0.5, application/zip', 'application/zip'],
  ['application/zip;q=0.1, */*;q=0.2', 'text/csv'],
  ['text/csv;q=0, */*', 'application/json'],
  ['text/html, application/xhtml+xml, */*;q=0.8', 'text/csv'],
  ['text/html, application/zip;q=0.1', 'application/zip'],
  ['application/json;q=nonsense', 'application/json'],
  ['nonsense', 'text/csv'],
] as const) {
  test(`Accept: ${accept} gets ${expected}`, () => {
    assert.equal(chooseMediaType(accept, offered), expected);
  });
}

for (const accept of [
  'text/html',
  'image/*',
  'application/json;q=0',
  '*/*;q=0',
  'text/csvx',
  'application/jso',
]) {
  test(`Accept: ${accept} gets nothing, and is told what there is`, () => {
    assert.throws(() => chooseMediaType(accept, offered), {
      status: 406,
      message: /text\/csv, application\/json, application\/zip/,
    });
  });
}

test('a header of any length is looked at for no longer than it takes', () => {
  const since = performance.now();
  assert.throws(() => chooseMediaType('a/b,'.repeat(100_000), offered), { status: 406 });
  assert.ok(performance.now() - since < 200);
});
