// For tests: an answer must be one that the OpenAPI document promises, member by member.
import assert from 'node:assert/strict';
import { errorCodes } from '../../base/error_codes.ts';
import { openApiDocument } from './openapi.ts';
import { problemMediaType, problemStatuses } from './problem.ts';
import type { Route } from './route.ts';
import { routes } from './routes.ts';
import { problem } from './schemas.ts';

/** Fails unless the answer is documented for this operation. */
export function checkAnswer(method: string, url: string, answer: Answer): void {
  const route = routes.find((each) => each.method === method && patternOf(each).test(url));
  if (answer.status >= 400) checkProblem(route, answer);
  else if (route) checkSuccess(route, answer);
}

export type Answer = {
  status: number;
  headers: Record<string, string | undefined>;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into any answer.
  json: any;
  bytes: Buffer;
};

function patternOf({ path }: Route): RegExp {
  const source = path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/?]+');
  // `/orders/{id}` must not take `/orders/quote` from the route of that name.
  return new RegExp(`^/v1${source}(\\?.*)?$`);
}

function checkSuccess({ response }: Route, answer: Answer): void {
  assert.equal(answer.status, response.status);
  const { mediaType = 'application/json' } = response;
  assert.equal(answer.headers['content-type']?.split(';')[0], mediaType);
  // Parsing drops what the schema does not name: nothing may be answered that is not documented.
  if (response.schema) assert.deepEqual(response.schema.parse(answer.json), answer.json);
  for (const name of Object.keys(response.headers ?? {})) assert.ok(answer.headers[name.toLowerCase()]);
}

function checkProblem(route: Route | undefined, { status, headers, json }: Answer): void {
  assert.equal(headers['content-type']?.split(';')[0], problemMediaType);
  const read = problem.parse(json);
  assert.deepEqual(read, json);
  const code = read.code as keyof typeof errorCodes;
  assert.deepEqual([read.status, status], [problemStatuses[code], problemStatuses[code]]);
  assert.deepEqual([read.type, read.title], [`/docs/errors/${code}`, errorCodes[code]]);
  if (route) assert.match(documentedErrors(route, status), new RegExp(`\`${code}\``));
}

const { paths } = openApiDocument();

function documentedErrors({ path, method, operationId }: Route, status: number): string {
  const operation = paths[path]?.[method.toLowerCase()] as {
    responses: Record<number, { description: string }>;
  };
  const response = operation.responses[status];
  assert.ok(response, `${operationId} answered ${status}, which is not documented`);
  return response.description;
}
