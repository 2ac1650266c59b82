-- Customers: the people and businesses that an account sells to, and how they pay, as tokens of payment gateways only.
create schema customers;

create table customers.customers (
  id         text collate "C" primary key,
  account_id text collate "C" not null,
  -- An address or any other identifier; compared without regard to case.
  email      text not null,
  details    jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index customers_by_email on customers.customers (account_id, lower(email));
create index customers_by_account on customers.customers (account_id, id);

create table customers.payment_methods (
  id           text collate "C" primary key,
  customer_id  text collate "C" not null references customers.customers on delete cascade,
  account_id   text collate "C" not null,
  kind         text not null,
  gateway      text not null,
  name         text,
  -- The gateway's token, sealed by the vault for this id.
  token        bytea not null,
  last_digits  text not null check (last_digits ~ '^\d{2,4}$'),
  expiry_month smallint not null check (expiry_month between 1 and 12),
  expiry_year  smallint not null,
  created_at   timestamptz not null
);
create index payment_methods_by_customer on customers.payment_methods (customer_id, id);

-- Whom an order is for, and the device it is meant for, as the one who ordered said.
alter table orders.orders
  add column customer_id text collate "C",
  add column device      jsonb;
create index orders_by_customer on orders.orders (account_id, customer_id, id) where customer_id is not null;

-- The account's own place to try things in: separate data, a clock that can be moved.
alter table accounts.accounts add column sandbox_of text collate "C" unique references accounts.accounts;
alter table accounts.accounts add constraint sandbox_of_is_sandbox check (sandbox_of is null or kind = 'sandbox');
