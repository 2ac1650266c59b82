// Holds every answer of the Connect door against what is written of the vendor's: a body of exactly its members.
import assert from 'node:assert/strict';
import { operationAt } from '../http/vendor_document/operations.ts';
import { mapValues } from '../http/vendor_document/schema.ts';
import { checkBody, createCompiler, strictly } from '../http/vendor_document/test_validators.ts';
import { routes } from './routes.ts';
import { nameOf } from './spec/operations.ts';
import { spec } from './spec/spec.ts';

/** Throws an AssertionError unless this is what is answered there. `path` is below `/connect-api`, with or without a query. */
export function checkAnswer(method: string, path: string, status: number, body: unknown): void {
  const called = `${method} ${path}: ${status}`;
  if (status >= 400) checkBody(called, errorBody, body);
  else checkSuccess(called, findOperation(method, path), status, body);
}

/** The name of the operation that is called there, if any: by all spellings of all paths, with a slash behind or without. */
export function findOperation(method: string, path: string): string | undefined {
  const [below = ''] = path.split('?');
  return operationAt(spelled, method, below.replace(/(?<=.)\/$/, ''))?.name;
}

function checkSuccess(called: string, name: string | undefined, status: number, body: unknown): void {
  assert.ok(name !== undefined && answers.has(name), `${called} is no operation`);
  assert.equal(status, 200, called);
  const validate = answers.get(name);
  if (validate) checkBody(called, validate, body);
  else assert.equal(body, undefined, `${called} has a body`);
}

const spelled = routes.flatMap(({ method, paths }) =>
  paths.map((path) => ({ method, path, name: nameOf({ method, path: paths[0] }) })),
);

const { ajv, compile } = createCompiler('connect', mapValues(spec.$defs, strictly));
ajv.addFormat('date-time', /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);

const answers = new Map(
  spec.operations.map((operation) => [
    nameOf(operation),
    operation.answer && compile(strictly(operation.answer)),
  ]),
);
const errorBody = compile({ $ref: '#/$defs/Error' });
