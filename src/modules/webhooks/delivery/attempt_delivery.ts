// One attempt: the request is made in the words of the target's dialect, sent, and its answer judged.
import type { Ctx } from '../../../pg/ctx.ts';
import type { Event } from '../../events/index.ts';
import type { Dialects } from '../dialects/dialect.ts';
import type { Outgoing, OutgoingAnswer, OutgoingRequest } from '../outgoing/send_request.ts';
import { openSecrets, validSecrets } from '../targets/secrets.ts';
import { type ClaimedDelivery, claimedAt } from './claim_deliveries.ts';
import { endUnsent, judgeAnswer, type Outcome } from './outcome.ts';

export type AttemptWith = {
  outgoing: Outgoing;
  dialects: Dialects;
  random: () => number;
  /** The clock of the account. */
  now: () => Date;
};

/** Never throws: what cannot be written or sent is a failed attempt. `event` is undefined when it is no longer kept. */
export async function attemptDelivery(
  ctx: Ctx,
  claimed: ClaimedDelivery,
  event: Event | undefined,
  { outgoing, dialects, random, now }: AttemptWith,
): Promise<Outcome> {
  const sentAt = now();
  if (event === undefined) return endUnsent(claimed, 'dropped', sentAt);
  let request: OutgoingRequest | null;
  try {
    request = await writeRequest(ctx, claimed, event, { dialects, now: sentAt });
  } catch (err) {
    const { id } = claimed.delivery;
    ctx.log.error({ err, deliveryId: id }, 'a webhook cannot be written');
    return judgeAnswer(claimed, unwritten, { sentAt, now: sentAt, random });
  }
  if (request === null) return endUnsent(claimed, 'dropped', sentAt);
  const answer = await outgoing.send(request);
  return judgeAnswer(claimed, answer, { sentAt, now: now(), random });
}

async function writeRequest(
  ctx: Ctx,
  claimed: ClaimedDelivery,
  event: Event,
  { dialects, now }: { dialects: Dialects; now: Date },
): Promise<OutgoingRequest | null> {
  const { delivery, target, sealedSecrets } = claimed;
  const dialect = dialects[target.dialect];
  if (!dialect) throw new Error(`nobody speaks ${target.dialect}`);
  const secrets = validSecrets(openSecrets(ctx.vault, target.id, sealedSecrets), now);
  const telling = {
    id: delivery.id,
    event,
    topic: target.topic,
    url: target.url,
    method: target.method,
    secrets,
    // Receivers hold it against their own clocks, which do not follow that of a sandbox.
    sentAt: claimedAt(claimed),
  };
  return await dialect({ ...ctx, now }, telling);
}

const unwritten: OutgoingAnswer = {
  status: null,
  headers: {},
  text: '',
  error: 'the request could not be written',
  durationMs: 0,
};
