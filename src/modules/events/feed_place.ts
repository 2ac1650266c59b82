// Cursors: opaque to readers, the position of the last event that was shown; those given out before that was enough still work.
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';

export function writeCursor(position: bigint): string {
  return Buffer.from(`${position}`).toString('base64url');
}

/** The position behind which a reader goes on. Throws `invalid_request` for what is no cursor. */
export async function readCursor(ctx: Ctx, cursor: string): Promise<bigint> {
  const [, tx, position] = cursorForm.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (position === undefined)
    throw new AppError('invalid_request', 'not a cursor of this feed', {
      fields: [{ field: 'after', detail: 'give a cursor as it was answered, or leave it out' }],
    });
  return tx === undefined ? BigInt(position) : await findOldPlace(ctx, tx, position);
}

const cursorForm = /^(?:(\d{1,19})\.)?(\d{1,18})$/;

/**
 * The position before all that a reader had not been shown who went by (transaction, position). It may be shown again
 * what had then overtaken that, and nothing is skipped.
 */
async function findOldPlace(ctx: Ctx, tx: string, position: string): Promise<bigint> {
  const [row] = await query<{ place: bigint }>(ctx.db, selectOldPlace, [tx, position]);
  return row?.place ?? 0n;
}

// No transaction was overtaken by as many events.
const overtakenMax = 10_000;

const selectOldPlace = `
  select coalesce(
    (
      select min(position) - 1 from (
        select position from events.events
        where tx is not null and (tx, position) > ($1::xid8, $2::bigint)
        order by tx, position limit ${overtakenMax}
      ) as ahead
    ), (
      select max(position) from (
        select position from events.events where tx is not null
        order by tx desc, position desc limit ${overtakenMax}
      ) as last
    ), 0) as place`;
