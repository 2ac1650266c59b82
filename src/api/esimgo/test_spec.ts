// Holds every answer of the eSIM Go door against the vendor's document: the right status and type, and a body of exactly its members.
import assert from 'node:assert/strict';
import { operationAt } from '../http/vendor_document/operations.ts';
import { checkBody } from '../http/vendor_document/test_validators.ts';
import { nameOf, type Operation } from './spec/spec.ts';
import { allOperations, compileAnswers, compileError } from './spec/test_validators.ts';

/**
 * Throws an AssertionError unless the document, with the deviations that are named in spec/, has this operation with this
 * status and body; errors have one shape everywhere. `path` is below `/v2.4`, with or without a query; of a longer one only
 * what follows the version is read. `body` may be the JSON text. Without a content type it is taken to be JSON.
 */
export function checkAnswer(
  method: string,
  path: string,
  status: number,
  body: unknown,
  contentType = 'application/json',
): void {
  const called = `${method} ${path}: ${status}`;
  const [type = ''] = contentType.split(';');
  const operation = findOperation(method, path);
  if (status >= 400) checkError(called, { method, path, status, body, type });
  else if (method === 'OPTIONS' || status === 304) assert.ok(!body, called);
  else checkSuccess(called, operation, { status, body, type });
}

/** What the document, or what is added to it, has at this address, if anything. */
export function findOperation(method: string, path: string): Operation | undefined {
  return operationAt(allOperations, method, belowVersion(path));
}

function belowVersion(path: string): string {
  const [, below = ''] = /^(?:.*?\/(?:v2\.\d|esimgo)(?=\/))?([^?]*)/.exec(path) ?? [];
  return below.replace(/^\/v2\.\d(?=\/)/, '');
}

const answers = compileAnswers();
const errorBody = compileError();

type Answer = { status: number; body: unknown; type: string };

function checkSuccess(
  called: string,
  operation: Operation | undefined,
  { status, body, type }: Answer,
): void {
  assert.ok(operation, `${called} is no operation of the document`);
  const validate = answers.get(`${nameOf(operation)} ${status}`);
  assert.ok(validate, `${called} is no status of ${nameOf(operation)}`);
  const isPicked = operation.path.startsWith('/esims/assignments') || operation.path.startsWith('/esims/qr/');
  if (isPicked && type === 'text/csv') checkCsv(called, body);
  else if (isPicked && type === 'application/zip') assert.ok(body, `${called} is empty`);
  else {
    assert.equal(type, 'application/json', called);
    checkBody(called, validate, parsed(body));
  }
}

/** No quotes: clients split at commas. */
function checkCsv(called: string, body: unknown): void {
  const [head, ...rows] = String(body).trimEnd().split('\n');
  assert.equal(head, 'ICCID,Matching ID,RSP URL,Bundle,Reference', called);
  for (const row of rows) assert.match(row, /^\d{18,20},[^,"]*,[^,"]*,[^,"]*,[^,"]*$/, called);
}

function checkError(called: string, { method, path, status, body, type }: Answer & AtPath): void {
  const isText = method === 'POST' && belowVersion(path) === '/orders';
  // As the document has it for orders, and there only.
  assert.equal(type, isText ? 'text/plain' : 'application/json', `${called} has another type`);
  checkBody(called, errorBody, parsed(body));
  const { message } = parsed(body) as { message: string };
  assert.ok(message.length > 0, `${called} says nothing`);
  assert.ok(declared.has(status), `${called} is no status of an error`);
}

type AtPath = { method: string; path: string };

/** Those of the document, and what HTTP asks for where it is silent: addresses, methods, types and sizes. */
const declared = new Set([400, 401, 403, 429, 500, 503, 404, 405, 406, 413, 415]);

function parsed(body: unknown): unknown {
  return typeof body === 'string' ? JSON.parse(body) : body;
}
