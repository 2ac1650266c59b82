// The members that ES2+ functions share (SGP.22 §6.5.2), and how they are read.
import { z } from 'zod';
import {
  type Es2Caller,
  type FunctionRequester,
  requesterNamed,
  type SmdpCtx,
} from '../../modules/smdp/index.ts';
import { RspError } from '../../rsp/rsp_error.ts';

/** The requesters that the client certificate may speak for. */
export type Es2Ctx = SmdpCtx & { requesters: readonly FunctionRequester[] };

/** What can be stored. */
const storable = z.string().regex(/^[^\p{Cc}\p{Cs}]*$/u, 'give text without control characters');
export const shortText = storable.max(255);

export const header = z.object({
  functionRequesterIdentifier: shortText.min(1),
  functionCallIdentifier: shortText.min(1),
});

/** The caller that the header names, and a context that acts as it. Throws `forbidden` when the certificate is another's. */
export function callerOf(ctx: Es2Ctx, from: z.output<typeof header>): { ctx: SmdpCtx; caller: Es2Caller } {
  const requester = requesterNamed(ctx.requesters, from.functionRequesterIdentifier);
  return {
    ctx: { ...ctx, actor: { kind: 'operator', name: requester.id } },
    caller: { requester, functionCallIdentifier: from.functionCallIdentifier },
  };
}

/** 18 to 20 digits; with the padding that fills 20 places it is the same ICCID. Throws RspError 8.2.1/2.1. */
export function readIccid(text: string): string {
  if (text.length > 20 || !/^\d{18,20}F{0,2}$/i.test(text)) throw new RspError('iccid_invalid');
  return text.replace(/F+$/i, '');
}

/** An ICCID as whoever asked writes his own: padded, if he pads. */
export function writeIccid(iccid: string, asked: string | undefined): string {
  return asked?.length === 20 ? iccid.padEnd(20, 'F') : iccid;
}

/** 32 digits, whatever their check digits say: the certificate of the eUICC decides. Throws RspError 8.1.1/2.1. */
export function readEid(text: string): string {
  if (!/^\d{32}$/.test(text)) throw new RspError('eid_invalid');
  return text;
}
