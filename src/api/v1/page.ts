// Pages of lists: keyset cursors, so that page one million costs what page one costs.
import { AppError } from '../../base/app_error.ts';
import { type IdKind, isId } from '../../base/ids.ts';

/** The answer of a list: `items` written, and the cursor of the last one while there may be more. */
export function writePage<T, W>(
  items: readonly T[],
  page: PageOf<T, W>,
): { data: W[]; nextCursor: string | null } {
  const last = items.length === page.limit ? items.at(-1) : undefined;
  return { data: items.map(page.write), nextCursor: last === undefined ? null : page.cursorOf(last) };
}

export type PageOf<T, W> = { limit: number; cursorOf: (item: T) => string; write: (item: T) => W };

/** `cursor` when it is an id of this kind; throws `invalid_request` for any other. */
export function readIdCursor(kind: IdKind, cursor: string | undefined): string | undefined {
  if (cursor === undefined || isId(kind, cursor)) return cursor;
  throw new AppError('invalid_request', 'This is not a cursor of this list.', {
    fields: [{ field: 'cursor', detail: 'give nextCursor as it was answered, or leave it out' }],
  });
}
