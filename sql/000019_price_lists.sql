-- Price lists: prices of an account's own, by the volume it has ordered.
create table catalogue.price_lists (
  id         text collate "C" primary key,
  name       text collate "C" not null unique,
  created_at timestamptz not null
);

create table catalogue.list_prices (
  price_list_id text collate "C" not null references catalogue.price_lists,
  product_id    text collate "C" not null references catalogue.products,
  currency      char(3) not null,
  -- This price holds from this piece on, counted over all that the account ordered of the product.
  from_quantity bigint not null check (from_quantity >= 1),
  amount_minor  bigint not null check (amount_minor >= 0),
  primary key (price_list_id, product_id, currency, from_quantity)
);

create table catalogue.account_price_lists (
  account_id    text collate "C" primary key,
  price_list_id text collate "C" not null references catalogue.price_lists
);

-- How much accounts have ordered of the products whose price depends on it; orders that failed are given back.
create table orders.volumes (
  account_id text collate "C" not null,
  product    text collate "C" not null,
  ordered    bigint not null check (ordered >= 0),
  primary key (account_id, product)
) with (fillfactor = 80);

-- An order of one eSIM stands for that eSIM until there is one: those that have none yet, or never will.
create index orders_of_one_open on orders.orders (account_id, id) where status <> 'completed' and quantity = 1;
create index orders_of_one_open_by_eid on orders.orders (account_id, (lines->0->>'eid'), id)
  where status <> 'completed' and quantity = 1 and lines->0->>'eid' is not null;
