// The schemas of a vendor's OpenAPI 3.0 document as JSON Schema, without prose and examples.

/** JSON Schema 2020-12. */
export type Schema = { [keyword: string]: unknown; properties?: Record<string, Schema> };

/** A keyword of ours, for members that may be left out. */
export const optional = 'x-optional';

/** What a document holds before it is read. */
export type Json = { [key: string]: unknown };

/** Keywords that say what a value is; all others are prose, or the vendor's own. */
const kept = ['type', 'format', 'enum', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum'];

export function readSchema(schema: Json): Schema {
  const { $ref, properties, items, nullable, oneOf, required } = schema;
  if (typeof $ref === 'string') return { $ref: $ref.replace('#/components/schemas/', '#/$defs/') };
  const facts: Schema = Object.fromEntries(
    kept.filter((key) => key in schema).map((key) => [key, schema[key]]),
  );
  if (Array.isArray(facts['enum'])) facts['enum'] = facts['enum'].flatMap(wordsOf);
  if (nullable) allowNull(facts);
  if (properties) facts.properties = mapValues(properties as Record<string, Json>, readSchema);
  // On a single property it is a word of older drafts.
  if (Array.isArray(required)) facts['required'] = required;
  if (items) facts['items'] = readSchema(items as Json);
  if (Array.isArray(oneOf)) facts['oneOf'] = oneOf.map(readSchema);
  return facts;
}

/** One vendor writes a list of words as a single word with commas in it. */
function wordsOf(word: unknown): unknown[] {
  return typeof word === 'string' ? word.split(', ') : [word];
}

/** `nullable` is a word of OpenAPI 3.0; in JSON Schema null is one more type, and one more value of an enum. */
function allowNull(schema: Schema): void {
  if ('type' in schema) schema['type'] = [schema['type'], 'null'];
  if ('enum' in schema) schema['enum'] = [...(schema['enum'] as string[]), null];
}

/** `#/$defs/Order` → `Order`; empty for a schema that is no reference. */
export function nameOfSchema({ $ref }: Schema): string {
  return typeof $ref === 'string' ? $ref.slice('#/$defs/'.length) : '';
}

/** A schema as it is, or what it refers to. */
export function resolveSchema(schema: Schema, $defs: Record<string, Schema>): Schema {
  return '$ref' in schema ? ($defs[nameOfSchema(schema)] ?? {}) : schema;
}

export function mapValues<T, R>(record: Record<string, T>, change: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
