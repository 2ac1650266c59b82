// RegisterEvent and DeleteEvent as data: their JSON members (SGP.22 §6.5.2) and the core function each one calls.
import { z } from 'zod';
import { deleteEvent, registerEvent, type SmdsCtx } from '../../modules/smds/index.ts';
import { addressMember, type RspFunction } from '../rsp/rsp_function.ts';
import { readRequest } from './read_request.ts';

/** The context of a caller whose certificate has been checked. */
export type RegistrantCtx = SmdsCtx & { ownerOid: string };

const identifier = z.string().min(1).max(255);
const header = z.object({ functionRequesterIdentifier: identifier, functionCallIdentifier: identifier });

const registerBody = z.object({
  header,
  eid: z.string().max(32),
  rspServerAddress: addressMember,
  eventId: z.string().max(255),
  forwardingIndicator: z.boolean(),
});

const deleteBody = z.object({ header, eid: z.string().max(32), eventId: z.string().max(255) });

export const es12Functions: readonly RspFunction<RegistrantCtx>[] = [
  {
    name: 'registerEvent',
    answers: true,
    async call(ctx, body) {
      const { header: _, ...event } = readRequest(registerBody, body);
      await registerEvent(ctx, { ...event, ownerOid: ctx.ownerOid });
      return {};
    },
  },
  {
    name: 'deleteEvent',
    answers: true,
    async call(ctx, body) {
      const { header: _, ...event } = readRequest(deleteBody, body);
      await deleteEvent(ctx, { ...event, ownerOid: ctx.ownerOid });
      return {};
    },
  },
];
