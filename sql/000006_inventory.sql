create schema inventory;

create table inventory.profile_types (
  id             text collate "C" primary key,
  name           text collate "C" not null unique,
  -- Null: the package is built from the subscription. Else: an imported package, delivered after `personalisation`.
  package        bytea,
  personalisation text not null check (personalisation in ('full', 'none')),
  metadata       jsonb not null,
  icon           bytea,
  created_at     timestamptz not null
);

create table inventory.batches (
  id              text collate "C" primary key,
  profile_type_id text collate "C" not null references inventory.profile_types,
  source          text not null check (source in ('generated', 'imported')),
  size            integer not null check (size > 0),
  created_at      timestamptz not null
);

create table inventory.sim_profiles (
  iccid           text collate "C" primary key,
  profile_type_id text collate "C" not null references inventory.profile_types,
  batch_id        text collate "C" not null references inventory.batches,
  imsi            text collate "C" not null,
  msisdn          text,
  -- Ki, OPc, PINs, PUKs, ADM and OTA keys, sealed by the vault for this ICCID.
  secrets         bytea not null,
  state           text not null default 'available' check (state in ('available', 'reserved', 'used')),
  order_id        text collate "C",
  check ((state = 'available') = (order_id is null))
);
create unique index sim_profiles_imsi on inventory.sim_profiles (imsi);
create index sim_profiles_available on inventory.sim_profiles (profile_type_id, iccid) where state = 'available';
create index sim_profiles_reserved on inventory.sim_profiles (order_id, iccid) where state = 'reserved';
