import assert from 'node:assert/strict';
import { test } from 'node:test';
import { translateHttpError } from './translate_http_error.ts';

const reset = (parts: object) => Object.assign(new Error('aborted'), { code: 'ECONNRESET', ...parts });

test('a client that goes away while it sends is not taken for a database that is down', () => {
  // What fastify gives for a body that ends too early.
  assert.equal(translateHttpError(reset({ statusCode: 400 })).code, 'invalid_request');
  assert.equal(translateHttpError(reset({})).code, 'unavailable');
});
