// ES12.RegisterEvent (SGP.22 §5.9.1): an RSP server says that it holds something for an EID; the root SM-DS may be told too.
import type { Ctx } from '../../pg/ctx.ts';
import { write } from '../../pg/write.ts';
import { newMatchingId } from '../../rsp/matching_id.ts';
import { RspError } from '../../rsp/rsp_error.ts';
import { checkEventForm, type EventToRegister } from './event.ts';
import { findEvent, insertEvent, type StoredEvent, updateForwarded, upsertEvents } from './events_sql.ts';
import type { RootSmds, SmdsCtx } from './smds.ts';

/**
 * Registers the event, durably; where the root SM-DS is to know it, there first. What the root refused or did not
 * answer may be registered again. Not to be called in a `write`. Throws RspError: `message_invalid`,
 * `event_id_in_use` (8.9.5/3.3), `smds_inaccessible` (8.9/5.1), `smds_refused` (8.9/4.2).
 */
export async function registerEvent(ctx: SmdsCtx, input: EventToRegister): Promise<void> {
  const event = checkEventForm(input);
  const { root } = ctx.smds;
  if (!root || !event.forwardingIndicator) return await add(ctx, event);
  const { stored, isNew } = await store(ctx, event);
  await forward(ctx, root, stored, isNew);
  await updateForwarded(ctx.db, { eid: stored.eid, eventId: stored.event_id, now: ctx.now });
}

/**
 * Registers events of the SM-DP+ of this installation, which may have had one of the same id before. They stay here.
 * Throws RspError `message_invalid`, and `conflict` when somebody else has an event of this id for this EID. Call it in a
 * `write`.
 */
export async function putEvents(tx: Ctx, events: readonly EventToRegister[]): Promise<void> {
  if (events.length > 0) await upsertEvents(tx, events.map(checkEventForm));
}

async function add(ctx: SmdsCtx, event: EventToRegister): Promise<void> {
  await write(ctx, {}, async (tx) => {
    if (!(await insertEvent(tx, { ...event, forwardedEventId: null }))) throw new RspError('event_id_in_use');
  });
}

/** The event with the id that the root will know it by; one that the root has not got yet keeps the id of the first time. */
async function store(ctx: SmdsCtx, event: EventToRegister): Promise<{ stored: StoredEvent; isNew: boolean }> {
  return await write(ctx, {}, async (tx) => {
    const isNew = await insertEvent(tx, { ...event, forwardedEventId: newMatchingId() });
    const stored = await findEvent(tx.db, event);
    if (!stored || !(isNew || isUnfinished(stored, event))) throw new RspError('event_id_in_use');
    return { stored, isNew };
  });
}

function isUnfinished(stored: StoredEvent, event: EventToRegister): boolean {
  return (
    stored.forwarded_event_id !== null &&
    stored.forwarded_at === null &&
    stored.rsp_server_address === event.rspServerAddress &&
    stored.owner_oid === event.ownerOid
  );
}

/** The root sends the LPA to this SM-DS, which sends it on (SGP.22 §3.6.2). */
async function forward(
  { smds }: SmdsCtx,
  { address, client }: RootSmds,
  { eid, forwarded_event_id }: StoredEvent,
  isNew: boolean,
): Promise<void> {
  const outcome = await client.registerEvent(address, {
    eid,
    eventId: forwarded_event_id ?? '',
    rspServerAddress: smds.address,
    forwardingIndicator: false,
  });
  if (outcome === 'known' && isNew)
    throw new RspError('smds_refused', 'The root SM-DS has an event of this identifier already.');
}
