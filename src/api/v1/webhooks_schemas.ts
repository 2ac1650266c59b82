// Webhooks, their deliveries and attempts on the wire.
import { z } from 'zod';
import { eventTypes } from '../../modules/events/index.ts';
import { callbackUrlCharsMax, deliveryStates, dialectNames } from '../../modules/webhooks/index.ts';
import { listOf, named, text, time } from './schemas.ts';

const type = z.enum(eventTypes);

export const webhook = named(
  'Webhook',
  z.object({
    id: z.string(),
    url: z.string(),
    types: z.array(type).nullable().describe('The events it is told about; null for all.'),
    description: z.string().nullable(),
    enabled: z.boolean().describe('Nothing is sent to a disabled one. One that answers 410 is disabled.'),
    dialect: z
      .enum(dialectNames)
      .describe(
        'Whose words it is told in. One that is not `standard` is the callback of a door, and set there.',
      ),
    createdAt: time,
  }),
);

export const webhookList = named('WebhookList', z.object({ data: z.array(webhook) }));

export const webhookWithSecret = named(
  'WebhookWithSecret',
  webhook.extend({ secret: z.string().describe('Signs what is sent. Shown this once and never again.') }),
);

export const webhookBody = named(
  'PutWebhook',
  z
    .strictObject({
      url: z
        .string()
        .min(1)
        .max(callbackUrlCharsMax)
        .describe('http or https, on the public internet, without credentials and fragment.'),
      types: z
        .array(type)
        .min(1)
        .max(eventTypes.length)
        .nullable()
        .exactOptional()
        .describe('Only these events; all if left out.'),
      description: text(200).nullable().exactOptional(),
      enabled: z.boolean().exactOptional().describe('True if left out.'),
    })
    .meta({ examples: [{ url: 'https://example.com/webhooks', types: ['order.completed'] }] }),
);

export const deliveryState = z
  .enum(deliveryStates)
  .describe(
    'Pending: it is being tried. Parked: it was tried for 24 hours in vain. Dropped: the webhook was switched off.',
  );

const deliveryMembers = {
  id: z.string().describe('The header `webhook-id` of each attempt.'),
  event: z.string().describe('Id of the event.'),
  type,
  resourceId: z.string().describe('Deliveries of one resource arrive in the order of the events.'),
  state: deliveryState,
  attempts: z.int().describe('Since it was made or last replayed.'),
  nextAttemptAt: time
    .nullable()
    .describe('Null when it has ended, or waits behind an earlier one of its resource.'),
  triedUntil: time.describe('When it is parked if nobody has taken it.'),
  createdAt: time,
  endedAt: time.nullable(),
};

export const delivery = named('WebhookDelivery', z.object(deliveryMembers));
export const deliveryList = listOf('WebhookDeliveryList', delivery);

const attempt = named(
  'WebhookAttempt',
  z.object({
    number: z.int(),
    at: time,
    durationMs: z.int(),
    status: z.int().nullable().describe('HTTP status of the answer; null when none came.'),
    error: z.string().nullable().describe('Why it failed, in words.'),
    answer: z.string().nullable().describe('The first 1,024 bytes of the answer.'),
  }),
);

export const deliveryWithAttempts = named(
  'WebhookDeliveryWithAttempts',
  z.object({ ...deliveryMembers, log: z.array(attempt).describe('The last 100 attempts, oldest first.') }),
);

export const replayBody = named(
  'ReplayWebhook',
  z
    .strictObject({
      from: time,
      to: time.describe('Deliveries made before this.'),
      states: z
        .array(z.enum(deliveryStates))
        .min(1)
        .max(deliveryStates.length)
        .exactOptional()
        .describe('Parked and dropped ones if left out.'),
    })
    .refine((body) => Date.parse(body.from) < Date.parse(body.to), {
      message: 'give a time after from',
      path: ['to'],
    })
    .meta({ examples: [{ from: '2026-11-21T00:00:00Z', to: '2026-11-22T00:00:00Z' }] }),
);

export const replayed = named(
  'ReplayedWebhook',
  z.object({
    replayed: z.int().describe('How many are sent again, the oldest first.'),
    more: z.boolean().describe('There are more: call again.'),
  }),
);
