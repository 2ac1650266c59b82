// How long a failed delivery waits: three times longer after each attempt, at random below that, so that receivers that come back are not overrun.
import type { OutgoingAnswer } from '../outgoing/send_request.ts';

const firstMs = 5_000;
const factor = 3;
const longestMs = 3 * 3_600_000;
const shortestMs = 1_000;
const retryAfterMsMax = 3_600_000;

/** The longest wait after this many attempts: 5 s, 15 s, 45 s, … up to 3 h. */
export function longestWaitMs(attempts: number): number {
  return Math.min(firstMs * factor ** (attempts - 1), longestMs);
}

/** Full jitter: anything from a second to the longest wait. `random` gives 0 to 1. */
export function waitMs(attempts: number, random: () => number): number {
  return Math.max(shortestMs, Math.floor(random() * longestWaitMs(attempts)));
}

/** What an overloaded receiver (429, 503) asks for in Retry-After (RFC 9110 §10.2.3), at most an hour. */
export function askedWaitMs({ status, headers }: OutgoingAnswer): number | undefined {
  if (status !== 429 && status !== 503) return undefined;
  const { 'retry-after': asked, date } = headers;
  if (asked === undefined) return undefined;
  // A date is held against the receiver's own clock.
  const ms = /^\d{1,9}$/.test(asked) ? Number(asked) * 1000 : Date.parse(asked) - Date.parse(date ?? '');
  return ms > 0 ? Math.min(ms, retryAfterMsMax) : undefined;
}
