// X-Admin-Protocol: which versions of the RSP protocol this door speaks (SGP.22 §6.2).
import { RspError } from '../../rsp/rsp_error.ts';

export const protocolHeader = 'x-admin-protocol';
/** What we answer, whatever 2.x the client speaks: the fields used here are the same in all of them. */
export const protocolVersion = 'gsma/rsp/v2.2.0';

/** Accepts any `gsma/rsp/v2.*`, and a client that does not say. Throws RspError `message_invalid`. */
export function checkProtocolVersion(header: string | string[] | undefined): void {
  if (header === undefined || (typeof header === 'string' && /^gsma\/rsp\/v2\.\d/i.test(header.trim())))
    return;
  throw new RspError('message_invalid', 'X-Admin-Protocol must be gsma/rsp/v2.x.y');
}
