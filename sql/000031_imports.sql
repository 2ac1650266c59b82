-- Stock from files: transport keys, imports that go on where they were left, and what was wrong with their lines.
create table inventory.transport_keys (
  account_id text collate "C" not null,
  name       text collate "C" not null,
  algorithm  text not null check (algorithm in ('aes-ecb', 'aes-cbc', '3des-ecb', '3des-cbc')),
  -- Sealed by the vault for the account and the name.
  key        bytea not null,
  -- The first three bytes of a block of zeros enciphered under it, in hex.
  kcv        text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, name)
);

create table inventory.imports (
  id              text collate "C" primary key,
  account_id      text collate "C" not null,
  profile_type_id text collate "C" not null references inventory.profile_types,
  layout          text not null check (layout in ('csv', 'output_file')),
  dry_run         boolean not null,
  all_or_nothing  boolean not null,
  transport_key   text collate "C",
  -- The key as it was when the file came, sealed for this import; null once it has ended.
  decipherer      bytea,
  -- What the head of the file says: {delimiter, columns, encrypted}.
  format          jsonb,
  status          text not null check (status in ('receiving', 'waiting', 'running', 'completed', 'failed', 'cancelled')),
  -- `check` leaves nothing in stock; `release` gives free what `add` has put there held.
  phase           text not null check (phase in ('check', 'add', 'release')),
  chunks          integer not null default 0,
  next_chunk      integer not null default 0,
  bytes           bigint not null default 0,
  lines           bigint not null default 0,
  lines_done      bigint not null default 0,
  valid           bigint not null default 0,
  added           bigint not null default 0,
  rejected        bigint not null default 0,
  faults          bigint not null default 0,
  batch_id        text collate "C" references inventory.batches,
  failure_code    text,
  failure_detail  text,
  request_id      text not null,
  -- How far the account's clock was ahead when the file came.
  clock_offset_ms bigint not null,
  created_at      timestamptz not null,
  started_at      timestamptz,
  ended_at        timestamptz,
  -- True while a worker has something to do for it: lines to read, or what it leaves behind to delete.
  is_open         boolean not null default false,
  -- By the wall clock: when something was last done for it.
  touched_at      timestamptz not null default clock_timestamp()
);
create index imports_by_account on inventory.imports (account_id, id);
create index imports_open on inventory.imports (touched_at) where is_open;
create index imports_unfinished on inventory.imports (account_id) where status in ('receiving', 'waiting', 'running');
create index imports_receiving on inventory.imports (touched_at) where status = 'receiving';

-- The lines of a file, about a thousand at a time, until they are read.
create table inventory.import_chunks (
  import_id  text collate "C" not null references inventory.imports on delete cascade,
  number     integer not null,
  first_line bigint not null,
  -- Sealed by the vault for the import and the number.
  lines      bytea not null,
  primary key (import_id, number)
);

-- The numbers of the good lines so far, so that a repetition in the same file is found.
create table inventory.import_numbers (
  import_id text collate "C" not null,
  iccid     text collate "C" not null,
  imsi      text collate "C" not null,
  line      bigint not null,
  primary key (import_id, iccid),
  unique (import_id, imsi)
);

create table inventory.import_faults (
  import_id text collate "C" not null references inventory.imports on delete cascade,
  line      bigint not null,
  field     text not null,
  detail    text not null,
  primary key (import_id, line, field)
);
