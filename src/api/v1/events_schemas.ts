// Events on the wire.
import { z } from 'zod';
import { eventTypes } from '../../modules/events/index.ts';
import { named, time } from './schemas.ts';

const event = named(
  'Event',
  z.object({
    id: z.string().describe('The same however often the event is read or delivered.'),
    type: z.enum(eventTypes),
    resourceId: z.string().describe('What it happened to: an id, or an ICCID.'),
    data: z.record(z.string(), z.unknown()),
    requestId: z.string().describe('The request that started it.'),
    actor: z.string().describe("An API key's id, an operator's name, or `system`."),
    occurredAt: time,
  }),
);

export type EventJson = z.output<typeof event>;

export const eventFeed = named(
  'EventFeed',
  z.object({
    data: z.array(event),
    nextCursor: z.string().describe('Where to go on, whether or not there was anything.'),
  }),
);
