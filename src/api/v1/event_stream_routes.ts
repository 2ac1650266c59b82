// The event feed as it happens: Server-Sent Events, for as long as the reader stays.
import { z } from 'zod';
import { AppError } from '../../base/app_error.ts';
import { eventTypes } from '../../modules/events/index.ts';
import { authenticate } from './authenticate.ts';
import { type Route, route } from './route.ts';
import { text } from './schemas.ts';

const type = z.enum(eventTypes);

export const eventStreamRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/events/stream',
    operationId: 'streamEvents',
    summary: 'Follow the event feed',
    description: `Server-Sent Events: \`id\` is the cursor behind the event, \`event\` its type, \`data\` the event as in the feed. It begins behind \`Last-Event-ID\`, which a browser's EventSource gives when it comes back, else behind \`after\`, else with what happens from now on; none is skipped and none comes twice. A comment comes every 15 seconds when nothing else does.

At most 20 streams of an account at a time. A reader that takes nothing for 30 seconds while events wait is cut off; a stream ends when its key is revoked.`,
    scope: 'read',
    query: z.strictObject({
      after: text(200).exactOptional().describe('A cursor of the feed, or the `id` of an event of a stream.'),
      type: z
        .union([type, z.array(type).max(eventTypes.length)])
        .exactOptional()
        .describe('Only these types; may be repeated.'),
      resource: text(64).exactOptional().describe('Only what happens to this id or ICCID.'),
    }),
    response: { status: 200, description: 'What happens.', mediaType: 'text/event-stream' },
    errors: ['rate_limited'],
    handler: async ({ core, account, query: { after, type: types, resource }, request, reply }) => {
      const place = readLastEventId(request.headers['last-event-id']) ?? after;
      reply.headers({ 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' });
      if (request.method === 'HEAD') return '';
      const stream = await request.server.eventStreams.open(
        {
          accountId: account.id,
          filter: {
            ...(types !== undefined && { types: [types].flat() }),
            ...(resource !== undefined && { resourceId: resource }),
          },
          checkAllowed: () => authenticate(core, 'read')(request, reply),
          response: reply.raw,
        },
        place,
      );
      return stream.readable;
    },
  }),
];

function readLastEventId(header: string | string[] | undefined): string | undefined {
  if (header === undefined || header === '') return undefined;
  if (typeof header === 'string' && header.length <= 200) return header;
  throw new AppError('invalid_request', 'Last-Event-ID: this is not a cursor of the feed.');
}
