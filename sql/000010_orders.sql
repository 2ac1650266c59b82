create schema orders;

create table orders.orders (
  id              text collate "C" primary key,
  account_id      text collate "C" not null,
  status          text not null check (status in ('accepted', 'fulfilling', 'completed', 'failed', 'cancelled')),
  lines           jsonb not null,
  quantity        integer not null check (quantity > 0),
  fulfilled       integer not null default 0 check (fulfilled between 0 and quantity),
  total_minor     bigint not null check (total_minor >= 0),
  currency        char(3) not null,
  reference       text,
  idempotency_key text collate "C",
  input_hash      bytea not null,
  failure_code    text,
  failure_detail  text,
  request_id      text not null,
  actor           text not null,
  created_at      timestamptz not null,
  ended_at        timestamptz,
  check ((status = 'failed') = (failure_code is not null))
) with (fillfactor = 80);
create unique index orders_by_idempotency_key on orders.orders (account_id, idempotency_key) where idempotency_key is not null;
create index orders_by_account on orders.orders (account_id, id);
create index orders_by_reference on orders.orders (account_id, reference, id) where reference is not null;
-- The work list of fulfilment: small however many orders there are.
create index orders_waiting on orders.orders (id) where status in ('accepted', 'fulfilling');
