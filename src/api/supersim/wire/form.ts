// What forms and queries hold: every value is text, and becomes what the vendor's document says it is, or a named fault.
import { z } from 'zod';
import { readSid, type SidKind } from './sid.ts';

/** 1 to `charsMax` characters. What was not UTF-8 was read as U+FFFD, and would be kept as that. */
export function formText(charsMax: number) {
  return z
    .string({ error: givenOnce })
    .min(1, { error: 'give a value', abort: true })
    .max(charsMax, { error: `give at most ${charsMax} characters`, abort: true })
    .refine((text) => !text.includes('\ufffd'), { error: 'give it in UTF-8', abort: true });
}

/** `true` or `false` in any case: clients of Python write `True`. */
export const formFlag = z
  .string({ error: givenOnce })
  .regex(/^(true|false)$/i, 'give true or false')
  .transform((text) => text.toLowerCase() === 'true');

/** A whole number from `min` to `max`. */
export function formWhole(min: number, max: number) {
  const error = `give a whole number from ${min} to ${max}`;
  return z
    .string({ error: givenOnce })
    .regex(/^-?\d{1,15}$/, error)
    .transform(Number)
    .refine((value) => value >= min && value <= max, error);
}

/** One of these words exactly. */
export function formChoice<const T extends readonly [string, ...string[]]>(words: T) {
  return z.enum(words, {
    error: (issue) =>
      issue.input === undefined ? undefined : (givenOnce(issue) ?? `give ${words.join(', ')}`),
  });
}

/** A key that may be repeated: all its values. */
export function formTexts(itemsMax: number, charsMax: number) {
  const item = z.string().min(1, 'give a value').max(charsMax, `give at most ${charsMax} characters`);
  return z
    .union([item.transform((one) => [one]), z.array(item)], 'give values')
    .refine((all) => all.length <= itemsMax, `give at most ${itemsMax} values`);
}

/** GET or POST. */
export const formMethod = z
  .string({ error: givenOnce })
  .transform((text) => text.toUpperCase())
  .pipe(z.enum(['GET', 'POST'], 'give GET or POST'));

/** ISO 8601: a date, or a time with its zone. */
export const formTime = z
  .string({ error: givenOnce })
  .refine(
    (text) => timePattern.test(text) && !Number.isNaN(Date.parse(text)) && isDay(text),
    'give a time like 2026-01-31T00:00:00Z',
  )
  .transform((text) => new Date(text));

const timePattern = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2}))?$/;

/** Whether the day that a time begins with is in the calendar: the parser reads February 30 as March 2. */
function isDay(text: string): boolean {
  const day = text.slice(0, 10);
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

/** A SID of this kind, as the id that it stands for. */
export function formSid<K extends SidKind>(kind: K) {
  return z.string({ error: givenOnce }).transform((sid, checked) => {
    const id = readSid(kind, sid);
    if (id !== undefined) return id;
    checked.addIssue({ code: 'custom', message: `not a SID of this kind` });
    return z.NEVER;
  });
}

/** An empty value takes away what is there: null. */
export function clearable<T extends z.ZodType>(schema: T) {
  return z.preprocess((text) => (text === '' ? null : text), schema.nullable());
}

/** A key that came twice is an array here. */
function givenOnce({ input }: { input?: unknown }): string | undefined {
  return Array.isArray(input) ? 'give it once' : undefined;
}
