-- The SM-DP+: one row per profile that was ordered from it, the RSP sessions under way, and what eUICCs reported.
create schema smdp;

create table smdp.profiles (
  iccid                  text collate "C" primary key,
  account_id             text collate "C" not null,
  profile_type_id        text collate "C" not null,
  state                  text not null check (state in
    ('allocated', 'linked', 'confirmed', 'released', 'downloaded', 'installed', 'deleted', 'error', 'unavailable')),
  smdp_address           text not null,
  -- The eUICC it was ordered for, else the one that downloaded it first: no other gets it.
  eid                    text,
  -- Null for the default SM-DP+ case: then the EID alone finds it.
  matching_id            text collate "C",
  -- SHA-256 of the code, sealed by the vault for this ICCID: codes are short, so the hash alone would be guessable.
  confirmation_code      bytea,
  confirmation_failures  integer not null default 0,
  download_attempts      integer not null default 0,
  expires_at             timestamptz,
  -- StoreMetadata (BF25) as sent in authenticateClient and in the bound profile package.
  metadata               bytea not null,
  policy_rules           text[] not null default '{}',
  -- The version of the profile package specification that an eUICC must support at least.
  profile_version_min    text not null default '2.0.0',
  -- sequenceOf86, protected under random keys ahead of time, and those keys sealed for this ICCID.
  protected_package      bytea not null,
  protection_keys        bytea not null,
  -- The last binding, so that the same eUICC one-time key gets the same one again: its otPK, and our key sealed.
  euicc_otpk             bytea,
  binding_key            bytea,
  last_result            jsonb,
  -- Of the newest enable, disable or delete that was taken: an older one that comes late changes nothing.
  last_seq_number        bigint not null default 0,
  created_at             timestamptz not null,
  downloaded_at          timestamptz,
  installed_at           timestamptz
);
-- Ciphertext does not compress: store it as it is instead of trying.
alter table smdp.profiles alter column protected_package set storage external;
create unique index profiles_by_matching_id on smdp.profiles (matching_id) where matching_id is not null;
create index profiles_waiting_for_eid on smdp.profiles (eid, created_at)
  where eid is not null and matching_id is null and state in ('released', 'downloaded');

create table smdp.sessions (
  transaction_id    bytea primary key,
  state             text not null check (state in ('initiated', 'authenticated', 'bound')),
  -- The CI by which the eUICC proves itself, and the one by which it verifies us.
  ci_key_id         bytea not null,
  server_ci_key_id  bytea not null,
  server_challenge  bytea not null,
  eid               text,
  iccid             text collate "C",
  euicc_certificate bytea,
  smdp_signature2   bytea,
  expires_at        timestamptz not null,
  check (state = 'initiated' or
    (eid is not null and iccid is not null and euicc_certificate is not null and smdp_signature2 is not null))
);
create index sessions_by_expiry on smdp.sessions (expires_at);

-- One row per bound profile package: which eUICC must have signed the installation result, long after the session.
create table smdp.downloads (
  transaction_id    bytea primary key,
  iccid             text collate "C" not null references smdp.profiles,
  eid               text not null,
  euicc_certificate bytea not null,
  created_at        timestamptz not null
);

-- Every verified notification once, however often a device sends it.
create table smdp.notifications (
  eid             text not null,
  iccid           text collate "C" not null,
  seq_number      bigint not null,
  content_hash    bytea not null,
  operation       text not null check (operation in ('install', 'enable', 'disable', 'delete')),
  result          jsonb,
  received_at     timestamptz not null,
  primary key (eid, iccid, seq_number, content_hash)
);
