-- The outbox and the feed: one row per thing that happened, written in the transaction that made it happen.
create schema events;

create table events.events (
  position    bigint generated always as identity,
  -- Readers go by (tx, position) and stop before the oldest transaction still running, so none is ever skipped.
  tx          xid8 not null default pg_current_xact_id(),
  account_id  text collate "C" not null,
  type        text not null,
  resource_id text collate "C" not null,
  data        jsonb not null,
  request_id  text not null,
  actor       text not null,
  occurred_at timestamptz not null,
  primary key (account_id, tx, position)
);
