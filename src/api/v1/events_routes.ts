// Events: the feed of all that happened, to be read to its end again and again.
import { z } from 'zod';
import { eventTypes, listEvents } from '../../modules/events/index.ts';
import { eventFeed } from './events_schemas.ts';
import { writeEvent } from './events_translate.ts';
import { type Route, route } from './route.ts';
import { paging, text } from './schemas.ts';

const type = z.enum(eventTypes);

export const eventRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/events',
    operationId: 'listEvents',
    summary: 'Read the event feed',
    description:
      'Oldest first, none skipped, none twice. Keep `nextCursor` and give it as `after` the next time.',
    scope: 'read',
    query: z.strictObject({
      limit: paging.limit,
      after: text(200)
        .exactOptional()
        .describe('`nextCursor` of the answer before; the beginning without it.'),
      type: z
        .union([type, z.array(type).max(eventTypes.length)])
        .exactOptional()
        .describe('Only these types; may be repeated.'),
      resource: text(64).exactOptional().describe('Only what happened to this id or ICCID.'),
    }),
    response: { status: 200, description: 'What happened next.', schema: eventFeed },
    errors: [],
    handler: async ({ ctx, account, query: { after, limit, type: types, resource } }) => {
      const { events, nextCursor } = await listEvents(ctx, {
        accountId: account.id,
        limit,
        ...(after !== undefined && { after }),
        ...(types !== undefined && { types: [types].flat() }),
        ...(resource !== undefined && { resourceId: resource }),
      });
      return { data: events.map(writeEvent), nextCursor };
    },
  }),
];
