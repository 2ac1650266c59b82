-- Lines: the SIM of an eSIM as the mobile core sees it, and what it may do.
alter table inventory.profile_types
  -- The mobile core that knows the subscribers of these profiles.
  add column core text not null default 'simulated' check (core in ('simulated', 'osmo_hlr', 'open5gs'));

create schema sims;

create table sims.network_access_profiles (
  id          text collate "C" primary key,
  account_id  text collate "C" not null,
  unique_name text collate "C",
  -- Ids of networks that a line may attach to.
  networks    text[] not null,
  created_at  timestamptz not null,
  updated_at  timestamptz not null,
  unique (account_id, unique_name)
);
create index network_access_profiles_by_account on sims.network_access_profiles (account_id, id);

create table sims.fleets (
  id                        text collate "C" primary key,
  account_id                text collate "C" not null,
  unique_name               text collate "C",
  network_access_profile_id text collate "C" not null references sims.network_access_profiles,
  apn                       text not null default 'internet',
  data_enabled              boolean not null default true,
  -- Of each line in each billing period; null for no limit.
  data_limit_bytes          bigint check (data_limit_bytes > 0),
  sms_commands_enabled      boolean not null default true,
  created_at                timestamptz not null,
  updated_at                timestamptz not null,
  unique (account_id, unique_name)
);
create index fleets_by_account on sims.fleets (account_id, id);

create table sims.sims (
  id                text collate "C" primary key,
  account_id        text collate "C" not null,
  esim_id           text collate "C" not null unique,
  iccid             text collate "C" not null unique,
  imsi              text collate "C" not null unique,
  msisdn            text,
  unique_name       text collate "C",
  fleet_id          text collate "C" references sims.fleets,
  status            text not null check (status in ('new', 'ready', 'active', 'inactive', 'ended')),
  -- Where it goes once the core has taken it over: shown as `scheduled`.
  scheduled_status  text check (scheduled_status in ('ready', 'active', 'inactive', 'ended')),
  -- Where it is and what it holds, as far as the network told.
  attached          boolean not null default false,
  country           text,
  mcc               text,
  mnc               text,
  ip_v4             inet,
  ip_v6             inet,
  located_at        timestamptz,
  first_attached_at timestamptz,
  first_used_at     timestamptz,
  -- What was used since it is ready: enough of it makes the line active.
  ready_bytes       bigint not null default 0,
  ready_sms         integer not null default 0,
  -- The billing period under way.
  period_starts_at  timestamptz,
  period_ends_at    timestamptz,
  period_bytes      bigint not null default 0,
  data_blocked      boolean not null default false,
  -- Slowed down by fair use; null for full speed.
  speed_kbps        integer,
  -- The next thing that happens by itself: a new billing period, or ready becomes active.
  due_at            timestamptz,
  -- The mobile core: which, whether it has been told (null), and how it went. Times of the wall clock.
  core              text not null check (core in ('simulated', 'osmo_hlr', 'open5gs')),
  core_due_at       timestamptz,
  core_claimed_until timestamptz,
  core_attempts     integer not null default 0,
  core_error        text,
  core_told_at      timestamptz,
  -- Grows with each change that the core must be told, so that one that comes while it is told is not lost.
  core_version      bigint not null default 0,
  -- The sequence number of the last authentication vector of the simulated core (TS 33.102 §6.3).
  sqn               bigint not null default 0,
  created_at        timestamptz not null,
  updated_at        timestamptz not null
) with (fillfactor = 70);
create unique index sims_account_id_unique_name_key on sims.sims (account_id, unique_name) where unique_name is not null;
create index sims_by_account on sims.sims (account_id, id);
create index sims_by_fleet on sims.sims (fleet_id, id) where fleet_id is not null;
create index sims_due on sims.sims (due_at) where due_at is not null;
create index sims_due_by_account on sims.sims (account_id, due_at) where due_at is not null;
create index sims_core_due on sims.sims (core_due_at) where core_due_at is not null;

create table sims.billing_periods (
  id         text collate "C" primary key,
  account_id text collate "C" not null,
  sim_id     text collate "C" not null references sims.sims,
  kind       text not null check (kind in ('ready', 'active')),
  starts_at  timestamptz not null,
  ends_at    timestamptz
);
create index billing_periods_by_sim on sims.billing_periods (sim_id, id);

create table sims.commands (
  id           text collate "C" primary key,
  account_id   text collate "C" not null,
  sim_id       text collate "C" not null references sims.sims,
  kind         text not null check (kind in ('sms', 'ip')),
  direction    text not null check (direction in ('to_sim', 'from_sim')),
  status       text not null check (status in ('queued', 'sent', 'delivered', 'received', 'failed')),
  payload      text not null,
  payload_type text not null check (payload_type in ('text', 'binary')),
  device_ip    inet,
  device_port  integer check (device_port between 1 and 65535),
  error        text,
  expires_at   timestamptz,
  created_at   timestamptz not null,
  updated_at   timestamptz not null
);
create index commands_by_account on sims.commands (account_id, id);
create index commands_by_sim on sims.commands (sim_id, id);
create index commands_waiting on sims.commands (sim_id, id) where status = 'queued';
create index commands_expiring on sims.commands (account_id, expires_at) where status in ('queued', 'sent') and direction = 'to_sim';
create index commands_expiring_all on sims.commands (expires_at) where status in ('queued', 'sent') and direction = 'to_sim';
