create schema esims;

create table esims.esims (
  id                     text collate "C" primary key,
  account_id             text collate "C" not null,
  order_id               text collate "C" not null,
  iccid                  text collate "C" not null unique,
  msisdn                 text,
  eid                    text,
  state                  text not null check (state in ('available', 'downloaded', 'installed', 'deleted', 'failed')),
  enabled                boolean not null default false,
  smdp_address           text not null,
  matching_id            text,
  confirmation_code_required boolean not null default false,
  -- 128 random bits: whoever has the link may see the code.
  install_token          text not null unique,
  created_at             timestamptz not null,
  downloaded_at          timestamptz,
  installed_at           timestamptz,
  deleted_at             timestamptz
);
create index esims_by_account on esims.esims (account_id, id);
create index esims_by_order on esims.esims (order_id, id);
