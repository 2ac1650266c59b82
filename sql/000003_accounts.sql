create schema accounts;

create table accounts.accounts (
  id         text collate "C" primary key,
  name       text not null,
  kind       text not null check (kind in ('live', 'sandbox')),
  currency   char(3) not null,
  created_at timestamptz not null
);

-- Only the SHA-256 of a key's secret is kept: it is 32 random bytes, so a slow hash would add nothing.
create table accounts.api_keys (
  id           text collate "C" primary key,
  account_id   text collate "C" not null references accounts.accounts,
  name         text not null,
  secret_hash  bytea not null unique,
  secret_hint  text not null,
  scopes       text[] not null,
  created_at   timestamptz not null,
  expires_at   timestamptz,
  revoked_at   timestamptz
);
create index api_keys_by_account on accounts.api_keys (account_id, id);
