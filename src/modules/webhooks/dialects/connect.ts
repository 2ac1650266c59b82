// Connect's callbacks: JSON without a signature; its second version may send HTTP Basic credentials.
import type { OutgoingRequest } from '../outgoing/send_request.ts';

/** A callback with this JSON; `authorization` is sent as it is. */
export function connectRequest(of: { url: string; json: unknown; authorization?: string }): OutgoingRequest {
  return {
    method: 'POST',
    url: of.url,
    headers: {
      'content-type': 'application/json',
      ...(of.authorization !== undefined && { authorization: of.authorization }),
    },
    body: JSON.stringify(of.json),
  };
}
