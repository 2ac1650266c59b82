-- Branding: how the eSIMs of an account look when they are installed, and their QR pictures.
create schema branding;

create table branding.brandings (
  id           text collate "C" primary key,
  account_id   text collate "C" not null,
  name         text not null,
  -- The one for eSIMs that are ordered without naming any.
  is_default   boolean not null default false,
  -- In the profile's metadata: the names that a phone shows.
  install_name text check (length(install_name) between 1 and 16),
  network_name text check (length(network_name) between 1 and 16),
  -- Of the QR picture, as #rrggbb.
  foreground   text not null default '#000000',
  background   text not null default '#ffffff',
  -- PNG, shown in the middle of the QR picture.
  logo         bytea,
  created_at   timestamptz not null,
  updated_at   timestamptz not null,
  unique (account_id, name)
);
create index brandings_by_account on branding.brandings (account_id, id);
create unique index brandings_default on branding.brandings (account_id) where is_default;

alter table esims.esims
  -- The account's own name for it.
  add column customer_reference text,
  add column branding_id text collate "C";
create index esims_by_customer_reference on esims.esims (account_id, customer_reference, iccid)
  where customer_reference is not null;
create index esims_by_account_and_iccid on esims.esims (account_id, iccid);

-- A number of its own, for clients that know lots by whole numbers.
alter table orders.bundle_lots add column number bigint generated always as identity;
create unique index bundle_lots_by_number on orders.bundle_lots (number);

-- How many requests a key may still make at once; lost in a crash, which costs nobody anything.
create unlogged table accounts.rate_limits (
  api_key_id  text collate "C" primary key,
  tokens      double precision not null,
  refilled_at timestamptz not null
) with (fillfactor = 50);

-- What an account was topped up by in a day.
create index transfers_topped_up on ledger.transfers (account_id, created_at) where reason = 'top_up';

-- What makes the history of an eSIM.
create index events_of_esims on events.events (account_id, coalesce(data->>'esimId', resource_id), tx, position)
  where type in ('bundle.assigned', 'bundle.depleted', 'bundle.expired', 'bundle.lapsed', 'bundle.revoked',
    'bundle.threshold_reached', 'esim.updated', 'sim.first_attached', 'sim.first_used', 'sim.refreshed');
