// The clock of the account: read by anyone, moved in sandboxes only.
import { z } from 'zod';
import { type Clock, getClock } from '../../modules/accounts/index.ts';
import { moveClock } from '../../modules/clock/index.ts';
import { type Route, route } from './route.ts';
import { named, time } from './schemas.ts';

const clock = named(
  'Clock',
  z.object({
    now: time.describe('What the account’s clock shows.'),
    aheadSeconds: z.number().describe('How far it is ahead of the wall clock; 0 unless it was moved.'),
  }),
);

const moveClockBody = named(
  'MoveClock',
  z
    .strictObject({
      to: time.exactOptional().describe('The time that the clock shall show.'),
      advanceSeconds: z
        .int()
        .min(1)
        .max(3_660 * 86_400)
        .exactOptional()
        .describe('Or how far it shall go on.'),
    })
    .refine((body) => (body.to === undefined) !== (body.advanceSeconds === undefined), {
      message: 'give either to or advanceSeconds',
      path: ['to'],
    })
    .meta({ examples: [{ advanceSeconds: 86_400 }] }),
);

export const clockRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/clock',
    operationId: 'getClock',
    summary: 'Read the clock of the account',
    scope: 'read',
    response: { status: 200, description: 'The clock.', schema: clock },
    errors: [],
    handler: async ({ ctx, account }) => writeClock(await getClock(ctx, account.id)),
  }),
  route({
    method: 'POST',
    path: '/clock',
    operationId: 'moveClock',
    summary: 'Move the clock of a sandbox account',
    description:
      'Everything that falls due on the way happens, in its order and at its time: bundles start, lapse and expire, billing periods begin, webhooks are tried again. The answer comes when all of it is done. The clock goes on from there, and never back. Subaccounts share the clock of their parent.',
    scope: 'accounts:write',
    body: moveClockBody,
    response: { status: 200, description: 'The clock as it stands now.', schema: clock },
    errors: ['conflict'],
    handler: async ({ ctx, core, account, body }) => {
      const to = new Date(body.to ?? ctx.now.getTime() + (body.advanceSeconds ?? 0) * 1000);
      return writeClock(await moveClock(ctx, { accountId: account.id, to, dueWork: core.dueWork }));
    },
  }),
];

function writeClock({ now, offsetMs }: Clock): z.output<typeof clock> {
  return { now: now.toISOString(), aheadSeconds: offsetMs / 1000 };
}
