// Words to write schemas with, shorter than JSON Schema is.
import { optional, type Schema } from '../../http/vendor_document/schema.ts';

export const text: Schema = { type: 'string' };
export const number: Schema = { type: 'number' };
export const whole: Schema = { type: 'integer' };
export const flag: Schema = { type: 'boolean' };
/** `2019-09-13T12:00:00Z`. */
export const time: Schema = { type: 'string', format: 'date-time' };
export const url: Schema = { type: 'string', format: 'uri' };
/** `LPA:1$rsp.example.com$…`. */
export const code: Schema = { type: 'string', pattern: '^LPA:1\\$[^$]+\\$' };
/** What `LPA:1$` and a matching id are put around: no scheme. */
export const bareHost: Schema = { type: 'string', pattern: '^[a-z0-9-]+(\\.[a-z0-9-]+)*(:\\d+)?$' };
/** Amounts of bytes are texts in version 1. */
export const bytesText: Schema = { type: 'string', pattern: '^(-1|\\d+)$' };

export function words(...of: readonly string[]): Schema {
  return { enum: [...of] };
}

export function listOf(items: Schema): Schema {
  return { type: 'array', items };
}

export function object(properties: Record<string, Schema>): Schema {
  return { type: 'object', properties };
}

/** The same, where it may be left out. */
export function maybe(schema: Schema): Schema {
  return { ...schema, [optional]: true };
}

export function reference(name: string): Schema {
  return { $ref: `#/$defs/${name}` };
}
