// What is told of a line: the status that it came into, or why its mobile core could not be told.
import type { Event } from '../../../modules/events/index.ts';
import { findSims } from '../../../modules/sims/index.ts';
import type { Ctx } from '../../http/core.ts';
import { writeSid } from '../wire/sid.ts';
import { textOf } from './text_of.ts';

export async function simParams(ctx: Ctx, event: Event): Promise<Record<string, string>> {
  const { uniqueName, iccid, to, error } = event.data;
  const hasFailed = event.type === 'sim.core_failed';
  return {
    AccountSid: writeSid('account', event.accountId),
    SimSid: writeSid('sim', event.resourceId),
    SimUniqueName: textOf(uniqueName),
    SimIccid: textOf(iccid),
    SimStatus: hasFailed ? await statusNow(ctx, event) : writeStatus(textOf(to)),
    ErrorCode: hasFailed ? updateFailed : '',
    ErrorMessage: hasFailed ? textOf(error) : '',
  };
}

/** The vendors' code for a change that could not be carried out. */
const updateFailed = '83004';

async function statusNow(ctx: Ctx, { accountId, resourceId }: Event): Promise<string> {
  const sim = (await findSims(ctx, { accountId, keys: [resourceId] })).get(resourceId);
  if (!sim) return '';
  return sim.scheduledStatus === null ? writeStatus(sim.status) : 'scheduled';
}

/** The vendors know no line that has ended. */
function writeStatus(status: string): string {
  return status === 'ended' ? 'inactive' : status;
}
