// ES12.DeleteEvent (SGP.22 §5.9.2): whoever registered an event takes it back; what the root SM-DS knows goes first.
import type { Ctx } from '../../pg/ctx.ts';
import { RspError } from '../../rsp/rsp_error.ts';
import { checkEid } from './event.ts';
import { deleteEventRow, findEvent, type StoredEvent } from './events_sql.ts';
import type { SmdsCtx } from './smds.ts';

export type EventToDelete = { eid: string; eventId: string; ownerOid: string };

/**
 * An event that is unknown and one of somebody else are refused alike (8.9.5/3.9). When the root SM-DS cannot be reached
 * the event stays, so that the call can be repeated. Not to be called in a `write`. Throws RspError:
 * `message_invalid`, `event_id_unknown`, `smds_inaccessible`, `smds_refused`.
 */
export async function deleteEvent(ctx: SmdsCtx, input: EventToDelete): Promise<void> {
  const event = { ...input, eid: checkEid(input.eid) };
  const stored = await findEvent(ctx.db, event);
  if (stored?.owner_oid !== event.ownerOid) throw new RspError('event_id_unknown');
  await deleteAtRoot(ctx, stored);
  await deleteEventRow(ctx.db, event);
}

/** Deletes an event of our own that stayed here, if there is one. */
export async function removeEvent(ctx: Ctx, event: EventToDelete): Promise<void> {
  await deleteEventRow(ctx.db, event);
}

async function deleteAtRoot({ smds }: SmdsCtx, { eid, forwarded_event_id }: StoredEvent): Promise<void> {
  if (forwarded_event_id === null) return;
  // An operator who took the root away from the settings has to have it taken back there.
  if (!smds.root)
    throw new RspError('smds_inaccessible', 'The root SM-DS that has this event is not configured.');
  await smds.root.client.deleteEvent(smds.root.address, { eid, eventId: forwarded_event_id });
}
