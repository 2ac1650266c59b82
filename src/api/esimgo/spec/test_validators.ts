// The vendor's schemas as validators, stricter than they are written: every member is there and no other, but for the named deviations.
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { additions } from './additions.ts';
import { deviatingDefinitions, optional } from './deviate.ts';
import { deviations } from './deviations.ts';
import { nameOf, type Operation, type Schema, spec } from './spec.ts';

/** Those of the document, and those that it does not have. */
export const allOperations: readonly Operation[] = [...spec.operations, ...additions];

/** By operation and status (`GET /esims 200`): of its body. */
export function compileAnswers(): Map<string, ValidateFunction> {
  const ajv = createAjv(strictDefinitions());
  return new Map(
    allOperations.flatMap((operation) =>
      Object.entries(operation.responses).map(([status, { schema }]) => {
        const changed = deviations.find((each) => each.of === nameOf(operation));
        const answered = status < '300' && changed?.is ? changed.is : schema;
        return [`${nameOf(operation)} ${status}`, ajv.compile(elsewhere(strictly(answered)))];
      }),
    ),
  );
}

/** The same, as the document has them. */
export function compileDocument(): Map<string, ValidateFunction> {
  const ajv = createAjv(spec.$defs);
  return new Map(
    spec.operations.flatMap((operation) =>
      Object.entries(operation.responses).map(([status, { schema }]) => [
        `${nameOf(operation)} ${status}`,
        ajv.compile(elsewhere(schema)),
      ]),
    ),
  );
}

/** Of every error. */
export function compileError(): ValidateFunction {
  return createAjv(strictDefinitions()).compile({ $ref: 'esim-go#/$defs/Message' });
}

function createAjv($defs: Record<string, Schema>): Ajv2020 {
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
  addFormats.default(ajv);
  return ajv.addSchema({ $id: 'esim-go', $defs });
}

function strictDefinitions(): Record<string, Schema> {
  return Object.fromEntries(
    Object.entries(deviatingDefinitions()).map(([name, each]) => [name, strictly(each)]),
  );
}

/** The document hardly requires a member and allows others, but its examples have all members and no others. */
function strictly(schema: Schema): Schema {
  const { [optional]: _, items, anyOf, oneOf, properties, ...rest } = schema;
  return {
    ...rest,
    ...(items !== undefined && { items: strictly(items as Schema) }),
    ...(anyOf !== undefined && { anyOf: (anyOf as Schema[]).map(strictly) }),
    ...(oneOf !== undefined && { oneOf: (oneOf as Schema[]).map(strictly) }),
    ...(properties && strictMembers(properties)),
  };
}

function strictMembers(properties: Record<string, Schema>): Schema {
  const members = Object.entries(properties);
  return {
    properties: Object.fromEntries(members.map(([name, each]) => [name, strictly(each)])),
    required: members.filter(([, each]) => !each[optional]).map(([name]) => name),
    additionalProperties: false,
  };
}

/** The same schema, compiled by itself. */
function elsewhere(schema: Schema): Schema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"esim-go#/$defs/'));
}
