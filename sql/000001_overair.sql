-- What the core itself keeps. overair.migrations is made by the migrator before the first file runs.

create table overair.idempotency_keys (
  account_id text collate "C" not null,
  operation text collate "C" not null check (length(operation) <= 100),
  key text collate "C" not null check (length(key) <= 255),
  input_hash bytea not null check (length(input_hash) = 32),
  -- json, not jsonb: the answer of a repetition has its keys in the order of the first one.
  answer json,
  created_at timestamptz not null default now(),
  primary key (account_id, operation, key)
);

create index idempotency_keys_created_at on overair.idempotency_keys (created_at);
