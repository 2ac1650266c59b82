// What happened to a profile, newest first, and who did it.
import { AppError } from '../../base/app_error.ts';
import { isId } from '../../base/ids.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { type ListPage, listTexts, queryList } from '../../pg/list.ts';
import type { Event } from './event.ts';
import { type EventRow, eventColumns, readEvent } from './event_row.ts';

/** `before` and `after` are ids of events. Throws `invalid_request` for what is no such id. */
export async function listProfileHistory(
  ctx: Ctx,
  { accountId, iccid, before, after, ...page }: ListPage & { accountId: string; iccid: string },
): Promise<Event[]> {
  const rows = await queryList<EventRow>(ctx.db, texts, [accountId, iccid], {
    ...page,
    before: before === undefined ? String(positionMax) : positionOf(before),
    ...(after !== undefined && { after: positionOf(after) }),
  });
  return rows.map(readEvent);
}

const positionMax = 2n ** 63n - 1n;

/** The reverse of `eventIdOf`. */
function positionOf(id: string): string {
  const position = isId('event', id) ? BigInt(`0x${id.slice(4)}`) : positionMax + 1n;
  if (position <= positionMax) return String(position);
  throw new AppError('invalid_request', 'This is not the id of an event.');
}

// As the index `events_of_profiles` is written.
const texts = listTexts(
  `select ${eventColumns} from events.events e
  where e.account_id = $1 and e.resource_id = $2 and e.type like 'profile.%'`,
  'e.position',
  2,
);
