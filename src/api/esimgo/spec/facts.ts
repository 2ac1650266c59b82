// Reduces an OpenAPI 3.0 document to facts: no prose and no examples, and its schemas as JSON Schema.
import type { Operation, Schema, Spec } from './spec.ts';

/** The facts of a document, given as JSON. */
export function readFacts(json: string): Spec {
  const document: Document = JSON.parse(json);
  const { [callbackPath]: told, ...paths } = document.paths;
  return {
    operations: Object.entries(paths).flatMap(([path, item]) =>
      methods.flatMap((method) => {
        const operation = item[method];
        return operation ? [readOperation(path, method, operation)] : [];
      }),
    ),
    callback: bodyOf(told?.post) ?? {},
    $defs: mapValues(document.components.schemas, readSchema),
  };
}

/** Where the document describes what a client's own server is sent. */
const callbackPath = '/your-usage-callback-url/';

type Document = {
  paths: Record<string, Partial<Record<(typeof methods)[number], DocumentOperation>>>;
  components: { schemas: Record<string, Json> };
};

type DocumentOperation = {
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema: Json }[];
  requestBody?: { content: Content };
  responses: Record<string, { content?: Content }>;
};

type Content = Record<string, { schema?: Json }>;
type Json = { [key: string]: unknown };

const methods = ['get', 'post', 'put', 'delete'] as const;

function readOperation(path: string, method: string, operation: DocumentOperation): Operation {
  const parameters = (operation.parameters ?? []).filter((each) => each.in === 'query');
  return {
    method: method.toUpperCase() as Operation['method'],
    path,
    query: Object.fromEntries(parameters.map(({ name, schema }) => [name, readSchema(schema)])),
    body: bodyOf(operation),
    // Said in the description only.
    required: parameters
      .filter((each) => each.required || each.description?.startsWith('(Required)'))
      .map((each) => each.name),
    responses: mapValues(operation.responses, ({ content = {} }) => {
      const [[type, { schema = {} }] = ['', {}]] = Object.entries(content);
      return { type, schema: readSchema(schema) };
    }),
  };
}

function bodyOf(operation: DocumentOperation | undefined): Schema | null {
  const schema = operation?.requestBody?.content['application/json']?.schema;
  return schema ? readSchema(schema) : null;
}

/** Keywords that say what a value is; all others are prose, or the vendor's own. */
const kept = ['type', 'format', 'minLength', 'maxLength', 'minimum', 'maximum'];

function readSchema(schema: Json): Schema {
  const { $ref, properties, items, nullable, oneOf, required } = schema;
  if (typeof $ref === 'string') return { $ref: $ref.replace('#/components/schemas/', '#/$defs/') };
  const facts: Schema = Object.fromEntries(
    kept.filter((key) => key in schema).map((key) => [key, schema[key]]),
  );
  if (schema['enum']) facts['enum'] = wordsOf(schema['enum'] as string[]);
  if (nullable) facts['type'] = [facts['type'], 'null'];
  if (properties) facts.properties = mapValues(properties as Record<string, Json>, readSchema);
  // On a single property it is a word of older drafts.
  if (Array.isArray(required)) facts['required'] = required;
  if (items) facts['items'] = readSchema(items as Json);
  if (Array.isArray(oneOf)) facts['oneOf'] = oneOf.map(readSchema);
  return facts;
}

/** One list of words is written as a single word with commas in it. */
function wordsOf(words: readonly (string | number)[]): (string | number)[] {
  return words.flatMap((word): (string | number)[] => (typeof word === 'string' ? word.split(', ') : [word]));
}

function mapValues<T, R>(record: Record<string, T>, change: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

/** The facts as the file that is kept: what fits a line stands on one. */
export function writeFacts(spec: Spec): string {
  return `${writeJson(spec, '')}\n`;
}

const lineCharsMax = 110;

function writeJson(value: unknown, indent: string, before = indent.length): string {
  const line = writeLine(value);
  if (typeof value !== 'object' || value === null) return line;
  // A comma may follow.
  if (indent !== '' && before + line.length < lineCharsMax) return line;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item) => inner + writeJson(item, inner));
    return `[\n${items.join(',\n')}\n${indent}]`;
  }
  const members = Object.entries(value).map(([key, item]) => {
    const name = `${inner}${JSON.stringify(key)}: `;
    return name + writeJson(item, inner, name.length);
  });
  return `{\n${members.join(',\n')}\n${indent}}`;
}

function writeLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(writeLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${writeLine(item)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}
