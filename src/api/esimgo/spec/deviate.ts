// The schemas of the document as this door answers them: with the deviations in their places.

import { optional, type Schema } from '../../http/vendor_document/schema.ts';
import { type Deviation, deviations } from './deviations.ts';
import { spec } from './spec.ts';

/** Members may be left out that are added, and those that a deviation says nothing about. */
export function deviatingDefinitions(): Record<string, Schema> {
  const definitions = structuredClone(spec.$defs);
  for (const each of deviations.filter(({ at }) => at !== '')) deviate(definitions, each);
  return definitions;
}

function deviate(definitions: Record<string, Schema>, { of, at, is }: Deviation): void {
  const steps = at.split(/\.|(?=\[\])/);
  const [name = ''] = steps.splice(-1);
  const { properties } = steps.reduce(stepInto, definitions[of] ?? {});
  const known = properties?.[name];
  if (!properties || (!is && !known)) throw new Error(`${of} has no ${at}`);
  properties[name] = is && known ? is : { ...(is ?? known), [optional]: true };
}

function stepInto(schema: Schema, step: string): Schema {
  return (step === '[]' ? (schema['items'] as Schema) : schema.properties?.[step]) ?? {};
}
