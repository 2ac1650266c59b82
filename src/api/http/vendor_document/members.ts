// The members of a schema by their paths, `order[].esims[].iccid`, and which schema of the document each of them is in.
import { nameOfSchema, type Schema } from './schema.ts';

export type Member = {
  path: string;
  schema: Schema;
  /** The schema that describes it, and its path in that one. */
  of: string;
  at: string;
};

/** All members of `schema` in its order, one before those that are in it. References lead into `$defs`. */
export function membersOf(schema: Schema, $defs: Record<string, Schema>): Member[] {
  const all = membersIn(schema, { of: '', at: '', path: '' }, $defs);
  return [...new Map(all.map((each) => [each.path, each])).values()];
}

type Place = Omit<Member, 'schema'>;

function membersIn(schema: Schema, place: Place, $defs: Record<string, Schema>): Member[] {
  const name = nameOfSchema(schema);
  if (name !== '') return membersIn($defs[name] ?? {}, { ...place, of: name, at: '' }, $defs);
  const { oneOf, items, properties } = schema;
  if (Array.isArray(oneOf)) return oneOf.flatMap((each: Schema) => membersIn(each, place, $defs));
  if (items) return membersIn(items as Schema, into(place, '[]'), $defs);
  return Object.entries(properties ?? {}).flatMap(([member, each]) => {
    const there = into(place, member);
    return [{ ...there, schema: each }, ...membersIn(each, there, $defs)];
  });
}

function into({ of, at, path }: Place, step: string): Place {
  return { of, at: join(at, step), path: join(path, step) };
}

function join(path: string, step: string): string {
  return path === '' || step === '[]' ? path + step : `${path}.${step}`;
}
