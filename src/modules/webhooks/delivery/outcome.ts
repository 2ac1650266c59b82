// What an attempt means for its delivery: delivered, tried again later, parked, or dropped.

import type { OutgoingAnswer } from '../outgoing/send_request.ts';
import { askedWaitMs, waitMs } from './backoff.ts';
import type { ClaimedDelivery } from './claim_deliveries.ts';
import type { DeliveryState } from './delivery.ts';

export type Outcome = {
  claimed: ClaimedDelivery;
  state: DeliveryState;
  /** When it is tried again; null when it has ended. */
  nextAttemptAt: Date | null;
  /** In the time of the account. */
  at: Date;
  /** Null when nothing was sent. */
  attempt: Attempt | null;
  /** The receiver said that it is gone: nothing more shall be sent to it. */
  isTargetGone: boolean;
};

export type Attempt = {
  /** When it was sent, in the time of the account. */
  at: Date;
  durationMs: number;
  status: number | null;
  error: string | null;
  answer: string | null;
};

/** `now` is the time of the account when the answer came, `sentAt` when the request left. */
export function judgeAnswer(
  claimed: ClaimedDelivery,
  answer: OutgoingAnswer,
  { sentAt, now, random }: { sentAt: Date; now: Date; random: () => number },
): Outcome {
  const { status, error, text, durationMs } = answer;
  const attempt = { at: sentAt, durationMs, status, error, answer: text === '' ? null : text };
  const ended = { claimed, nextAttemptAt: null, at: now, attempt, isTargetGone: false };
  if (error === null) return { ...ended, state: 'delivered' };
  if (status === 410) return { ...ended, state: 'dropped', isTargetGone: true };
  const { attempts, parksAt } = claimed.delivery;
  if (now >= parksAt) return { ...ended, state: 'parked' };
  const wait = askedWaitMs(answer) ?? waitMs(attempts + 1, random);
  // The last attempt is made just as the time is up.
  const nextAttemptAt = new Date(Math.min(now.getTime() + wait, parksAt.getTime()));
  return { ...ended, state: 'pending', nextAttemptAt };
}

/** An end without anything sent. */
export function endUnsent(claimed: ClaimedDelivery, state: 'parked' | 'dropped', now: Date): Outcome {
  return { claimed, state, nextAttemptAt: null, at: now, attempt: null, isTargetGone: false };
}
