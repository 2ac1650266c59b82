create schema catalogue;

-- One row: grows with every change, so that a price held in memory is known to be current or not.
create table catalogue.revision (
  only_row boolean primary key default true check (only_row),
  revision bigint not null
);
insert into catalogue.revision (revision) values (1);

create table catalogue.products (
  id            text collate "C" primary key,
  name          text collate "C" not null unique,
  kind          text not null check (kind in ('bundle', 'esim')),
  description   text not null,
  countries     text[] not null,
  data_bytes    bigint check (data_bytes > 0),
  unlimited     boolean not null default false,
  validity_days integer check (validity_days between 1 and 3660),
  speeds        text[] not null default '{}',
  groups        text[] not null default '{}',
  autostart     boolean not null default true,
  profile_type  text not null,
  state         text not null default 'active' check (state in ('active', 'retired')),
  created_at    timestamptz not null,
  check (kind = 'esim' or validity_days is not null),
  check (kind = 'esim' or unlimited or data_bytes is not null)
);

create table catalogue.prices (
  product_id   text collate "C" not null references catalogue.products,
  currency     char(3) not null,
  amount_minor bigint not null check (amount_minor >= 0),
  primary key (product_id, currency)
);
