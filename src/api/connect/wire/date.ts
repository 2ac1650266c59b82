// Dates as the vendor has them: ISO 8601 with a zone; written in UTC, seconds without a fraction.
import { z } from 'zod';

/** `2019-09-13T12:00:00Z`. */
export function writeDate(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

/**
 * `2019-09-13T12:00:00Z`, with or without a fraction, or with an offset like `+0100` or `+01:00`, whose plus a query may
 * have made a blank. Undefined for what is none, or not on the calendar.
 */
export function readDate(text: string): Date | undefined {
  const [, day, time, fraction = '', zone = ''] = pattern.exec(text) ?? [];
  const wall = new Date(`${day}T${time}Z`);
  // `Date` reads the 31st of February as the 3rd of March, and 24 o'clock as the next day.
  if (Number.isNaN(wall.getTime()) || !wall.toISOString().startsWith(`${day}T${time}`)) return undefined;
  const date = new Date(
    `${day}T${time}${fraction}${zone.replace(' ', '+').replace(/(\d\d)(\d\d)$/, '$1:$2')}`,
  );
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** A date in a query or a body, as a `Date`. */
export const date = z.string('give it once, as text').transform((text, { addIssue }) => {
  const read = readDate(text);
  if (read) return read;
  addIssue({ code: 'custom', message: 'give a date like 2019-09-13T12:00:00Z', input: text });
  return z.NEVER;
});

const pattern = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+\- ]\d\d:?\d\d)$/;
