// JSON that keeps what plain JSON loses: bigint, Date and bytes come back as what they were.
import { asBuffer } from '../base/bytes.ts';

/** `value` as JSON text. What is undefined is left out of objects, as in plain JSON. */
export function writeExactJson(value: unknown): string {
  return JSON.stringify(tag(value)) ?? 'null';
}

/** The value that `writeExactJson` wrote, from parsed JSON. */
export function readExactJson(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(readExactJson);
  if (typeof json !== 'object' || json === null) return json;
  const [only, ...others] = Object.entries(json);
  if (only && others.length === 0 && Object.hasOwn(untag, only[0])) return untag[only[0] as Tag](only[1]);
  return mapValues(json, readExactJson);
}

/** The same text for equal values, whatever the order of their keys. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sortKeys(tag(value))) ?? 'null';
}

const untag = {
  $bigint: (text: unknown) => BigInt(text as string),
  $date: (text: unknown) => new Date(text as string),
  $bytes: (text: unknown) => Buffer.from(text as string, 'base64'),
  $object: (json: unknown) => mapValues(json as object, readExactJson),
};
type Tag = keyof typeof untag;

function tag(value: unknown): unknown {
  if (typeof value === 'bigint') return { $bigint: value.toString() };
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return { $date: value.toISOString() };
  if (value instanceof Uint8Array) return { $bytes: asBuffer(value).toString('base64') };
  if (Array.isArray(value)) return value.map(tag);
  const tagged = mapValues(value, tag);
  // An object that happens to look like one of our tags is wrapped, so that it comes back as it was.
  return Object.keys(value).some((key) => Object.hasOwn(untag, key)) ? { $object: tagged } : tagged;
}

function sortKeys(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(sortKeys);
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sortKeys(each)]),
  );
}

function mapValues(object: object, map: (value: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).map(([key, each]) => [key, map(each)]));
}
