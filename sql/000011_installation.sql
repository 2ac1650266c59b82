-- One row: a value sealed by the vault, so that a process with another key notices at its start and not at its first secret.
create table overair.installation (
  only_row    boolean primary key default true check (only_row),
  vault_check bytea not null,
  created_at  timestamptz not null default now()
);
