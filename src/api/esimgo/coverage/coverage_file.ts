// docs/compat/esimgo.md as it must be: what of the vendor's document is the same here, from the document and the notes.

import { describe } from '../../http/vendor_document/describe.ts';
import { type Member, membersOf } from '../../http/vendor_document/members.ts';
import { pageFile, pageText, table } from '../../http/vendor_document/page.ts';
import { nameOfSchema, type Schema } from '../../http/vendor_document/schema.ts';
import { additions } from '../spec/additions.ts';
import { deviatingDefinitions } from '../spec/deviate.ts';
import { type Deviation, deviations } from '../spec/deviations.ts';
import { nameOf, type Operation, spec } from '../spec/spec.ts';
import { esimGoErrors } from '../wire/errors.ts';
import { answeredNotes, givenNotes, type Note, operationNotes } from './coverage.ts';
import { callbacks, closing, errors, intro, reasons } from './coverage_prose.ts';

export const coverageFile = pageFile('esimgo');

/** What the file holds when it is current. */
export function coverageText(): string {
  const paragraphs = [
    ...intro,
    '## Operations',
    table(['Operation', 'Compared'], spec.operations.map(operationRow)),
    'Beside those of the document:',
    table(['Operation', 'Why'], additions.map(additionRow)),
    '## What is given',
    table(['Operation', 'Field', 'Is', 'Compared'], spec.operations.flatMap(givenRows)),
    '## What is answered',
    ...answeredSchemas().flatMap(writeAnswered),
    ...errors,
    table(['Status', 'Codes of `/v1`'], errorRows()),
    'Some refusals have a `reason` for programs:',
    table(['`reason`', 'Status', 'When'], reasons),
    ...callbacks,
    ...closing,
  ];
  return pageText(paragraphs);
}

function operationRow(operation: Operation): string[] {
  return [`\`${nameOf(operation)}\``, writeNote(operationNotes[nameOf(operation)])];
}

function additionRow({ because, ...operation }: (typeof additions)[number]): string[] {
  return [`\`${nameOf(operation)}\``, because];
}

/** What an operation of the document is given by it: query parameters, and all members of a body. */
export function givenOf({ query, body }: Operation): Map<string, Schema> {
  return new Map([
    ...Object.entries(query),
    ...(body ? membersOf(body, spec.$defs).map(({ path, schema }) => [path, schema] as const) : []),
  ]);
}

function givenRows(operation: Operation): string[][] {
  const name = nameOf(operation);
  const notes = givenNotes[name] ?? {};
  const given = givenOf(operation);
  const row = (field: string, schema: Schema | undefined) => [
    `\`${name}\``,
    `\`${field}\`${operation.required.includes(field) ? ' (required)' : ''}`,
    schema ? describe(schema, spec.$defs) : '',
    writeNote(notes[field]),
  ];
  const added = Object.keys(notes).filter((field) => !given.has(field));
  return [
    ...[...given].map(([field, schema]) => row(field, schema)),
    ...added.map((field) => row(field, undefined)),
  ];
}

/** The schemas of answers, each with the operations that answer it. */
function answeredSchemas(): [string, Operation[]][] {
  const named = spec.operations.map((operation) => ({ operation, schemas: namesOf(operation) }));
  const names = new Set(named.flatMap(({ schemas }) => schemas));
  return [...names].map((name) => [
    name,
    named.filter(({ schemas }) => schemas.includes(name)).map(({ operation }) => operation),
  ]);
}

function namesOf(operation: Operation): string[] {
  const whole = deviations.find(({ of }) => of === nameOf(operation))?.is ?? {};
  const schema = nameOfSchema(whole) === '' ? (operation.responses['200']?.schema ?? {}) : whole;
  const schemas = Array.isArray(schema['oneOf']) ? (schema['oneOf'] as Schema[]) : [schema];
  return schemas.map(nameOfSchema).filter((name) => name !== '');
}

const definitions = deviatingDefinitions();
const documented = new Set(
  Object.keys(spec.$defs).flatMap((name) =>
    membersOf(referenceTo(name), spec.$defs).map(({ of, at }) => `${of} ${at}`),
  ),
);

function writeAnswered([name, operations]: [string, Operation[]]): string[] {
  const wholes = operations.flatMap((operation) =>
    deviations
      .filter(({ of }) => of === nameOf(operation))
      .map(({ because }) => `The whole answer of \`${nameOf(operation)}\` **differs:** ${because}`),
  );
  return [
    `### ${name}`,
    `Of ${operations.map((each) => `\`${nameOf(each)}\``).join(', ')}.`,
    ...wholes,
    table(['Member', 'Is', 'Compared'], membersOf(referenceTo(name), definitions).flatMap(answeredRows)),
  ];
}

function referenceTo(name: string): Schema {
  return { $ref: `#/$defs/${name}` };
}

/** None for what is in a member that is added. */
function answeredRows({ path, schema, of, at }: Member): string[][] {
  const deviation = deviations.find((each) => each.of === of && each.at === at);
  const isDocumented = documented.has(`${of} ${at}`);
  if (!isDocumented && !deviation) return [];
  const compared = writeNote(answeredNotes[of]?.[at], deviation, isDocumented);
  return [[`\`${path}\``, describe(schema, spec.$defs), compared]];
}

function writeNote(note: Note | undefined, deviation?: Deviation, isDocumented = true): string {
  const said = [deviation?.because, note && Object.values(note)[0]].filter((each) => each !== undefined);
  if (said.length === 0) return 'same';
  const kind = isDocumented ? Object.keys(note ?? { differs: '' })[0] : 'added';
  return `**${kind}:** ${said.join(' ')}`;
}

function errorRows(): string[][] {
  const byStatus = Map.groupBy(Object.entries(esimGoErrors), ([, { status }]) => status);
  return [...byStatus]
    .sort(([a], [b]) => a - b)
    .map(([status, codes]) => [String(status), codes.map(([code]) => `\`${code}\``).join(', ')]);
}
