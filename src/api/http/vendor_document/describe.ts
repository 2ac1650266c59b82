// What a value of a schema is, in a few words.
import { resolveSchema, type Schema } from './schema.ts';

export function describe(schema: Schema, $defs: Record<string, Schema>): string {
  const { enum: words, format, type, items, properties, anyOf } = resolveSchema(schema, $defs);
  if (Array.isArray(words)) return words.map((word) => `\`${word}\``).join(', ');
  if (items) return `list of ${describe(items as Schema, $defs)}`;
  if (properties) return 'object';
  if (anyOf) return 'one or several';
  const [kind = 'anything'] = [type].flat().filter((each) => each !== 'null' && each !== undefined);
  return formats[String(format)] ?? String(kind);
}

const formats: Record<string, string> = { 'date-time': 'time', date: 'day', uri: 'URL' };
