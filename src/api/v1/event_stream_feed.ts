// Feeds the streams of one account: each is given every event once, in order, and what they share is read once.
import { limits } from '../../base/limits.ts';
import { type Event, type EventPage, listEvents } from '../../modules/events/index.ts';
import type { Ctx } from '../http/core.ts';
import { type EventStream, fitsFilter, giveEvent, hasRoom } from './event_stream.ts';

/**
 * One turn. `heads` has, for each account with live streams, the cursor up to which it was read for them. Gives true when
 * more waits for streams that could take it.
 */
export async function feedAccount(
  ctx: Ctx,
  accountId: string,
  streams: readonly EventStream[],
  heads: Map<string, string>,
): Promise<boolean> {
  const liveAtEnd = await feedLive(ctx, accountId, streams, heads);
  let more = !liveAtEnd;
  for (const stream of streams.filter(({ state }) => state === 'lagging')) {
    const caughtUp = await catchUp(ctx, stream);
    // What was given in earlier turns lies before the head, since that was read to its end later; what was given in this
    // turn may lie behind it, and is skipped when it comes.
    if (caughtUp && liveAtEnd && stream.state === 'lagging') {
      stream.state = 'live';
      if (!heads.has(accountId)) heads.set(accountId, stream.cursor);
    } else more ||= hasRoom(stream);
  }
  return more;
}

/** Reads on for all live streams together; true when it came to the end of the feed. */
async function feedLive(
  ctx: Ctx,
  accountId: string,
  streams: readonly EventStream[],
  heads: Map<string, string>,
): Promise<boolean> {
  for (let pages = 0; pages < pagesPerTurn; pages++) {
    const live = streams.filter(({ state }) => state === 'live');
    const after = heads.get(accountId);
    if (live.length === 0 || after === undefined) {
      heads.delete(accountId);
      return true;
    }
    const page = await listEvents(ctx, { accountId, after, limit: pageSize });
    heads.set(accountId, page.nextCursor);
    const isAtEnd = page.events.length < pageSize;
    for (const stream of live) givePage(stream, page, isAtEnd);
    if (isAtEnd) return true;
  }
  return false;
}

const pageSize = limits.pageSizeMax;
/** For one that lags: what does not fit into its buffer was read in vain. */
const smallPageSize = 50;
/** How much is read for one account, or for one that lags, before the others have their turn. */
const pagesPerTurn = 10;

/** A stream whose buffer is full goes on by itself once there is room. */
function givePage(stream: EventStream, page: EventPage, isAtEnd: boolean): void {
  for (const event of page.events) {
    if (!isWanted(stream, event)) continue;
    if (!hasRoom(stream)) {
      stream.state = 'lagging';
      return;
    }
    giveEvent(stream, event);
  }
  // Before the end of the feed the page may lie before what the stream was given when it caught up.
  if (isAtEnd || stream.given.size === 0) stream.cursor = page.nextCursor;
  if (isAtEnd) stream.given.clear();
}

function isWanted({ filter, given }: EventStream, event: Event): boolean {
  return fitsFilter(filter, event) && !given.has(event.id);
}

/** Reads on for one stream alone; true when it came to the end of the feed. */
async function catchUp(ctx: Ctx, stream: EventStream): Promise<boolean> {
  stream.given.clear();
  const { accountId, filter } = stream;
  for (let pages = 0; pages < pagesPerTurn && hasRoom(stream); pages++) {
    const page = await listEvents(ctx, { accountId, after: stream.cursor, limit: smallPageSize, ...filter });
    for (const event of page.events) {
      if (!hasRoom(stream)) return false;
      giveEvent(stream, event);
      stream.given.add(event.id);
    }
    stream.cursor = page.nextCursor;
    if (page.events.length < smallPageSize) return true;
  }
  return false;
}
