// Events: what happened, once, in order.
// Owns: events.events (outbox, feed and audit trail in one table).
// Invariants: an event is written in the transaction that made it true, and only there; a reader that goes on from
// its last cursor is given every event exactly once, however many transactions commit at the same time, and those of
// one resource in the order in which their transactions held it.
export { actorName, emit, emitStatement, insertEventsSql, type NewEvent } from './emit.ts';
export { findLastEvents, historyTypes, listEsimHistory } from './esim_history.ts';
export { type Event, type EventType, eventTypes } from './event.ts';
export { eventIdOf } from './event_row.ts';
export { type EventKey, getEvents } from './get_events.ts';
export { type EventFilter, type EventPage, endOfFeed, listEvents } from './list_events.ts';
export { listProfileHistory } from './profile_history.ts';
export { hasEventsBehind, type OutboxEvent, readOutbox } from './read_outbox.ts';
