// docs/compat/supersim.md as it must be: what of the vendor's document is the same here, from the document and the notes.

import { pageFile, pageText, table } from '../../http/vendor_document/page.ts';
import { nameOfSchema, resolveSchema, type Schema } from '../../http/vendor_document/schema.ts';
import { routes } from '../routes.ts';
import { type Operation, spec } from '../spec/spec.ts';
import { superSimErrors } from '../wire/errors.ts';
import { answeredNotes, givenNotes, type Note, operationNotes } from './coverage.ts';
import { callbacks, errors, forms, intro, lists, ours, ownErrors, signingIn } from './coverage_prose.ts';

export const coverageFile = pageFile('supersim');

/** What the file holds when it is current. */
export function coverageText(): string {
  const { operations } = spec;
  const byTitle = Map.groupBy(operations, titleOf);
  const paragraphs = [
    ...intro,
    '## Operations',
    table(['Operation', 'Address', 'Status', 'Compared'], operations.toSorted(byPath).map(operationRow)),
    ...[...byTitle].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([title, of]) => writeResource(title, of)),
    ...signingIn,
    ...forms,
    ...lists,
    ...errors,
    table(['Code', 'Status', 'Codes of `/v1`'], errorRows()),
    'And where no code of `/v1` stands for it:',
    table(['Code', 'Status', 'When'], ownErrors),
    ...callbacks,
    ...ours,
  ];
  return pageText(paragraphs);
}

function byPath(a: Operation, b: Operation): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

function operationRow({ operationId, method, path, responses }: Operation): string[] {
  return [
    operationId,
    `\`${method} ${path}\``,
    Object.keys(responses).join(', '),
    writeNote(operationNotes[operationId]),
  ];
}

/** The name of the schema that an operation answers, by itself or in a list; a DELETE goes with the path it is under. */
export function schemaOf({ path, responses }: Operation): string {
  const [body] = Object.values(responses);
  if (!body) return schemaOf(siblingOf(path));
  const items = Object.values(body.properties ?? {}).find((each) => each['type'] === 'array');
  return nameOfSchema((items?.['items'] as Schema | undefined) ?? body);
}

function siblingOf(path: string): Operation {
  const found = spec.operations.find((each) => each.path === path && each.method === 'GET');
  if (!found) throw new Error(`nothing is fetched at ${path}`);
  return found;
}

function writeResource(title: string, operations: readonly Operation[]): string[] {
  const given = operations.flatMap(givenRows);
  const [schema = ''] = operations.map(schemaOf);
  return [
    `## ${title}`,
    ...(given.length === 0 ? [] : ['Given:', table(['Operation', 'Field', 'Is', 'Compared'], given)]),
    'Answered:',
    table(['Member', 'Is', 'Compared'], answeredRows(schema)),
  ];
}

/** The path of the list, whose items all of these operations are about. */
function titleOf({ path }: Operation): string {
  return path.replace(/^\/|\/\{Sid\}$/g, '');
}

const pagingNames = ['PageSize', 'Page', 'PageToken'];

function givenRows({ operationId, query, form, required }: Operation): string[][] {
  return Object.entries({ ...query, ...form })
    .filter(([name]) => !pagingNames.includes(name))
    .map(([name, schema]) => [
      operationId,
      `\`${name}\`${required.includes(name) ? ' (required)' : ''}`,
      describe(schema),
      writeNote(givenNotes[operationId]?.[name]),
    ]);
}

function answeredRows(schema: string): string[][] {
  return Object.entries(spec.$defs[schema]?.properties ?? {}).map(([name, member]) => [
    `\`${name}\``,
    describe(member),
    writeNote(answeredNotes[schema]?.[name]),
  ]);
}

/** What a value is, in a few words. */
function describe(schema: Schema): string {
  const { enum: words, pattern, format, type } = resolveSchema(schema, spec.$defs);
  if (Array.isArray(words))
    return words
      .filter((word) => word !== null)
      .map((word) => `\`${word}\``)
      .join(', ');
  const [, prefix] = /^\^([A-Z]{2})/.exec(String(pattern)) ?? [];
  if (prefix !== undefined) return `SID, \`${prefix}…\``;
  const [kind = 'anything'] = [type].flat().filter((each) => each !== 'null');
  return formats[String(format)] ?? String(kind);
}

const formats: Record<string, string> = {
  'date-time': 'time',
  uri: 'URL',
  'uri-map': 'URLs by name',
  'iso-country-code': 'country',
  currency: 'currency',
};

function writeNote(note: Note | undefined): string {
  if (!note) return 'same';
  return 'differs' in note ? `**differs:** ${note.differs}` : `**refused:** ${note.refused}`;
}

/** By the vendor's code: where it comes from, operations that have a code of their own last. */
function errorRows(): string[][] {
  const usual = Object.entries(superSimErrors).map(([code, { status, code: number }]) => ({
    number,
    status,
    of: `\`${code}\``,
  }));
  const special = routes.flatMap(({ operationId, codes = {} }) =>
    Object.entries(codes).map(([code, number]) => ({
      number,
      status: superSimErrors[code as keyof typeof superSimErrors].status,
      of: `\`${code}\` of ${operationId}`,
    })),
  );
  const rows = Map.groupBy([...usual, ...special], ({ number, status }) => `${number} ${status}`);
  return [...rows]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, each]) => [...key.split(' '), each.map(({ of }) => of).join(', ')]);
}
