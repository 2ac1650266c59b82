-- What an account may set about a door that speaks a vendor's dialect.
create table accounts.doors (
  account_id     text collate "C" not null references accounts.accounts,
  door           text not null check (door in ('supersim', 'esimgo', 'connect')),
  settings       jsonb not null,
  -- Signs callbacks; sealed by the vault for this account and door.
  signing_secret bytea,
  updated_at     timestamptz not null,
  primary key (account_id, door)
);

-- What a callback is about, in the words of the door that set it: one callback per resource and topic.
alter table webhooks.targets add column topic text;
-- The endpoints of an account, among however many callbacks it has.
create index endpoints_by_account on webhooks.targets (account_id, id) where deleted_at is null and resource_id is null;
