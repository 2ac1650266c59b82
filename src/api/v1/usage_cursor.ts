// Cursors of usage: where a page ended, and what was asked, so that the next page answers the same question.
import { z } from 'zod';
import { AppError } from '../../base/app_error.ts';

/** Where a page of sums ended; the span is that of the first page, also when it was asked for up to now. */
export type UsageCursor = { from: Date; to: Date; startsAt: Date; key: string | null };

/** Where a page of records ended. */
export type RecordCursor = { at: Date; id: string };

export const writeUsageCursor = ({ from, to, startsAt, key }: UsageCursor) =>
  encode([from.getTime(), to.getTime(), startsAt.getTime(), key]);

/** Throws `invalid_request` when it is not a cursor of this list. */
export function readUsageCursor(cursor: string): UsageCursor {
  const [from, to, startsAt, key] = decode(usageParts, cursor);
  return { from: new Date(from), to: new Date(to), startsAt: new Date(startsAt), key };
}

export const writeRecordCursor = ({ at, id }: RecordCursor) => encode([at.getTime(), id]);

/** Throws `invalid_request` when it is not a cursor of this list. */
export function readRecordCursor(cursor: string): RecordCursor {
  const [at, id] = decode(recordParts, cursor);
  return { at: new Date(at), id };
}

const moment = z.int().min(0).max(8_640_000_000_000);
const name = z
  .string()
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u);
const usageParts = z.tuple([moment, moment, moment, name.nullable()]);
const recordParts = z.tuple([moment, name]);

function encode(parts: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

function decode<S extends z.ZodType>(schema: S, cursor: string): z.output<S> {
  const read = schema.safeParse(parse(Buffer.from(cursor, 'base64url').toString()));
  if (read.success) return read.data;
  throw new AppError('invalid_request', 'This is not a cursor of this list.', {
    fields: [{ field: 'cursor', detail: 'give nextCursor as it was answered, or leave it out' }],
  });
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
