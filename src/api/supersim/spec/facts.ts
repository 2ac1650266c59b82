// Reduces an OpenAPI 3.0 document to facts: no prose and no examples, and its schemas as JSON Schema.
import { parse } from 'yaml';
import type { Operation, Schema, Spec } from './spec.ts';

/** The facts of a document, given as YAML. */
export function readFacts(yaml: string): Spec {
  const document: Document = parse(yaml);
  return {
    operations: Object.entries(document.paths).flatMap(([path, item]) =>
      methods.flatMap((method) => {
        const operation = item[method];
        return operation ? [readOperation(path, method, operation)] : [];
      }),
    ),
    $defs: mapValues(document.components.schemas, readSchema),
  };
}

type Document = {
  paths: Record<string, Partial<Record<(typeof methods)[number], DocumentOperation>>>;
  components: { schemas: Record<string, Json> };
};

type DocumentOperation = {
  operationId: string;
  parameters?: { name: string; in: string; required?: boolean; schema: Json }[];
  requestBody?: { content: Record<string, { schema: Json }> };
  responses: Record<string, { content?: Record<string, { schema: Json }> }>;
};

type Json = { [key: string]: unknown };

const methods = ['get', 'post', 'delete'] as const;

function readOperation(path: string, method: string, operation: DocumentOperation): Operation {
  const parameters = (operation.parameters ?? []).filter((each) => each.in === 'query');
  const form = operation.requestBody?.content['application/x-www-form-urlencoded']?.schema ?? {};
  return {
    operationId: operation.operationId,
    method: method.toUpperCase() as Operation['method'],
    path: path.replace(/^\/v1/, ''),
    query: Object.fromEntries(parameters.map(({ name, schema }) => [name, readSchema(schema)])),
    form: mapValues((form['properties'] ?? {}) as Record<string, Json>, readSchema),
    required: [
      ...parameters.filter((each) => each.required).map((each) => each.name),
      ...((form['required'] ?? []) as string[]),
    ],
    responses: mapValues(operation.responses, ({ content }) => {
      const schema = content?.['application/json']?.schema;
      return schema ? readSchema(schema) : null;
    }),
  };
}

/** Keywords that say what a value is; all others are prose, or the vendor's own. */
const kept = ['type', 'format', 'enum', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum'];

function readSchema(schema: Json): Schema {
  const { $ref, properties, items, nullable } = schema;
  if (typeof $ref === 'string') return { $ref: $ref.replace('#/components/schemas/', '#/$defs/') };
  const facts: Schema = Object.fromEntries(
    kept.filter((key) => key in schema).map((key) => [key, schema[key]]),
  );
  if (nullable) allowNull(facts);
  if (properties) facts.properties = mapValues(properties as Record<string, Json>, readSchema);
  if (items) facts['items'] = readSchema(items as Json);
  return facts;
}

/** `nullable` is a word of OpenAPI 3.0; in JSON Schema null is one more type, and one more value of an enum. */
function allowNull(schema: Schema): void {
  if ('type' in schema) schema['type'] = [schema['type'], 'null'];
  if ('enum' in schema) schema['enum'] = [...(schema['enum'] as string[]), null];
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
