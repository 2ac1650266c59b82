create schema bundles;

create table bundles.bundles (
  id              text collate "C" primary key,
  account_id      text collate "C" not null,
  esim_id         text collate "C" not null,
  order_id        text collate "C" not null,
  product_id      text collate "C" not null,
  product_name    text collate "C" not null,
  state           text not null check (state in
    ('processing', 'queued', 'active', 'depleted', 'expired', 'lapsed', 'revoked')),
  unlimited       boolean not null,
  initial_bytes   bigint,
  remaining_bytes bigint,
  validity_days   integer not null,
  countries       text[] not null,
  assigned_at     timestamptz not null,
  starts_at       timestamptz,
  ends_at         timestamptz,
  check (remaining_bytes between 0 and initial_bytes)
);
create index bundles_by_esim on bundles.bundles (esim_id, id);
create index bundles_by_order on bundles.bundles (order_id, id);
