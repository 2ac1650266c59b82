// Connect's callbacks: JSON without a signature, unless the account wants one; credentials where they were given.
import type { OutgoingRequest } from '../outgoing/send_request.ts';
import { esimGoRequest } from './esim_go.ts';

/**
 * A callback with this JSON. `authorization` is sent as it is; with a `secret` the bytes are signed as eSIM Go signs them,
 * in hex.
 */
export function connectRequest({ url, json, authorization, secret }: ConnectCallback): OutgoingRequest {
  const request = esimGoRequest({ url, json, secret, encoding: 'hex' });
  return authorization === undefined
    ? request
    : { ...request, headers: { ...request.headers, authorization } };
}

export type ConnectCallback = {
  url: string;
  json: unknown;
  authorization?: string | undefined;
  secret?: string | undefined;
};
