-- Double entry: every transfer names what it debits and what it credits, so entries sum to zero by their form.
-- A wallet holds the running sums of one account and currency, and the check keeps them in balance.
create schema ledger;

create table ledger.wallets (
  account_id      text collate "C" not null,
  currency        char(3) not null,
  funded_minor    bigint not null default 0 check (funded_minor >= 0),
  available_minor bigint not null default 0 check (available_minor >= 0),
  held_minor      bigint not null default 0 check (held_minor >= 0),
  spent_minor     bigint not null default 0 check (spent_minor >= 0),
  primary key (account_id, currency),
  check (available_minor + held_minor + spent_minor = funded_minor)
) with (fillfactor = 50);

create table ledger.transfers (
  position     bigint generated always as identity,
  account_id   text collate "C" not null,
  currency     char(3) not null,
  debit        text not null check (debit in ('funded', 'available', 'held', 'spent')),
  credit       text not null check (credit in ('funded', 'available', 'held', 'spent')),
  amount_minor bigint not null check (amount_minor > 0),
  reason       text not null check (reason in ('top_up', 'order_hold', 'order_settle', 'order_release', 'refund')),
  reference    text collate "C" not null,
  created_at   timestamptz not null,
  primary key (account_id, position),
  check (debit <> credit)
);
-- What happens once per order cannot happen twice.
create unique index transfers_once_per_order on ledger.transfers (reference, reason)
  where reason in ('order_hold', 'order_settle', 'order_release');
