// The one way to record events: in the caller's transaction, all in one statement.
import type { Actor, Ctx } from '../../pg/ctx.ts';
import { query, type Statement } from '../../pg/query.ts';
import type { EventType } from './event.ts';

/** Records `events` in the transaction of `ctx`, in their order. */
export async function emit(ctx: Ctx, ...events: NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  const { text, values } = emitStatement(ctx, ...events);
  await query(ctx.db, text, values);
}

/** The statement that records `events`, for `ctx.alongCommit`. */
export function emitStatement(ctx: Ctx, ...events: NewEvent[]): Statement {
  const values = [
    JSON.stringify(
      events.map(({ accountId, type, resourceId, data, requestId }) => ({
        account_id: accountId,
        type,
        resource_id: resourceId,
        data,
        request_id: requestId ?? ctx.requestId,
      })),
    ),
    actorName(ctx.actor),
    ctx.now,
  ];
  return { text: insertEvents, values };
}

export type NewEvent = {
  accountId: string;
  type: EventType;
  resourceId: string;
  data: Record<string, unknown>;
  /** The request that started it, when this is done on behalf of an earlier one. */
  requestId?: string;
};

/** How an actor is written into events and rows. */
export function actorName(actor: Actor): string {
  if (actor.kind === 'api_key') return actor.apiKeyId;
  return actor.kind === 'operator' ? actor.name : 'system';
}

/** An insert of events from a select of (account_id, type, resource_id, data, request_id, actor, occurred_at), for statements that record as they act. */
export function insertEventsSql(select: string): string {
  return `insert into events.events (account_id, type, resource_id, data, request_id, actor, occurred_at) ${select}`;
}

const insertEvents = insertEventsSql(`
  select e.account_id, e.type, e.resource_id, e.data, e.request_id, $2, $3
  from jsonb_to_recordset($1::jsonb) as e(account_id text, type text, resource_id text, data jsonb, request_id text)`);
