import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { z } from 'zod';
import { resolveSchema, type Schema } from '../../http/vendor_document/schema.ts';
import { sourcesOf } from '../../http/vendor_document/test_sources.ts';
import type { Route } from '../route.ts';
import { routes } from '../routes.ts';
import { type Operation, spec } from '../spec/spec.ts';
import { answeredNotes, givenNotes, operationNotes } from './coverage.ts';
import { coverageFile, coverageText, schemaOf } from './coverage_file.ts';

const operationsById = new Map(spec.operations.map((each) => [each.operationId, each]));
const routesById = new Map(routes.map((each) => [each.operationId, each]));
const paging = ['PageSize', 'Page', 'PageToken'];

test('docs/compat/supersim.md is current: run `npm run docs`', async () => {
  assert.equal(await readFile(coverageFile, 'utf8'), coverageText());
});

test('the routes are the operations of the document, each once', () => {
  const ids = routes.map(({ operationId }) => operationId).sort();
  assert.deepEqual(ids, [...operationsById.keys()].sort());
});

for (const operation of spec.operations) {
  const { operationId } = operation;
  test(`${operationId} is where the document has it, takes what it takes and answers as it does`, () => {
    const found = routesById.get(operationId);
    assert.ok(found, 'there is no route');
    assert.deepEqual([found.method, found.path], [operation.method, operation.path]);
    checkAnswers(found, operation);
    checkGiven(found, operation);
  });
}

function checkAnswers(found: Route, { responses }: Operation): void {
  const [[status, body] = []] = Object.entries(responses);
  assert.equal('list' in found ? '200' : String(found.status), status);
  if ('list' in found)
    assert.deepEqual(Object.keys(body?.properties ?? {}).sort(), [found.key, 'meta'].sort());
}

function checkGiven(found: Route, { operationId, query, form, required }: Operation): void {
  const isList = 'list' in found;
  const taken = z.object({ ...found.query?.shape, ...(!isList && found.form?.shape) });
  const asked = Object.entries({ ...query, ...form }).filter(([name]) => !paging.includes(name));
  assert.equal(
    paging.every((name) => name in query),
    isList,
    'a list is paged',
  );
  const refused = (name: string) => 'refused' in (givenNotes[operationId]?.[name] ?? {});
  const names = asked.map(([name]) => name).filter((name) => !refused(name));
  assert.deepEqual(Object.keys(taken.shape).sort(), names.sort());
  const missing = taken.safeParse({}).error?.issues.map(({ path: [name] }) => name) ?? [];
  assert.deepEqual(missing.sort(), required.toSorted());
  for (const [name, schema] of asked) if (!refused(name)) checkField(name, taken.shape[name], schema);
}

/** Takes each value that the document lists, and none that it does not. */
function checkField(name: string, field: z.ZodType, schema: Schema): void {
  const { enum: words, type } = resolveSchema(schema, spec.$defs);
  const good = type === 'boolean' ? ['true', 'false', 'True'] : ((words as string[] | undefined) ?? []);
  for (const value of good) assert.ok(field.safeParse(value).success, `${name}=${value}`);
  if (good.length > 0 || type === 'integer')
    assert.ok(!field.safeParse('nonsense').success, `${name}=nonsense`);
}

test('the notes name nothing that the document does not have', () => {
  for (const id of Object.keys(operationNotes)) assert.ok(operationsById.has(id), id);
  for (const [id, notes] of Object.entries(givenNotes)) {
    const { query = {}, form = {} } = operationsById.get(id) ?? {};
    for (const name of Object.keys(notes)) assert.ok(name in { ...query, ...form }, `${id} ${name}`);
  }
  const answered = new Set(spec.operations.map(schemaOf));
  for (const [schema, notes] of Object.entries(answeredNotes)) {
    assert.ok(answered.has(schema), schema);
    for (const name of Object.keys(notes))
      assert.ok(name in (spec.$defs[schema]?.properties ?? {}), `${schema} ${name}`);
  }
});

test('every code that the sources of the door name is on the page', async () => {
  const sources = await sourcesOf(new URL('..', import.meta.url));
  const codes = new Set(sources.flatMap((source) => source.match(/\b(20[0-9]{3}|8[34][0-9]{3})\b/g) ?? []));
  assert.ok(codes.size > 20);
  const page = coverageText();
  assert.deepEqual(
    [...codes].filter((code) => !page.includes(code)),
    [],
  );
});
