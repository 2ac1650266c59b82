// Our own webhooks: signed as Standard Webhooks says (standardwebhooks.com, symmetric signatures), and verified likewise.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { AppError } from '../../../base/app_error.ts';
import type { Dialect } from './dialect.ts';
import { eventJson } from './event_json.ts';

/** JSON `{type, timestamp, data}`, where `data` is the event as the feed gives it; one signature for each secret. */
export const standard: Dialect = async (_ctx, { id, event, url, method, secrets, sentAt }) => {
  const json = eventJson(event);
  const body = JSON.stringify({ type: json.type, timestamp: json.occurredAt, data: json });
  return {
    method,
    url,
    headers: { 'content-type': 'application/json', ...signStandard({ id, sentAt, body, secrets }) },
    body,
  };
};

/** The three headers that sign `body`. Secrets are `whsec_` and base64, newest first. */
export function signStandard(of: StandardSigning): Record<string, string> {
  const timestamp = String(Math.floor(of.sentAt.getTime() / 1000));
  const signatures = of.secrets.map(
    (secret) => `v1,${mac(secret, of.id, timestamp, of.body).toString('base64')}`,
  );
  return {
    'webhook-id': of.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}

export type StandardSigning = { id: string; sentAt: Date; body: string; secrets: readonly string[] };

/**
 * For receivers: throws `unauthenticated` unless the request is from who holds one of `secrets`. `now` is the wall clock
 * unless given.
 */
export function verifyWebhook(of: Omit<StandardReceived, 'now'> & { now?: Date }): void {
  const fault = findStandardFault({ now: new Date(), ...of });
  if (fault !== undefined) throw new AppError('unauthenticated', `This is no webhook of ours: ${fault}.`);
}

/**
 * Why a request is not from who holds one of `secrets`, or undefined when it is. `body` is what came, byte by byte;
 * signatures are compared in constant time; a timestamp more than five minutes off is refused.
 */
export function findStandardFault(of: StandardReceived): string | undefined {
  const header = (name: string) => [of.headers[name]].flat()[0];
  const id = header('webhook-id');
  const timestamp = header('webhook-timestamp');
  const signatures = header('webhook-signature');
  if (!id || !timestamp || !signatures) return 'the webhook headers are missing';
  if (!/^\d{1,12}$/.test(timestamp)) return 'the timestamp is no number';
  if (Math.abs(of.now.getTime() / 1000 - Number(timestamp)) > toleranceSeconds)
    return 'the timestamp is more than five minutes off';
  const given = signatures
    .split(' ')
    .filter((each) => each.startsWith('v1,'))
    .map((each) => Buffer.from(each.slice(3), 'base64'));
  const wanted = of.secrets.map((secret) => mac(secret, id, timestamp, of.body));
  // Every pair is compared, so that time tells nothing about which one fits.
  const fits = wanted.flatMap((one) =>
    given.map((two) => one.length === two.length && timingSafeEqual(one, two)),
  );
  return fits.includes(true) ? undefined : 'no signature fits';
}

export type StandardReceived = {
  secrets: readonly string[];
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Uint8Array | string;
  now: Date;
};

const toleranceSeconds = 300;

function mac(secret: string, id: string, timestamp: string, body: string | Uint8Array): Buffer {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
}
