// What came over the wire becomes what the schema promises, or an error that names each field at fault.
import type { z } from 'zod';
import { AppError, type FieldError } from '../../base/app_error.ts';

/** `value` as `schema` reads it. Throws `invalid_request` with up to 100 fields, named like `lines[0].product`. */
export function readInput<S extends z.ZodType>(schema: S, value: unknown, detail: string): z.output<S> {
  // Without the input, what is missing could not be told from what is of another type.
  const read = schema.safeParse(value, { reportInput: true });
  if (read.success) return read.data;
  const fields = read.error.issues.flatMap(faultsOf).slice(0, fieldsMax);
  throw new AppError('invalid_request', detail, { fields });
}

const fieldsMax = 100;

function faultsOf(issue: z.core.$ZodIssue): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: fieldName([...issue.path, key]),
      detail: 'unknown, leave it out',
    }));
  }
  const isMissing = issue.code === 'invalid_type' && issue.input === undefined;
  return [{ field: fieldName(issue.path), detail: isMissing ? 'required' : lowerFirst(issue.message) }];
}

/** `['lines', 0, 'product']` → `lines[0].product`; the whole input is called `body`. */
function fieldName(path: readonly PropertyKey[]): string {
  const name = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return name.replace(/^\./, '').slice(0, 200) || 'body';
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
