// A unique name stands for its resource in URLs, so it never looks like an id or a number.
import { AppError } from '../../base/app_error.ts';
import { violatedConstraint } from '../../pg/translate_pg_error.ts';

/** Throws `invalid_request` unless `name` is 1 to 64 characters, no id and not only digits. */
export function checkUniqueName(name: string): void {
  const [, detail] = rules.find(([isBroken]) => isBroken(name)) ?? [];
  if (detail !== undefined)
    throw new AppError('invalid_request', `uniqueName: ${detail}.`, {
      fields: [{ field: 'uniqueName', detail }],
    });
}

const rules: readonly [isBroken: (name: string) => boolean, detail: string][] = [
  [(name) => name.trim() === '' || [...name].length > 64, 'give 1 to 64 characters'],
  [(name) => /\p{Cc}|\p{Cs}/u.test(name), 'give no control characters'],
  [
    (name) => /^\d+$/.test(name) || /^[a-z]{3}_/.test(name),
    'a name cannot look like an id or be only digits',
  ],
  // In a URL these are the folder and the one above, also when they are encoded.
  [(name) => name === '.' || name === '..', 'a name cannot be only dots'],
];

/** Gives what `run` gives. Throws `name_taken` naming the field when it writes a name that another resource has. */
export async function refuseTakenName<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!violatedConstraint(error)?.endsWith('unique_name_key')) throw error;
    throw new AppError('name_taken', undefined, {
      fields: [{ field: 'uniqueName', detail: 'taken' }],
      cause: error,
    });
  }
}
