// What a dialect is: a function from an event and its target to the signed request that tells it; it may read, and changes nothing.
import type { Ctx } from '../../../pg/ctx.ts';
import type { Event } from '../../events/index.ts';
import type { OutgoingRequest } from '../outgoing/send_request.ts';

/** Null when this dialect has no words for the event: then nothing is sent. */
export type Dialect = (ctx: Ctx, telling: Telling) => Promise<OutgoingRequest | null>;

export type Telling = {
  /** The same for each attempt to tell this event to this target. */
  id: string;
  event: Event;
  /** Of a callback, in the words of who set it; null for an endpoint. */
  topic: string | null;
  url: string;
  method: 'GET' | 'POST';
  /** Those that are valid now, newest first. */
  secrets: readonly string[];
  /** Wall clock. */
  sentAt: Date;
};

export const dialectNames = ['standard', 'twilio', 'kore', 'esim_go', 'connect'] as const;
export type DialectName = (typeof dialectNames)[number];

/** The dialects of vendors come with their facades; our own is always there. */
export type Dialects = Partial<Record<DialectName, Dialect>>;
