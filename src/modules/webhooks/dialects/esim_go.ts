// X-Signature-SHA256: HMAC-SHA256 over the body, keyed with the API key.
import { createHmac } from 'node:crypto';
import type { EventType } from '../../events/index.ts';
import type { OutgoingRequest } from '../outgoing/send_request.ts';

/** What these callbacks have words for. */
export const esimGoTypes = [
  'bundle.threshold_reached',
  'sim.country_changed',
  'sim.first_attached',
  'sim.first_used',
] as const satisfies readonly EventType[];

/** A callback with this JSON. eSIM Go's reference says base64, its guide hex; base64 unless told otherwise. */
export function esimGoRequest({ url, json, secret, encoding = 'base64' }: EsimGoCallback): OutgoingRequest {
  const body = JSON.stringify(json);
  return {
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/json',
      ...(secret !== undefined && { 'x-signature-sha256': signEsimGo(secret, body, encoding) }),
    },
    body,
  };
}

export type EsimGoCallback = {
  url: string;
  json: unknown;
  /** Version 2 of these callbacks is unsigned. */
  secret: string | undefined;
  encoding?: 'base64' | 'hex';
};

export function signEsimGo(secret: string, body: string, encoding: 'base64' | 'hex'): string {
  return createHmac('sha256', secret).update(body).digest(encoding);
}
