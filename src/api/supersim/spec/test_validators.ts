// The vendor's schemas as validators, stricter than they are written: every member is there, and no other.
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { mapValues, type Schema } from '../../http/vendor_document/schema.ts';
import { type Compiler, createCompiler, strictly } from '../../http/vendor_document/test_validators.ts';
import { spec } from './spec.ts';

/** By operation and status (`FetchSim 200`): of its body, or null where there is none. */
export function compileResponses(): Map<string, ValidateFunction | null> {
  const { compile } = strictCompiler();
  return new Map(
    spec.operations.flatMap(({ operationId, responses }) =>
      Object.entries(responses).map(([status, body]) => [
        `${operationId} ${status}`,
        body && compile(strictly(body)),
      ]),
    ),
  );
}

/** Of every error. */
export function compileError(): ValidateFunction {
  const properties = {
    code: { type: 'integer', minimum: 10_000, maximum: 99_999 },
    message: { type: 'string', minLength: 1 },
    more_info: { type: 'string', format: 'uri' },
    status: { type: 'integer' },
  };
  return strictCompiler().compile(strictly({ type: 'object', properties }));
}

function strictCompiler(): Compiler {
  const compiler = createCompiler('supersim', strictDefinitions());
  const { ajv } = compiler;
  ajv.addFormat('date-time', /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);
  ajv.addFormat('http-method', /^(GET|POST)$/);
  ajv.addFormat('iso-country-code', /^[A-Z]{2}$/);
  ajv.addFormat('currency', /^[A-Z]{3}$/);
  return compiler;
}

function strictDefinitions(): Record<string, Schema> {
  const definitions = structuredClone(spec.$defs);
  for (const [name, member, is] of corrections) {
    const { properties } = definitions[name] ?? {};
    if (!properties?.[member]) throw new Error(`${name} has no ${member}`);
    properties[member] = is;
  }
  return mapValues(definitions, strictly);
}

const time = { type: 'string', format: 'date-time' };
const mccAndMnc = {
  type: 'object',
  properties: {
    mcc: { type: 'string', pattern: '^\\d{3}$' },
    mnc: { type: 'string', pattern: '^\\d{2,3}$' },
  },
};
const identifiers = { type: 'array', items: mccAndMnc, minItems: 1 };

/** Where the document says something else, or less, than all of its examples: schema, member, and what the examples hold. */
const corrections: readonly [string, string, Schema][] = [
  // Called a uri; a port is ours, where the SM-DP+ does not have its usual one.
  [
    'supersim.v1.esim_profile',
    'smdp_plus_address',
    { type: ['string', 'null'], pattern: '^[a-z0-9-]+(\\.[a-z0-9-]+)*(:\\d+)?$' },
  ],
  // Called a number, and shown as "0.03".
  [
    'supersim.v1.usage_record',
    'data_total_billed',
    { type: ['number', 'string', 'null'], pattern: '^\\d+(\\.\\d+)?$' },
  ],
  // Not described.
  [
    'supersim.v1.usage_record',
    'period',
    { type: 'object', properties: { start_time: time, end_time: time } },
  ],
  ['supersim.v1.network', 'identifiers', identifiers],
  ['supersim.v1.network_access_profile.network_access_profile_network', 'identifiers', identifiers],
];
