-- An order for one new eSIM may have more lines, of bundles for that eSIM.
drop index orders.orders_of_one_open;
create index orders_of_one_open on orders.orders (account_id, id) where status <> 'completed' and quantity <= 100;
drop index orders.orders_of_one_open_by_eid;
create index orders_of_one_open_by_eid on orders.orders (account_id, (lines->0->>'eid'), id)
  where status <> 'completed' and quantity <= 100 and lines->0->>'eid' is not null;
