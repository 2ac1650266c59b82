// The eSIM Go API as its vendor's OpenAPI document has it, reduced to facts: what is asked for, and what is answered.
import { readFileSync } from 'node:fs';
import type { Schema } from '../../http/vendor_document/schema.ts';
import { specFile } from './spec_file.ts';

/** Operations in the order of the document, and the schemas that they refer to as `#/$defs/…`. */
export type Spec = { operations: Operation[]; callback: Schema; $defs: Record<string, Schema> };

export type Operation = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Under `/v2.4`, parameters in braces. */
  path: string;
  query: Record<string, Schema>;
  /** Null where nothing is sent. */
  body: Schema | null;
  /** Query parameters that must be there. */
  required: string[];
  /** By status. */
  responses: Record<string, { type: string; schema: Schema }>;
};

export const spec: Spec = JSON.parse(readFileSync(specFile, 'utf8'));

/** An operation as notes and tests call it: the document gives them no ids. */
export function nameOf({ method, path }: Pick<Operation, 'method' | 'path'>): string {
  return `${method} ${path}`;
}
