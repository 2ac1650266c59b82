// Fleets, lines and network access profiles go by their SID or by the unique name that their account gave them.
import { AppError } from '../../../base/app_error.ts';
import { clearable, formText } from './form.ts';
import { readSid, type SidKind } from './sid.ts';

/** Of unique names, and more than SIDs have. */
const nameCharsMax = 64;

/** The id that this SID stands for, or the unique name as it is. */
export function readKey(kind: SidKind, sidOrName: string | undefined = ''): string {
  return readSid(kind, sidOrName) ?? sidOrName;
}

/** A SID or unique name in a form or query, as `readKey` reads it. */
export function formKey(kind: SidKind) {
  return formText(nameCharsMax).transform((text) => readKey(kind, text));
}

/** A unique name that is to be; an empty one takes it away. One in the form of a SID could never be asked for. */
export const formUniqueName = clearable(
  formText(nameCharsMax).refine(
    (name) => !/^[A-Z]{2}[0-9a-fA-F]{32}$/.test(name),
    'give a name that does not look like a SID',
  ),
);

/** What was asked for, or undefined where a filter names nothing that there is: then nothing fits it. */
export async function orMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return undefined;
    throw error;
  }
}
