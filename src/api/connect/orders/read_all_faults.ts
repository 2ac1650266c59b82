// A body is read as far as it can be: what is wrong is named and left out, so that the rest can still be checked.
import type { z } from 'zod';
import { AppError, type FieldError } from '../../../base/app_error.ts';
import { readInput } from '../../http/read_input.ts';

/** `value` by `schema`, without what is at fault; every member of `schema` may be left out. */
export function readAllFaults<S extends z.ZodType>(schema: S, value: unknown): Read<z.output<S>> {
  const read = schema.safeParse(value);
  if (read.success) return { data: read.data, faults: [] };
  const rest = structuredClone(value);
  for (const { path } of read.error.issues) leaveOut(rest, path);
  const again = schema.safeParse(rest);
  return { data: again.success ? again.data : schema.parse({}), faults: faultsOf(schema, value) };
}

export type Read<T> = { data: T; faults: FieldError[] };

function faultsOf(schema: z.ZodType, value: unknown): FieldError[] {
  try {
    readInput(schema, value, 'The body is not valid.');
    return [];
  } catch (error) {
    if (error instanceof AppError) return error.fields;
    throw error;
  }
}

/** The items of a list keep their places, by which their faults are named. */
function leaveOut(value: unknown, path: readonly PropertyKey[]): void {
  const last = path.at(-1);
  let holder = value as Record<PropertyKey, unknown> | undefined;
  for (const key of path.slice(0, -1)) holder = holder?.[key] as typeof holder;
  if (holder && last !== undefined) holder[last] = undefined;
}

/** Without those about what is at fault already: a member that cannot be read is not missing. */
export function addFaults(known: readonly FieldError[], more: readonly FieldError[]): FieldError[] {
  const isKnown = ({ field }: FieldError) =>
    known.some(
      (each) => field === each.field || ['.', '['].some((next) => field.startsWith(each.field + next)),
    );
  return [...known, ...more.filter((fault) => !isKnown(fault))];
}
