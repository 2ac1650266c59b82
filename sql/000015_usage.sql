-- What lines used: every record once, rated; sums per hour for questions; sessions of RADIUS accounting.
create schema usage;

create table usage.records (
  account_id  text collate "C" not null,
  -- The sender's own, so that a repeat is known.
  id          text collate "C" not null check (length(id) <= 200),
  sim_id      text collate "C" not null,
  kind        text not null check (kind in ('data', 'sms', 'voice')),
  -- The end of what it tells about.
  at          timestamptz not null,
  bytes_up    bigint not null default 0 check (bytes_up >= 0),
  bytes_down  bigint not null default 0 check (bytes_down >= 0),
  -- Messages or seconds.
  units       integer not null default 0 check (units >= 0),
  country     text,
  network     text,
  source      text not null check (source in ('api', 'csv', 'radius')),
  received_at timestamptz not null,
  -- Which bundles paid for it and how much each; less than the whole when there was nothing left.
  bundle_ids  text[] not null default '{}',
  amounts     bigint[] not null default '{}',
  primary key (account_id, id),
  check (cardinality(bundle_ids) = cardinality(amounts))
);
create index records_by_sim on usage.records (sim_id, at, id);

create table usage.hours (
  account_id text collate "C" not null,
  hour       timestamptz not null,
  sim_id     text collate "C" not null,
  -- MCC and MNC as digits, '' when the record did not say.
  network    text collate "C" not null,
  country    text collate "C" not null,
  fleet_id   text collate "C" not null,
  bytes_up   bigint not null,
  bytes_down bigint not null,
  sms_count  bigint not null,
  voice_seconds bigint not null,
  primary key (account_id, hour, sim_id, network, country, fleet_id)
) with (fillfactor = 80);
create index hours_by_sim on usage.hours (sim_id, hour);

create table usage.radius_sessions (
  -- The NAS as it names itself, and its Acct-Session-Id.
  nas          text collate "C" not null,
  session_id   text collate "C" not null,
  sim_id       text collate "C" not null,
  started_at   timestamptz not null,
  last_at      timestamptz not null,
  input_octets  bigint not null default 0,
  output_octets bigint not null default 0,
  gigawords_seen boolean not null default false,
  -- Grows with each counted packet: the records of a session have ids of their own.
  counted      integer not null default 0,
  ended_at     timestamptz,
  primary key (nas, session_id)
) with (fillfactor = 70);
create index radius_sessions_open on usage.radius_sessions (last_at) where ended_at is null;
