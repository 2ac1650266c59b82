// X-Twilio-Signature: HMAC-SHA1 over the URL and the sorted parameters of a form.
import { createHmac } from 'node:crypto';
import type { OutgoingRequest } from '../outgoing/send_request.ts';

/** A callback with these parameters: a form for POST, the query for GET (which is signed as part of the URL). Without a secret it is not signed. */
export function twilioRequest({ method, url, params, secret }: TwilioCallback): OutgoingRequest {
  const form = new URLSearchParams(params).toString();
  const target = method === 'GET' ? withQuery(url, form) : url;
  return {
    method,
    url: target,
    headers: {
      ...(method === 'POST' && { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }),
      ...(secret !== undefined && {
        'x-twilio-signature': signTwilio(secret, target, method === 'GET' ? {} : params),
      }),
    },
    body: method === 'GET' ? null : form,
  };
}

export type TwilioCallback = {
  method: 'GET' | 'POST';
  url: string;
  params: Readonly<Record<string, string>>;
  secret: string | undefined;
};

/** base64(HMAC-SHA1(secret, url + each name and value, sorted by name)). */
export function signTwilio(secret: string, url: string, params: Readonly<Record<string, string>>): string {
  const sorted = Object.keys(params)
    .sort()
    .map((name) => `${name}${params[name]}`);
  return createHmac('sha1', secret)
    .update([url, ...sorted].join(''))
    .digest('base64');
}

export function withQuery(url: string, query: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}${query}`;
}
