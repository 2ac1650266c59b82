// kore-signature: SHA-256 over secret, method, URL without query, and body.
import { createHash } from 'node:crypto';
import type { OutgoingRequest } from '../outgoing/send_request.ts';
import { withQuery } from './twilio.ts';

/** A callback with these parameters; `id` lets the receiver see a repetition. Without a secret the signature is empty. */
export function koreRequest({ method, url, params, secret, id, sentAt }: KoreCallback): OutgoingRequest {
  const form = new URLSearchParams(params).toString();
  const body = method === 'GET' ? null : form;
  return {
    method,
    url: method === 'GET' ? withQuery(url, form) : url,
    headers: {
      ...(body !== null && { 'content-type': 'application/x-www-form-urlencoded' }),
      'kore-signature': secret === undefined ? '' : signKore(secret, method, url, body ?? ''),
      'kore-idempotency-token': id,
      date: sentAt.toUTCString(),
    },
    body,
  };
}

export type KoreCallback = {
  method: 'GET' | 'POST';
  url: string;
  params: Readonly<Record<string, string>>;
  secret: string | undefined;
  id: string;
  sentAt: Date;
};

/** hex(SHA-256(secret + method + URL without query and fragment + body)). The URL is taken as it was given. */
export function signKore(secret: string, method: string, url: string, body: string): string {
  return createHash('sha256')
    .update(`${secret}${method}${url.replace(/[?#].*$/s, '')}${body}`)
    .digest('hex');
}
