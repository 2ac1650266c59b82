// One call of the SM-DS that an event is for: another one by ES12, our own in this process.

import type { Ctx } from '../../../pg/ctx.ts';
import { RspError } from '../../../rsp/rsp_error.ts';
import { deleteEvent, isSmdsAddress, registerEvent, removeEvent } from '../../smds/index.ts';
import type { Push } from './push.ts';
import { isHere } from './push.ts';
import { ownerOid } from './register_push.ts';
import type { EventRow } from './smds_events_sql.ts';

/** Throws RspError: `smds_inaccessible`, `smds_refused`, and those of `registerEvent`. Not to be called in a `write`. */
export async function registerAtSmds(ctx: Ctx, push: Push, event: EventRow): Promise<'registered' | 'known'> {
  const { eid, event_id: eventId, rsp_server_address: rspServerAddress, smds_address: address } = event;
  const forwardingIndicator = push.root !== undefined && push.root.toLowerCase() !== address;
  const { smds } = push;
  if (!smds || !isSmdsAddress(smds, address))
    return await push.client.registerEvent(address, { eid, eventId, rspServerAddress, forwardingIndicator });
  const own = { eid, eventId, rspServerAddress, ownerOid: ownerOid(push.smdp), forwardingIndicator };
  return await registerEvent({ ...ctx, smds }, own).then(() => 'registered', knownIfInUse);
}

/** Throws RspError: `smds_inaccessible`, `smds_refused`. Not to be called in a `write`. */
export async function deleteAtSmds(ctx: Ctx, push: Push, event: EventRow): Promise<void> {
  const { eid, event_id: eventId, smds_address: address } = event;
  const { smds } = push;
  if (!smds || !isSmdsAddress(smds, address)) return await push.client.deleteEvent(address, { eid, eventId });
  const own = { eid, eventId, ownerOid: ownerOid(push.smdp) };
  if (isHere(push, address)) return await removeEvent(ctx, own);
  await deleteEvent({ ...ctx, smds }, own).catch((error) => {
    if (!(error instanceof RspError) || error.code !== 'event_id_unknown') throw error;
  });
}

function knownIfInUse(error: unknown): 'known' {
  if (error instanceof RspError && error.code === 'event_id_in_use') return 'known';
  throw error;
}
