-- SM-DP+ servers of others: which of our profile types they serve, and each profile that was ordered from them.
create schema remote_smdp;

create table remote_smdp.servers (
  id                   text collate "C" primary key,
  account_id           text collate "C" not null,
  name                 text collate "C" not null,
  es2_url              text not null,
  requester_identifier text not null,
  -- What activation codes name when the server does not say.
  smdp_address         text not null,
  -- Where it registers profiles that devices shall discover.
  smds_address         text not null,
  -- Our certificate with those between it and its root (PEM), and its key sealed by the vault for this id.
  certificate          text not null,
  private_key          bytea not null,
  -- Roots of its TLS certificate (PEM); null for those that this computer trusts.
  ca                   text,
  -- SHA-256 of the certificates by which it calls us, in hex.
  peer_fingerprints    text[] not null,
  -- Grows with each change, so that every node calls it by the newest settings.
  version              bigint not null default 1,
  -- The circuit breaker: failures in a row, and until when nothing is sent (wall clock).
  failures             integer not null default 0,
  open_until           timestamptz,
  last_error           text,
  created_at           timestamptz not null,
  updated_at           timestamptz not null,
  removed_at           timestamptz,
  unique (account_id, name)
);
create index servers_by_account on remote_smdp.servers (account_id, id);
create index servers_by_peer on remote_smdp.servers using gin (peer_fingerprints);

-- An order of ours that waits for profiles of such servers, or did.
create table remote_smdp.orders (
  order_id       text collate "C" primary key,
  account_id     text collate "C" not null,
  state          text not null check (state in ('waiting', 'settled', 'ended')),
  -- How many of its profiles are not ready yet.
  waiting        integer not null check (waiting >= 0),
  failure_code   text,
  failure_detail text,
  -- When it has waited too long (wall clock).
  deadline_at    timestamptz not null
);
create index orders_settled on remote_smdp.orders (order_id) where state = 'settled';
create index orders_by_deadline on remote_smdp.orders (deadline_at) where state = 'waiting';

create table remote_smdp.profiles (
  id                  text collate "C" primary key,
  account_id          text collate "C" not null,
  server_id           text collate "C" not null references remote_smdp.servers,
  order_id            text collate "C" not null references remote_smdp.orders,
  -- Its place among the units of the order.
  unit                integer not null,
  profile_type        text not null,
  remote_profile_type text not null,
  delivery            text not null check (delivery in ('activation_code', 'default_smdp', 'smds')),
  eid                 text,
  -- Sealed by the vault for this id, until the order is confirmed.
  confirmation_code   bytea,
  step                text not null check (step in
    ('to_order', 'to_confirm', 'ready', 'delivered', 'failed', 'to_cancel', 'cancelled')),
  iccid               text collate "C",
  matching_id         text,
  smdp_address        text,
  -- The state in the remote SM-DP+, as far as it told.
  state               text not null check (state in
    ('available', 'allocated', 'linked', 'confirmed', 'released', 'downloaded', 'installed', 'deleted', 'error', 'unavailable')),
  enabled             boolean,
  -- As of when the newest report was that was taken, by the clock of the server.
  reported_at         timestamptz,
  -- The call to be made next: when, whether anything was sent for this profile yet, and how often this call failed.
  due_at              timestamptz,
  claimed_until       timestamptz,
  called_at           timestamptz,
  attempts            integer not null default 0,
  last_error          text,
  created_at          timestamptz not null,
  unique (order_id, unit),
  check ((step in ('to_order', 'to_confirm', 'to_cancel')) = (due_at is not null)),
  check (step not in ('to_confirm', 'ready', 'delivered') or iccid is not null)
) with (fillfactor = 80);
-- One that was cancelled may be handed out again by its server.
create unique index profiles_by_iccid on remote_smdp.profiles (iccid)
  where iccid is not null and step not in ('cancelled', 'failed');
create index profiles_due on remote_smdp.profiles (server_id, due_at) where due_at is not null;
create index profiles_by_server on remote_smdp.profiles (server_id, id);

-- What remote servers told of their profiles, each once.
create table remote_smdp.reports (
  profile_id   text collate "C" not null references remote_smdp.profiles,
  content_hash bytea not null,
  point        integer not null,
  failure      text,
  reported_at  timestamptz not null,
  received_at  timestamptz not null,
  primary key (profile_id, content_hash)
);

-- A type of profiles that a remote SM-DP+ serves: {serverId, smdp, profileType}.
alter table inventory.profile_types
  add column remote jsonb,
  add check (remote is null or package is null);

-- Fulfilment leaves orders alone that wait for a remote SM-DP+.
alter table orders.orders add column awaits_remote boolean not null default false;
drop index orders.orders_waiting;
create index orders_waiting on orders.orders (id) where status in ('accepted', 'fulfilling') and not awaits_remote;
create index orders_awaiting_remote on orders.orders (id) where status = 'fulfilling' and awaits_remote;

-- The IMSI of a profile that another SM-DP+ made is not known here.
alter table sims.sims alter column imsi drop not null;
