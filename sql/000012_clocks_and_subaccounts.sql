-- A sandbox account's clock may run ahead of the wall clock. Times of an account's rows are in the time of its clock.
alter table accounts.accounts
  add column parent_id text collate "C" references accounts.accounts,
  add column clock_offset_ms bigint not null default 0 check (clock_offset_ms >= 0),
  -- While somebody moves the clock, until when (wall clock) nobody else may.
  add column clock_held_until timestamptz,
  -- Percentages of an allowance at which bundle.threshold_reached is told, unless the product has its own.
  add column thresholds smallint[] not null default '{1,50,80,100}',
  add check (kind = 'sandbox' or clock_offset_ms = 0);
create index accounts_by_parent on accounts.accounts (parent_id, id) where parent_id is not null;
create index accounts_with_moved_clock on accounts.accounts (id) where clock_offset_ms > 0;
