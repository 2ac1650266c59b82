-- eSIMs that no order made: profiles that came installed on their eUICC, and SIM cards that were registered.
alter table esims.esims
  alter column order_id drop not null,
  add column origin text not null default 'ordered' check (origin in ('ordered', 'preinstalled', 'card')),
  -- Why it failed.
  add column failure_code text,
  add column failure_detail text,
  add column updated_at timestamptz;
update esims.esims set updated_at = coalesce(deleted_at, installed_at, downloaded_at, created_at);
alter table esims.esims
  alter column updated_at set not null,
  add check ((origin = 'ordered') = (order_id is not null));
create index esims_by_eid on esims.esims (account_id, eid, id) where eid is not null;
create index esims_by_state on esims.esims (account_id, state, id);

alter table inventory.sim_profiles
  -- What is printed on a SIM card and proves that one has it, sealed by the vault for the ICCID.
  add column registration_code bytea,
  add column registration_failures integer not null default 0,
  drop constraint sim_profiles_check,
  add check (state <> 'reserved' or order_id is not null),
  add check (state <> 'available' or order_id is null);

-- Orders do not step over cards.
drop index inventory.sim_profiles_available;
create index sim_profiles_available on inventory.sim_profiles (profile_type_id, iccid)
  where state = 'available' and registration_code is null;

-- The lines that another system serves, by account: what it was told last.
create index sims_of_remote_cores on sims.sims (account_id, id) where core <> 'simulated';
