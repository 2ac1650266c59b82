// The Super SIM API as its vendor's OpenAPI document has it, reduced to facts: what is asked for, and what is answered.
import { readFileSync } from 'node:fs';
import type { Schema } from '../../http/vendor_document/schema.ts';
import { specFile } from './spec_file.ts';

/** Operations in the order of the document, and the schemas that they refer to as `#/$defs/…`. */
export type Spec = { operations: Operation[]; $defs: Record<string, Schema> };

export type Operation = {
  operationId: string;
  method: 'GET' | 'POST' | 'DELETE';
  /** Under `/v1`, parameters in braces. */
  path: string;
  query: Record<string, Schema>;
  form: Record<string, Schema>;
  /** Query parameters and form fields that must be there. */
  required: string[];
  /** By status: the body, or null where there is none. */
  responses: Record<string, Schema | null>;
};

export const spec: Spec = JSON.parse(readFileSync(specFile, 'utf8'));
