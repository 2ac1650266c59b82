// The event of a profile is registered at an SM-DS, so that its eUICC finds the profile without any code (SGP.22 §3.6.1).
import { AppError } from '../../../base/app_error.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { type EventToRegister, putEvents } from '../../smds/index.ts';
import { isHere, type Push, pushOf, tellPushWaiting } from './push.ts';
import { type EventOfProfile, type EventToInsert, insertEvents } from './smds_events_sql.ts';

/**
 * At our own SM-DS in this transaction, at another one soon after it by `pushEvents`. Throws `conflict` when the SM-DS
 * still has an event of this id for another EID, and `unavailable` when this installation has no push. Call it in a
 * `write`.
 */
export async function registerPush(tx: Ctx, events: readonly EventOfProfile[]): Promise<void> {
  if (events.length === 0) return;
  const push = pushOf(tx);
  if (!push) throw new AppError('unavailable', 'This installation registers no events at an SM-DS.');
  const items = events.map((event) => toInsert(push, event));
  const written = await insertEvents(tx.db, items, { now: tx.now });
  if (written.length < items.length)
    throw new AppError('conflict', 'The SM-DS still has an event of this matching id for another EID.');
  const registered = items.filter(({ state }) => state === 'registered');
  await putEvents(
    tx,
    registered.map((event) => ownEvent(push, event)),
  );
  if (registered.length < items.length) tx.afterCommit(() => tellPushWaiting(tx));
}

export function toInsert(push: Push, event: EventOfProfile): EventToInsert {
  return {
    rspServerAddress: push.smdp.address,
    ...event,
    eid: event.eid.toUpperCase(),
    smdsAddress: event.smdsAddress.toLowerCase(),
    state: isHere(push, event.smdsAddress) ? 'registered' : 'registering',
  };
}

/** As our own SM-DS keeps it. */
export function ownEvent({ smdp }: Push, event: Required<EventOfProfile>): EventToRegister {
  const { eid, eventId, rspServerAddress } = event;
  return { eid, eventId, rspServerAddress, ownerOid: ownerOid(smdp), forwardingIndicator: false };
}

/** The OID that our SM-DP+ shows to every SM-DS. */
export function ownerOid({ identities }: Push['smdp']): string {
  return identities[0]?.oid ?? '';
}
