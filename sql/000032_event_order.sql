-- Events are read in the order of their positions. A position is drawn when the event is recorded, when what the event
-- is about is locked; the transaction's id, by which they went before, may be older than the lock.
create sequence events.positions;
create unique index events_by_position on events.events (position);
select setval('events.positions', coalesce(max(position), 0) + 1) from events.events;

-- A transaction says, for all to see until it has ended, after which position its own begin: by a shared advisory lock,
-- which nobody waits for. The setting, which ends with the transaction (or savepoint) as the lock does, says that it has.
create function events.next_position() returns bigint language plpgsql as $$
declare
  drawn bigint;
begin
  if coalesce(current_setting('overair.feed_held', true), '') = '' then
    drawn := pg_sequence_last_value('events.positions');
    perform pg_advisory_xact_lock_shared((drawn >> 31)::int, (drawn & 2147483647)::int),
      set_config('overair.feed_held', 'yes', true);
  end if;
  return nextval('events.positions');
end
$$;

-- Up to this position every event is there to be read by the next statement, or never will be: whoever drew one of them
-- held the lock before it was drawn, and so before the sequence is looked at here.
create function events.feed_end() returns bigint language plpgsql as $$
declare
  drawn bigint := pg_sequence_last_value('events.positions');
  held bigint;
begin
  select min((classid::bigint << 31) | objid::bigint) into held
  from pg_locks
  where locktype = 'advisory' and objsubid = 2
    and database = (select oid from pg_database where datname = current_database());
  return least(drawn, held);
end
$$;

alter table events.events
  alter column position drop identity,
  alter column tx drop default;
alter table events.events alter column position set default events.next_position();
alter table events.events drop constraint events_pkey;
alter table events.events add primary key (account_id, position);
-- Only of events from before: cursors that were given out then name it.
alter table events.events alter column tx drop not null;
drop index events.events_of_all;
create index events_of_before on events.events (tx, position) where tx is not null;

drop index events.events_of_esims;
create index events_of_esims on events.events (account_id, coalesce(data->>'esimId', resource_id), position)
  where type in ('bundle.assigned', 'bundle.depleted', 'bundle.expired', 'bundle.lapsed', 'bundle.revoked',
    'bundle.threshold_reached', 'esim.updated', 'sim.first_attached', 'sim.first_used', 'sim.refreshed');

-- What is behind the cursor by either order is passed on: a delivery that is there already is not made again.
update webhooks.cursor c
set position = coalesce(
  (select min(e.position) - 1 from events.events e where (e.tx, e.position) > (c.tx, c.position)),
  (select max(e.position) from events.events e),
  0);
alter table webhooks.cursor drop column tx;

drop index webhooks.deliveries_in_order;
alter table webhooks.deliveries drop column event_tx;
create index deliveries_in_order on webhooks.deliveries (target_id, resource_id, event_position) where state = 'pending';
