// Webhooks between the wire and the core.
import type { z } from 'zod';
import { eventIdOf } from '../../modules/events/index.ts';
import type {
  Delivery,
  Endpoint,
  LoggedAttempt,
  NewEndpoint,
  ReplayRange,
} from '../../modules/webhooks/index.ts';
import { writeTime } from './money_translate.ts';
import type { delivery, deliveryWithAttempts, replayBody, webhook, webhookBody } from './webhooks_schemas.ts';

export function readWebhook(body: z.output<typeof webhookBody>, accountId: string): NewEndpoint {
  return {
    accountId,
    url: body.url,
    types: body.types ? [...new Set(body.types)] : null,
    description: body.description ?? null,
    enabled: body.enabled ?? true,
  };
}

export function writeWebhook(from: Endpoint): z.output<typeof webhook> {
  const { id, url, types, description, enabled, dialect, createdAt } = from;
  return { id, url, types, description, enabled, dialect, createdAt: createdAt.toISOString() };
}

export function writeDelivery(from: Delivery): z.output<typeof delivery> {
  return {
    id: from.id,
    event: eventIdOf(from.eventPosition),
    type: from.eventType,
    resourceId: from.resourceId,
    state: from.state,
    attempts: from.attempts,
    nextAttemptAt: writeTime(from.nextAttemptAt),
    triedUntil: from.parksAt.toISOString(),
    createdAt: from.createdAt.toISOString(),
    endedAt: writeTime(from.endedAt),
  };
}

export function writeDeliveryWithAttempts(
  from: Delivery,
  attempts: readonly LoggedAttempt[],
): z.output<typeof deliveryWithAttempts> {
  return {
    ...writeDelivery(from),
    log: attempts.map(({ at, ...rest }) => ({ ...rest, at: at.toISOString() })),
  };
}

export function readReplay(
  { from, to, states = ['parked', 'dropped'] }: z.output<typeof replayBody>,
  of: { accountId: string; targetId: string },
): ReplayRange {
  return { ...of, from: new Date(from), to: new Date(to), states: [...new Set(states)] };
}
