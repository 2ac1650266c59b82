// For tests: a vendor's schemas as validators, stricter than they are written: every member is there, and no other.
import assert from 'node:assert/strict';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { mapValues, optional, type Schema } from './schema.ts';

/** Compiles schemas whose references lead into `$defs`. */
export type Compiler = { ajv: Ajv2020; compile(schema: Schema): ValidateFunction };

/** `$id` is any name. */
export function createCompiler($id: string, $defs: Record<string, Schema>): Compiler {
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
  addFormats.default(ajv);
  ajv.addSchema({ $id, $defs });
  const elsewhere = (schema: Schema): Schema =>
    JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', `"${$id}#/$defs/`));
  return { ajv, compile: (schema) => ajv.compile(elsewhere(schema)) };
}

/** The documents hardly require a member and allow others, but their examples have all members and no others. */
export function strictly(schema: Schema): Schema {
  const { [optional]: _, items, anyOf, oneOf, properties, ...rest } = schema;
  if (rest['format'] === 'uri-map') return urlsByName(rest);
  return {
    ...rest,
    ...(items !== undefined && { items: strictly(items as Schema) }),
    ...(anyOf !== undefined && { anyOf: (anyOf as Schema[]).map(strictly) }),
    ...(oneOf !== undefined && { oneOf: (oneOf as Schema[]).map(strictly) }),
    ...(properties && strictMembers(properties)),
  };
}

function urlsByName({ format: _, ...rest }: Schema): Schema {
  return { ...rest, additionalProperties: { type: 'string', format: 'uri' } };
}

function strictMembers(properties: Record<string, Schema>): Schema {
  const required = Object.entries(properties).filter(([, each]) => !each[optional]);
  return {
    properties: mapValues(properties, strictly),
    required: required.map(([name]) => name),
    additionalProperties: false,
  };
}

/** Throws an AssertionError that names every fault of `body`. */
export function checkBody(called: string, validate: ValidateFunction, body: unknown): void {
  if (validate(body)) return;
  const faults = (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
  assert.fail(`${called}: ${faults.join('; ')}\n${JSON.stringify(body, null, 2)}`);
}
