// One open event stream: Server-Sent Events in a buffer of bounded size, which its reader empties at its own pace.
import { Readable, type Writable } from 'node:stream';
import type { Event, EventType } from '../../modules/events/index.ts';
import { writeEvent } from './events_translate.ts';

export type EventStream = {
  readonly accountId: string;
  readonly filter: EventStreamFilter;
  /** Throws `AppError` once the key may no longer read. */
  readonly checkAllowed: () => Promise<void>;
  /** The answer that the stream is sent as. */
  readonly response: Writable;
  readonly readable: Readable;
  /** A stream that lags reads by itself; a live one is read for together with the others of its account. */
  state: 'lagging' | 'live' | 'ended';
  /** Whatever fits the filter and lies before it has been given. */
  cursor: string;
  /** Ids of events given already that the reading for the live ones is still going to bring. */
  given: Set<string>;
  /** Times of `performance.now`. */
  wroteAtMs: number;
  fullSinceMs: number | undefined;
  unreadBytes: number;
};

export type EventStreamFilter = { types?: readonly EventType[]; resourceId?: string };

export type NewEventStream = Pick<EventStream, 'accountId' | 'filter' | 'checkAllowed' | 'response'>;

/** A stream that goes on behind the cursor `after`. */
export function createEventStream(stream: NewEventStream, after: string): EventStream {
  const readable = new Readable({ read() {} });
  readable.push(`retry: ${reconnectMs}\n\n`);
  return {
    ...stream,
    readable,
    state: 'lagging',
    cursor: after,
    given: new Set(),
    wroteAtMs: performance.now(),
    fullSinceMs: undefined,
    unreadBytes: 0,
  };
}

const reconnectMs = 2_000;
// About a quarter of a thousand events; 64 MB when all streams of a process are full.
const bufferBytesMax = 128 * 1024;

/** Whether one more event may be put into the buffer. */
export function hasRoom({ readable }: EventStream): boolean {
  return readable.readableLength < bufferBytesMax;
}

/** Puts an event into the buffer, and the cursor behind it. */
export function giveEvent(stream: EventStream, event: Event): void {
  stream.cursor = event.cursor;
  const data = JSON.stringify(writeEvent(event));
  put(stream, `id: ${event.cursor}\nevent: ${event.type}\ndata: ${data}\n\n`);
}

export function fitsFilter({ types, resourceId }: EventStreamFilter, event: Event): boolean {
  return (
    (types === undefined || types.includes(event.type)) &&
    (resourceId === undefined || event.resourceId === resourceId)
  );
}

/**
 * Sends a comment when nothing was sent for long, so that nobody between closes the connection; with the cursor, so that
 * a reader that comes back need not have all of it looked through again. Cuts the connection of a reader that has left a
 * full buffer alone for `stuckMs`.
 */
export function keepAlive(stream: EventStream, { heartbeatMs, stuckMs }: StreamPace): void {
  const nowMs = performance.now();
  const { readableLength } = stream.readable;
  if (hasRoom(stream) || readableLength < stream.unreadBytes) stream.fullSinceMs = undefined;
  else stream.fullSinceMs ??= nowMs;
  stream.unreadBytes = readableLength;
  if (stream.fullSinceMs !== undefined && nowMs - stream.fullSinceMs >= stuckMs) stream.response.destroy();
  else if (hasRoom(stream) && nowMs - stream.wroteAtMs >= heartbeatMs)
    put(stream, `: still here\nid: ${stream.cursor}\n\n`);
}

export type StreamPace = { heartbeatMs: number; stuckMs: number };

/** Ends the stream behind what is in its buffer. */
export function endStream(stream: EventStream): void {
  if (stream.state !== 'ended') stream.readable.push(null);
  stream.state = 'ended';
}

function put(stream: EventStream, text: string): void {
  if (stream.state === 'ended') return;
  stream.readable.push(text);
  stream.wroteAtMs = performance.now();
}
