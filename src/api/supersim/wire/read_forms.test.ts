import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readForm } from './read_forms.ts';

test('a name that comes again makes a list, in the order in which it came', () => {
  assert.deepEqual({ ...readForm('a=1&b=2&a=3&a=') }, { a: ['1', '3', ''], b: '2' });
});

test('names and values are decoded', () => {
  assert.deepEqual({ ...readForm('a%20b=c+d%2B&%C3%BC=%F0%9F%98%80&x') }, { 'a b': 'c d+', ü: '😀', x: '' });
});

test('what cannot be decoded is no fault of the form', () => {
  assert.deepEqual({ ...readForm('a=%zz&b=%ff') }, { a: '%zz', b: '\ufffd' });
});

test('the names of a prototype are only names', () => {
  const form = readForm('__proto__=1&constructor=2&toString=3&__proto__=4');
  assert.deepEqual(Object.entries(form)[0], ['__proto__', ['1', '4']]);
  assert.deepEqual([form['constructor'], form['toString'], form['valueOf']], ['2', '3', undefined]);
  assert.deepEqual([Object.getPrototypeOf(form), Object.getPrototypeOf({})['1']], [null, undefined]);
});

test('an empty text has no fields', () => {
  assert.deepEqual({ ...readForm('') }, {});
});

test('200 fields are read and 201 refused', () => {
  assert.equal(Object.keys(readForm(fields(200))).length, 200);
  assert.throws(() => readForm(fields(201)), { code: 'invalid_request' });
});

const fields = (count: number) => Array.from({ length: count }, (_, at) => `f${at}=1`).join('&');
