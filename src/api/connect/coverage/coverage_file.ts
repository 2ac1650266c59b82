// docs/compat/connect.md as it must be: what of the vendor's documentation is the same here, from spec/ and the notes.

import { describe } from '../../http/vendor_document/describe.ts';
import { membersOf } from '../../http/vendor_document/members.ts';
import { pageFile, pageText, table } from '../../http/vendor_document/page.ts';
import type { Schema } from '../../http/vendor_document/schema.ts';
import { routes } from '../routes.ts';
import { nameOf, type Operation } from '../spec/operations.ts';
import { spec } from '../spec/spec.ts';
import { connectErrors } from '../wire/errors.ts';
import { answeredNotes, givenNotes, type Note, operationNotes } from './coverage.ts';
import {
  closing,
  errors,
  intro,
  notificationNotes,
  notifications,
  pictures,
  preproduction,
  signingIn,
} from './coverage_prose.ts';

export const coverageFile = pageFile('connect');

/** What the file holds when it is current. */
export function coverageText(): string {
  return pageText([
    ...intro,
    '## Operations',
    table(['Operation', 'Also', 'Compared'], spec.operations.map(operationRow)),
    ...signingIn,
    ...preproduction,
    '## What is given',
    table(['Operation', 'Field', 'Is', 'Compared'], spec.operations.flatMap(givenRows)),
    '## What is answered',
    ...Object.keys(spec.$defs).flatMap(writeAnswered),
    ...pictures,
    '## Notifications',
    table(['Type', 'When', 'Beside `id`, `type` and `iccid`'], notifications),
    ...notificationNotes,
    ...errors,
    table(['Status', 'Type', 'Codes of `/v1`'], errorRows()),
    ...closing,
  ]);
}

function operationRow(operation: Operation): string[] {
  const name = nameOf(operation);
  return [`\`${name}\``, otherPaths(name), writeNote(operationNotes[name])];
}

/** What it is called besides; plurals are everywhere. */
function otherPaths(name: string): string {
  const route = routes.find(({ method, paths: [path] }) => nameOf({ method, path }) === name);
  const [first = '', ...others] = route?.paths ?? [];
  const isSpelling = (path: string) => singular(path) === singular(first);
  return others
    .filter((path) => !isSpelling(path))
    .map((path) => `\`${path}\``)
    .join(', ');
}

function singular(path: string): string {
  return path.replaceAll(/(\/[a-z-]+?)s(?=\/|$)/g, '$1');
}

/** Query parameters and all members of a body, by their paths; of objects only what is in them. */
export function givenOf({ query, body }: Operation): Map<string, Schema> {
  const members = body ? membersOf(body, spec.$defs) : [];
  const holders = members.filter(({ path }) =>
    members.some((each) => each.path.startsWith(`${path}.`) || each.path.startsWith(`${path}[]`)),
  );
  return new Map([
    ...Object.entries(query),
    ...members
      .filter((each) => each.schema['type'] === 'array' || !holders.includes(each))
      .map(({ path, schema }) => [path, schema] as const),
  ]);
}

function givenRows(operation: Operation): string[][] {
  const name = nameOf(operation);
  return [...givenOf(operation)].map(([field, schema]) => [
    `\`${name}\``,
    `\`${field}\`${operation.required.includes(field) ? ' (required)' : ''}`,
    describe(schema, spec.$defs),
    writeNote(givenNotes[name]?.[field]),
  ]);
}

function writeAnswered(name: string): string[] {
  const by = spec.operations.filter(({ answer }) => isOf(answer, name)).map(nameOf);
  const members = membersOf(spec.$defs[name] ?? {}, spec.$defs);
  // Of a list, what is in it stands by itself.
  const own = members.filter(({ of }) => of === '');
  return [
    `### ${name}`,
    ...(by.length > 0 ? [`Of ${by.map((each) => `\`${each}\``).join(', ')}.`] : []),
    table(
      ['Member', 'Is', 'Compared'],
      own.map(({ path, schema }) => [
        `\`${path}\``,
        describe(schema, spec.$defs),
        writeNote(answeredNotes[name]?.[path]),
      ]),
    ),
  ];
}

function isOf(answer: Schema | null, name: string): boolean {
  return answer !== null && JSON.stringify(answer).includes(`"#/$defs/${name}"`);
}

function writeNote(note: Note | undefined): string {
  const [[kind, said] = []] = Object.entries(note ?? {});
  if (kind === undefined) return 'same';
  return kind === 'same' ? `same: ${said}` : `**${kind}:** ${said}`;
}

function errorRows(): string[][] {
  const byType = Map.groupBy(
    Object.entries(connectErrors),
    ([, { status, type }]) => `${status} \`${type}\``,
  );
  return [...byType]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, codes]) => [...key.split(' '), codes.map(([code]) => `\`${code}\``).join(', ')]);
}
