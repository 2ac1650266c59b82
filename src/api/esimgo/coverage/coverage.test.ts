import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { z } from 'zod';
import { membersOf } from '../../http/vendor_document/members.ts';
import type { Schema } from '../../http/vendor_document/schema.ts';
import { sourcesOf } from '../../http/vendor_document/test_sources.ts';
import type { Route } from '../route.ts';
import { routes } from '../routes.ts';
import { additions } from '../spec/additions.ts';
import { deviations } from '../spec/deviations.ts';
import { nameOf, type Operation, spec } from '../spec/spec.ts';
import { answeredNotes, givenNotes, operationNotes } from './coverage.ts';
import { coverageFile, coverageText, givenOf } from './coverage_file.ts';
import { reasons } from './coverage_prose.ts';

const operations = new Map(spec.operations.map((each) => [nameOf(each), each]));
const routesByName = new Map(routes.map((each) => [nameOf(each), each]));

test('docs/compat/esimgo.md is current: run `npm run docs`', async () => {
  assert.equal(await readFile(coverageFile, 'utf8'), coverageText());
});

test('the routes are the operations of the document and those that are added to it, each once', () => {
  const wanted = [...spec.operations, ...additions].map(nameOf);
  assert.deepEqual(routes.map(nameOf).sort(), wanted.sort());
});

for (const [name, operation] of operations)
  test(`${name} takes what the document has it take, and what is noted`, () => {
    const route = routesByName.get(name);
    assert.ok(route, 'there is no route');
    const fields = fieldsOf(route);
    const notes = givenNotes[name] ?? {};
    const given = givenOf(operation);
    const wanted = [...given.keys(), ...Object.keys(notes).filter((field) => !given.has(field))].filter(
      (field) => !field.includes('.') && !('refused' in (notes[field] ?? {})),
    );
    assert.deepEqual([...fields.keys()].sort(), wanted.sort());
    for (const [field, schema] of given) checkWords(name, field, fields.get(field), schema);
  });

/** Query parameters and members of the body. */
function fieldsOf({ query, body }: Route): Map<string, z.ZodType> {
  return new Map([...Object.entries(shapeOf(query)), ...Object.entries(shapeOf(body))]);
}

/** Of an object, also behind a step that prepares what is read. */
function shapeOf(schema: z.ZodType | undefined): Record<string, z.ZodType> {
  if (schema instanceof z.ZodPipe) return shapeOf(schema.out as z.ZodType);
  return schema instanceof z.ZodObject ? schema.shape : {};
}

/** Takes each word that the document lists, and none that it does not. */
function checkWords(name: string, field: string, type: z.ZodType | undefined, { enum: words }: Schema): void {
  if (!type || !Array.isArray(words)) return;
  for (const word of words) assert.ok(type.safeParse(String(word)).success, `${name} ${field}=${word}`);
  assert.ok(!type.safeParse('nonsense').success, `${name} ${field}=nonsense`);
}

test('the notes name nothing that the document does not have', () => {
  for (const name of Object.keys(operationNotes)) assert.ok(operations.has(name), name);
  for (const [name, notes] of Object.entries(givenNotes)) {
    const operation: Operation | undefined = operations.get(name);
    assert.ok(operation, name);
    for (const [field, note] of Object.entries(notes))
      assert.equal(givenOf(operation).has(field), !('added' in note), `${name} ${field}`);
  }
  const members = new Set([
    ...Object.keys(spec.$defs).flatMap((name) =>
      membersOf({ $ref: `#/$defs/${name}` }, spec.$defs).map(({ of, at }) => `${of} ${at}`),
    ),
    ...deviations.map(({ of, at }) => `${of} ${at}`),
  ]);
  for (const [schema, notes] of Object.entries(answeredNotes))
    for (const path of Object.keys(notes)) assert.ok(members.has(`${schema} ${path}`), `${schema} ${path}`);
});

test('every note about an answer is on the page', () => {
  const page = coverageText();
  const notes = Object.values(answeredNotes).flatMap((each) => Object.values(each));
  // Those of errors are told as a whole.
  const reasonsOfMembers = deviations.filter(({ of }) => of !== 'Message').map(({ because }) => because);
  for (const said of [...notes.flatMap(Object.values), ...reasonsOfMembers])
    assert.ok(page.includes(said), said);
});

test('every reason that the sources of the door give is on the page, and no other', async () => {
  const sources = await sourcesOf(new URL('..', import.meta.url));
  const refusals = sources.flatMap(
    (source) => source.match(/(EsimGoRefusal|accessDenied)\([^;]*\)|reason: '\w+'/g) ?? [],
  );
  const given = refusals.flatMap((refusal) => refusal.match(/(?<=')[a-z]+(_[a-z]+)+(?=')|forbidden/g) ?? []);
  assert.deepEqual([...new Set(given)].sort(), reasons.map(([reason]) => reason).sort());
});
