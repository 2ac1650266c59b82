// What is told of an eSIM: the state that it came into, as of then.
import type { Event, EventType } from '../../../modules/events/index.ts';
import { findSims } from '../../../modules/sims/index.ts';
import type { Ctx } from '../../http/core.ts';
import { errorCodeOf } from '../wire/failure_codes.ts';
import { writeSid } from '../wire/sid.ts';
import { textOf } from './text_of.ts';

/** The line is looked up; all else is in the event, since the eSIM may have moved on. */
export async function esimProfileParams(ctx: Ctx, event: Event): Promise<Record<string, string> | null> {
  const status = statuses[event.type];
  const { iccid, eid, smdpAddress, esimId: named } = event.data;
  const esimId = event.type.startsWith('order.') ? textOf(named) : event.resourceId;
  if (status === undefined || esimId === '') return null;
  const sim = (await findSims(ctx, { accountId: event.accountId, keys: [esimId] })).get(esimId);
  return {
    ESimProfileSid: writeSid('esimProfile', esimId),
    SimSid: sim ? writeSid('sim', sim.id) : '',
    SimIccid: textOf(iccid ?? sim?.iccid),
    ESimProfileStatus: status,
    Eid: textOf(eid),
    SmdpPlusAddress: textOf(smdpAddress),
    ...errorOf(status, event),
  };
}

const statuses: Partial<Record<EventType, string>> = {
  'esim.available': 'available',
  'esim.downloaded': 'downloaded',
  'esim.installed': 'installed',
  'esim.failed': 'failed',
  'order.failed': 'failed',
  'order.cancelled': 'failed',
};

function errorOf(status: string, { type, data }: Event): { ErrorCode: string; ErrorMessage: string } {
  if (status !== 'failed') return { ErrorCode: '', ErrorMessage: '' };
  const unexplained =
    type === 'order.cancelled' ? 'The order was cancelled; nothing was charged.' : 'The eSIM failed.';
  const { code = '', detail = unexplained } = (data['failure'] ?? {}) as { code?: string; detail?: string };
  return { ErrorCode: errorCodeOf({ code }), ErrorMessage: detail };
}
