-- Webhooks: who wants to be told, how far the outbox has been read for them, and each telling until it is done.
create schema webhooks;

-- The outbox over all accounts, in the order of the feed.
create index events_of_all on events.events (tx, position);

create table webhooks.cursor (
  only_row boolean primary key default true check (only_row),
  tx       xid8 not null,
  position bigint not null
);
insert into webhooks.cursor (tx, position) values (pg_current_xact_id(), 0);

-- An endpoint of an account, or the callback URL of one resource (then `resource_id` is set).
create table webhooks.targets (
  id          text collate "C" primary key,
  account_id  text collate "C" not null,
  resource_id text collate "C",
  url         text not null,
  method      text not null default 'POST' check (method in ('GET', 'POST')),
  dialect     text not null check (dialect in ('standard', 'twilio', 'kore', 'esim_go', 'connect')),
  -- Event types; null for all.
  types       text[],
  description text,
  enabled     boolean not null default true,
  -- Sealed by the vault for this id: the signing secrets with their ends, newest first.
  secrets     bytea not null,
  created_at  timestamptz not null,
  deleted_at  timestamptz
);
create index targets_by_account on webhooks.targets (account_id, id) where deleted_at is null;
create index targets_by_resource on webhooks.targets (resource_id) where deleted_at is null and resource_id is not null;

create table webhooks.deliveries (
  id              text collate "C" primary key,
  account_id      text collate "C" not null,
  target_id       text collate "C" not null references webhooks.targets,
  -- Where it goes: how many at once is limited per host.
  host            text collate "C" not null,
  event_tx        xid8 not null,
  event_position  bigint not null,
  event_type      text not null,
  resource_id     text collate "C" not null,
  state           text not null default 'pending' check (state in ('pending', 'delivered', 'parked', 'dropped')),
  attempts        integer not null default 0,
  -- In the time of the account's clock.
  next_attempt_at timestamptz not null,
  parks_at        timestamptz not null,
  -- Wall clock: somebody is at it until then.
  claimed_until   timestamptz,
  created_at      timestamptz not null,
  ended_at        timestamptz
) with (fillfactor = 70);
-- The same event is told to the same target once, however the reader of the outbox ended.
create unique index deliveries_once on webhooks.deliveries (target_id, event_position);
create index deliveries_due_by_host on webhooks.deliveries (host, next_attempt_at) where state = 'pending';
create index deliveries_due_by_account on webhooks.deliveries (account_id, next_attempt_at) where state = 'pending';
create index deliveries_in_order on webhooks.deliveries (target_id, resource_id, event_tx, event_position) where state = 'pending';
create index deliveries_by_target on webhooks.deliveries (target_id, id);

create table webhooks.attempts (
  delivery_id text collate "C" not null references webhooks.deliveries,
  number      integer not null,
  at          timestamptz not null,
  duration_ms integer not null,
  -- Null when there was no answer; then `error` says why.
  status      integer,
  error       text,
  answer      text,
  primary key (delivery_id, number)
);
