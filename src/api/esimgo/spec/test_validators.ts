// The vendor's schemas as validators, stricter than they are written: every member is there and no other, but for the named deviations.
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { mapValues } from '../../http/vendor_document/schema.ts';
import { type Compiler, createCompiler, strictly } from '../../http/vendor_document/test_validators.ts';
import { additions } from './additions.ts';
import { deviatingDefinitions } from './deviate.ts';
import { deviations } from './deviations.ts';
import { nameOf, type Operation, spec } from './spec.ts';

/** Those of the document, and those that it does not have. */
export const allOperations: readonly Operation[] = [...spec.operations, ...additions];

/** By operation and status (`GET /esims 200`): of its body. */
export function compileAnswers(): Map<string, ValidateFunction> {
  const { compile } = strictCompiler();
  return new Map(
    allOperations.flatMap((operation) =>
      Object.entries(operation.responses).map(([status, { schema }]) => {
        const changed = deviations.find((each) => each.of === nameOf(operation));
        const answered = status < '300' && changed?.is ? changed.is : schema;
        return [`${nameOf(operation)} ${status}`, compile(strictly(answered))];
      }),
    ),
  );
}

/** The same, as the document has them. */
export function compileDocument(): Map<string, ValidateFunction> {
  const { compile } = createCompiler('esim-go', spec.$defs);
  return new Map(
    spec.operations.flatMap((operation) =>
      Object.entries(operation.responses).map(([status, { schema }]) => [
        `${nameOf(operation)} ${status}`,
        compile(schema),
      ]),
    ),
  );
}

/** Of every error. */
export function compileError(): ValidateFunction {
  return strictCompiler().compile({ $ref: '#/$defs/Message' });
}

function strictCompiler(): Compiler {
  return createCompiler('esim-go', mapValues(deviatingDefinitions(), strictly));
}
