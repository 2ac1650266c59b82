// Holds every answer of the Super SIM door against the vendor's document: the right status, and a body of exactly its members.
import assert from 'node:assert/strict';
import { operationAt } from '../http/vendor_document/operations.ts';
import { checkBody } from '../http/vendor_document/test_validators.ts';
import { type Operation, spec } from './spec/spec.ts';
import { compileError, compileResponses } from './spec/test_validators.ts';

/**
 * Throws an AssertionError unless the document has this operation with this status and body; errors have one shape everywhere.
 * `path` is below `/v1`, with or without a query; of a longer one only what follows `/v1` is read.
 */
export function checkAnswer(method: string, path: string, status: number, body: unknown): void {
  const called = `${method} ${path}: ${status}`;
  if (status >= 400) checkError(called, status, body);
  else if (method === 'OPTIONS') assert.equal(status, 204, called);
  else checkSuccess(called, findOperation(method, path), status, body);
}

/** What the document has at this address, if anything. */
export function findOperation(method: string, path: string): Operation | undefined {
  const [, below = ''] = /^(?:.*?\/v1(?=\/))?([^?]*)/.exec(path) ?? [];
  return operationAt(spec.operations, method, below);
}

const responses = compileResponses();
const errorBody = compileError();

function checkSuccess(called: string, operation: Operation | undefined, status: number, body: unknown): void {
  assert.ok(operation, `${called} is no operation of the document`);
  const response = responses.get(`${operation.operationId} ${status}`);
  assert.ok(response !== undefined, `${called} is no status of ${operation.operationId}`);
  if (response === null) assert.ok(!body, `${called} has a body`);
  else checkBody(called, response, body);
}

function checkError(called: string, status: number, body: unknown): void {
  assert.ok(typeof body === 'object' && body !== null, `${called} has no body`);
  // KORE's answer to a token that is not good, or no longer, is the one error of another shape.
  if (status === 403 && 'error' in body) {
    assert.deepEqual(Object.keys(body).sort(), ['error', 'message'], called);
    return;
  }
  checkBody(called, errorBody, body);
  const { code, more_info, status: told } = body as { code: number; more_info: string; status: number };
  assert.equal(told, status, called);
  const links = ['https://www.twilio.com/docs/errors/', 'https://docs.korewireless.com/errors/'];
  assert.ok(
    links.some((link) => more_info === link + code),
    `${called}: ${more_info} is not about ${code}`,
  );
}
