// The ES2+ functions as data: their JSON members (SGP.22 §6.5.2) and the core function each one calls.
import { z } from 'zod';
import { cancelOrder, confirmOrder, downloadOrder, releaseProfile } from '../../modules/smdp/index.ts';
import { type RspFunction, readMembers } from '../rsp/rsp_function.ts';
import { callerOf, type Es2Ctx, header, readEid, readIccid, shortText, writeIccid } from './es2_members.ts';

const text = z.string().max(255);

/** Made once: zod compiles a schema when it is first used. */
const bodies = {
  downloadOrder: z.object({
    header,
    eid: text.exactOptional(),
    iccid: text.exactOptional(),
    profileType: shortText.exactOptional(),
  }),
  confirmOrder: z.object({
    header,
    iccid: text,
    eid: text.exactOptional(),
    matchingId: text.exactOptional(),
    confirmationCode: shortText.exactOptional(),
    smdsAddress: text.exactOptional(),
    releaseFlag: z.boolean(),
  }),
  cancelOrder: z.object({
    header,
    iccid: text,
    eid: text.exactOptional(),
    matchingId: text.exactOptional(),
    finalProfileStatusIndicator: z.enum(['Available', 'Unavailable']),
  }),
  releaseProfile: z.object({ header, iccid: text }),
};

export const es2Functions: readonly RspFunction<Es2Ctx>[] = [
  {
    name: 'downloadOrder',
    answers: true,
    async call(from, body) {
      const { header: head, eid, iccid: asked, profileType } = readMembers(bodies.downloadOrder, body);
      const { ctx, caller } = callerOf(from, head);
      const { iccid } = await downloadOrder(ctx, caller, {
        ...(eid !== undefined && { eid: readEid(eid) }),
        ...(asked !== undefined && { iccid: readIccid(asked) }),
        ...(profileType !== undefined && { profileType }),
      });
      return { iccid: writeIccid(iccid, asked) };
    },
  },
  {
    name: 'confirmOrder',
    answers: true,
    async call(from, body) {
      const { header: head, iccid, eid, ...input } = readMembers(bodies.confirmOrder, body);
      const { ctx, caller } = callerOf(from, head);
      return await confirmOrder(ctx, caller, {
        ...input,
        releaseFlag: input.releaseFlag,
        iccid: readIccid(iccid),
        ...(eid !== undefined && { eid: readEid(eid) }),
      });
    },
  },
  {
    name: 'cancelOrder',
    answers: true,
    async call(from, body) {
      const {
        header: head,
        iccid,
        eid,
        matchingId,
        finalProfileStatusIndicator,
      } = readMembers(bodies.cancelOrder, body);
      const { ctx, caller } = callerOf(from, head);
      await cancelOrder(ctx, caller, {
        iccid: readIccid(iccid),
        finalProfileStatusIndicator,
        ...(eid !== undefined && { eid: readEid(eid) }),
        ...(matchingId !== undefined && { matchingId }),
      });
      return {};
    },
  },
  {
    name: 'releaseProfile',
    answers: true,
    async call(from, body) {
      const { header: head, iccid } = readMembers(bodies.releaseProfile, body);
      const { ctx, caller } = callerOf(from, head);
      await releaseProfile(ctx, caller, { iccid: readIccid(iccid) });
      return {};
    },
  },
];
