-- The SM-DS: which RSP servers hold something for which EID; and what our SM-DP+ has registered at an SM-DS, ours or another.
create schema smds;

create table smds.events (
  -- The order of arrival, in which they are given out.
  position             bigint generated always as identity primary key,
  eid                  text collate "C" not null,
  event_id             text collate "C" not null,
  rsp_server_address   text not null,
  -- The OID in the TLS certificate of who registered it, who alone may delete it.
  owner_oid            text collate "C" not null,
  forwarding_indicator boolean not null,
  -- Under which id it is known to the root SM-DS, and since when; it is given out only once the root has it.
  forwarded_event_id   text collate "C",
  forwarded_at         timestamptz,
  created_at           timestamptz not null,
  unique (eid, event_id),
  unique (owner_oid, event_id),
  check (forwarded_at is null or forwarded_event_id is not null)
);
create unique index events_by_forwarded_id on smds.events (eid, forwarded_event_id)
  where forwarded_event_id is not null;

-- From InitiateAuthentication to AuthenticateClient. Written relaxed: a lost one costs a client a retry.
create table smds.sessions (
  transaction_id   bytea primary key,
  -- The CI by which the eUICC proves itself.
  ci_key_id        bytea not null,
  server_challenge bytea not null,
  -- The address that the LPA dialled.
  server_address   text not null,
  expires_at       timestamptz not null
);
create index sessions_by_expiry on smds.sessions (expires_at);

-- The event of a profile at an SM-DS, from the wish to register it until it is deleted there.
create table smdp.smds_events (
  position           bigint generated always as identity primary key,
  iccid              text collate "C" not null,
  eid                text collate "C" not null,
  -- The matching id that finds the profile.
  event_id           text collate "C" not null,
  smds_address       text not null,
  -- Where the LPA is sent: the SM-DP+.
  rsp_server_address text not null,
  state              text not null check (state in ('registering', 'registered', 'deleting', 'deleted', 'failed')),
  -- Calls of the SM-DS since the state was last changed; counted before each call.
  attempts           integer not null default 0,
  due_at             timestamptz not null,
  -- Until when the node that calls the SM-DS has it to itself.
  locked_until       timestamptz,
  last_error         text,
  created_at         timestamptz not null,
  registered_at      timestamptz,
  deleted_at         timestamptz,
  unique (smds_address, event_id)
);
create index smds_events_by_iccid on smdp.smds_events (iccid);
create index smds_events_due on smdp.smds_events (due_at) where state in ('registering', 'deleting');

-- Also those with an event at an SM-DS wait for their EID: some LPAs keep the address of an event and drop its id.
create index profiles_discovered_by_eid on smdp.profiles (eid, created_at)
  where eid is not null and (matching_id is null or smds_address is not null) and state in ('released', 'downloaded');
drop index smdp.profiles_waiting_for_eid;
