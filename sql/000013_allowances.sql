-- Products with more than data, and what a bundle needs to live: allowances, fair use, dates, what was paid for it.
alter table catalogue.products
  add column sms_count integer check (sms_count > 0),
  add column voice_seconds integer check (voice_seconds > 0),
  -- Of an unlimited bundle: [{"afterBytes", "speedKbps"}], counted per day of the bundle.
  add column fair_use jsonb,
  add column thresholds smallint[],
  -- A bundle not used after this many days lapses; an unassigned one expires.
  add column lapse_days integer not null default 365 check (lapse_days between 1 and 3660),
  -- An unused bundle can be given back within this many days; 0 for never.
  add column refund_days integer not null default 60 check (refund_days between 0 and 3660),
  drop constraint products_check1,
  add constraint products_bundle_has_allowance
    check (kind = 'esim' or unlimited or data_bytes is not null or sms_count is not null or voice_seconds is not null);

alter table bundles.bundles
  add column autostart boolean not null default true,
  -- Not before this time, and at this time without any use.
  add column activates_at timestamptz,
  add column lapses_at timestamptz not null default 'infinity',
  add column refundable_until timestamptz,
  add column ended_at timestamptz,
  -- When the next thing happens to it by itself: it starts, lapses, expires, or its speed is given back.
  add column due_at timestamptz,
  -- What was paid for it; null when it came without a price.
  add column price_minor bigint check (price_minor >= 0),
  add column currency char(3),
  add column used_bytes bigint not null default 0 check (used_bytes >= 0),
  add column initial_sms integer,
  add column remaining_sms integer check (remaining_sms between 0 and initial_sms),
  add column initial_seconds integer,
  add column remaining_seconds integer check (remaining_seconds between 0 and initial_seconds),
  add column fair_use jsonb,
  -- The fair-use day under way, what was used in it, and the speed it is slowed down to.
  add column day_starts_at timestamptz,
  add column day_bytes bigint not null default 0,
  add column speed_kbps integer,
  add column thresholds smallint[],
  -- The highest percentage told, per allowance: none is told twice.
  add column told_data smallint not null default 0,
  add column told_sms smallint not null default 0,
  add column told_voice smallint not null default 0;
alter table bundles.bundles set (fillfactor = 80);
create index bundles_live on bundles.bundles (esim_id, id) where state in ('queued', 'active');
create index bundles_ended on bundles.bundles (esim_id, ended_at) where state in ('depleted', 'expired');
create index bundles_by_account on bundles.bundles (account_id, id);
create index bundles_due on bundles.bundles (due_at) where due_at is not null;
create index bundles_due_by_account on bundles.bundles (account_id, due_at) where due_at is not null;

-- Bundles that were bought and not assigned yet: so many of one product from one order, or given back by a revocation.
create table orders.bundle_lots (
  id               text collate "C" primary key,
  account_id       text collate "C" not null,
  order_id         text collate "C" not null,
  product_name     text collate "C" not null,
  total            integer not null check (total > 0),
  remaining        integer not null check (remaining between 0 and total),
  unit_price_minor bigint check (unit_price_minor >= 0),
  currency         char(3),
  refundable_until timestamptz,
  expires_at       timestamptz not null,
  expired_at       timestamptz,
  created_at       timestamptz not null
);
create index bundle_lots_by_account on orders.bundle_lots (account_id, product_name, expires_at, id);
create index bundle_lots_by_order on orders.bundle_lots (order_id, id);
create index bundle_lots_due on orders.bundle_lots (expires_at) where expired_at is null;
create index bundle_lots_due_by_account on orders.bundle_lots (account_id, expires_at) where expired_at is null;
create index bundle_lots_open on orders.bundle_lots (account_id, product_name, expires_at, id) where remaining > 0;
create index bundle_lots_list on orders.bundle_lots (account_id, id);

-- A bundle is refunded once.
create unique index transfers_refund_once on ledger.transfers (reference) where reason = 'refund' and reference like 'bun\_%';
