import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { z } from 'zod';
import { membersOf } from '../../http/vendor_document/members.ts';
import { sourcesOf } from '../../http/vendor_document/test_sources.ts';
import { orderInput } from '../orders/order_form.ts';
import type { Route } from '../route.ts';
import { routes } from '../routes.ts';
import { nameOf, type Operation } from '../spec/operations.ts';
import { spec } from '../spec/spec.ts';
import { answeredNotes, givenNotes, operationNotes } from './coverage.ts';
import { coverageFile, coverageText, givenOf } from './coverage_file.ts';

const operations = new Map(spec.operations.map((each) => [nameOf(each), each]));
const nameOfRoute = ({ method, paths: [path] }: Route) => nameOf({ method, path });
const routesByName = new Map(routes.map((each) => [nameOfRoute(each), each]));

test('docs/compat/connect.md is current: run `npm run docs`', async () => {
  assert.equal(await readFile(coverageFile, 'utf8'), coverageText());
});

test('the routes are the operations that are known, each once', () => {
  assert.deepEqual(routes.map(nameOfRoute).sort(), [...operations.keys()].sort());
});

test('no two routes share a spelling', () => {
  const spelled = routes.flatMap(({ method, paths }) => paths.map((path) => `${method} ${path}`));
  assert.deepEqual(
    spelled.filter((each, index) => spelled.indexOf(each) < index),
    [],
  );
});

/** Bodies whose faults are named by rules of their own: which schema reads them, if any, and under which member. */
const readByRules: Record<string, Record<string, z.ZodType>> = {
  'POST /v1/order': { input: orderInput },
  'POST /v2/orders': {},
};
/** Read by nobody, as documented. */
const ignored = ['input.dataValue', 'input.dataUnit'];

for (const [name, operation] of operations)
  test(`${name} takes what is documented, and nothing else`, () => {
    const route = routesByName.get(name);
    assert.ok(route, 'there is no route');
    if (name === 'POST /v2/orders') return;
    const body = readByRules[name] ? z.object(readByRules[name]) : route.body;
    const taken = [...pathsOf(route.query), ...pathsOf(body)];
    const documented = [...givenOf(operation).keys()].filter((field) => !ignored.includes(field));
    assert.deepEqual(taken.sort(), documented.sort());
    if (!readByRules[name]) checkRequired(route, operation);
  });

/** What of an object is left over: `device.id`, `subscriptions[].price`; lists by themselves too. */
function pathsOf(schema: z.ZodType | undefined, path = ''): string[] {
  if (schema instanceof z.ZodPipe) return pathsOf(objectOf(schema), path);
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodExactOptional
  )
    return pathsOf(schema.unwrap() as z.ZodType, path);
  if (schema instanceof z.ZodArray) return [path, ...pathsOf(schema.element as z.ZodType, `${path}[]`)];
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape).flatMap(([name, each]) =>
      pathsOf(each as z.ZodType, path === '' ? name : `${path}.${name}`),
    );
  return path === '' ? [] : [path];
}

/** Of a value that is prepared before it is read, or changed behind it, the side that is a schema. */
function objectOf({ in: before, out }: z.ZodPipe): z.ZodType {
  return (before instanceof z.ZodTransform ? out : before) as z.ZodType;
}

function checkRequired({ query, body }: Route, { required }: Operation): void {
  const missing = [query, body].flatMap((schema) =>
    (schema?.safeParse({}).error?.issues ?? []).map(({ path: [field] }) => String(field)),
  );
  assert.deepEqual(missing.sort(), [...required].sort());
}

test('every member of an order of version 2 is read by its form, but for what is noted', async () => {
  const form = await readFile(new URL('../v2/order_form.ts', import.meta.url), 'utf8');
  const order = operations.get('POST /v2/orders');
  assert.ok(order);
  const names = [...givenOf(order).keys()].map((path) => path.split('.').at(-1) ?? '');
  const unread = names.filter((name) => !new RegExp(`\\b${name}\\b`).test(form));
  // What a SIM is is looked at as a whole.
  assert.deepEqual(unread.sort(), ['expiry']);
});

test('the notes name nothing that is not there', () => {
  for (const name of Object.keys(operationNotes)) assert.ok(operations.has(name), name);
  for (const [name, notes] of Object.entries(givenNotes)) {
    const operation = operations.get(name);
    assert.ok(operation, name);
    for (const field of Object.keys(notes)) assert.ok(givenOf(operation).has(field), `${name} ${field}`);
  }
  for (const [schema, notes] of Object.entries(answeredNotes)) {
    const members = membersOf(spec.$defs[schema] ?? {}, spec.$defs).map(({ path }) => path);
    for (const path of Object.keys(notes)) assert.ok(members.includes(path), `${schema} ${path}`);
  }
});

test('every type of an error that the sources of the door name is on the page', async () => {
  const sources = await sourcesOf(new URL('..', import.meta.url));
  const types = new Set(
    sources.flatMap((source) => [...source.matchAll(/type: '([A-Z_]+)'/g)].map(([, type = '']) => type)),
  );
  assert.ok(types.size >= 6);
  const page = coverageText();
  for (const type of types) assert.ok(page.includes(`\`${type}\``), type);
});
