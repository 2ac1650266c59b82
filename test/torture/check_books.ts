// Reads the database after the torture, and names everything that is not as it must be.

import pg from 'pg';
import { silentLog } from '../../src/base/log.ts';
import { readConfig } from '../../src/main/config.ts';
import { openInstallation } from '../../src/main/open_installation.ts';
import { columnTypes } from '../../src/pg/column_types.ts';

/**
 * One sentence for each fault; none when the books are right. `orders` are the acknowledged ids with their quantities,
 * `usedBytes` what was told of each line, by its ICCID.
 */
export async function checkBooks(of: {
  dataDir: string;
  orders: ReadonlyMap<string, number>;
  usedBytes: ReadonlyMap<string, number>;
}): Promise<string[]> {
  const installation = await openInstallation(readConfig({ OVERAIR_DATA_DIR: of.dataDir }), silentLog);
  // The pools of the platform are kept from reading whole tables, which is what is done here.
  const { connectionString } = installation.database;
  const client = new pg.Client({ connectionString, types: columnTypes });
  await client.connect();
  try {
    const stored = await query<{
      id: string;
      status: string;
      quantity: number;
      esims: bigint;
      bundles: bigint;
      completions: bigint;
    }>(client, storedOrders);
    const byId = new Map(stored.map((row) => [row.id, row]));
    const lost = [...of.orders.keys()].filter((id) => !byId.has(id));
    const strangers = stored.filter((row) => !of.orders.has(row.id));
    const wrong = stored.filter((row) =>
      row.status === 'completed'
        ? Number(row.esims) !== row.quantity || Number(row.bundles) !== row.quantity || row.completions !== 1n
        : row.status !== 'failed' || row.esims !== 0n,
    );
    const faults: string[] = [];
    for (const [sentence, text] of Object.entries(booksRules)) {
      const [row] = await query<{ count: bigint }>(client, text);
      if (row?.count !== 0n) faults.push(`${row?.count} × ${sentence}`);
    }
    const counted = await query<{ iccid: string; bytes: string }>(client, countedUsage);
    const miscounted = counted.filter(({ iccid, bytes }) => Number(bytes) !== of.usedBytes.get(iccid));
    return [
      ...miscounted.map(
        ({ iccid, bytes }) =>
          `the line ${iccid} used ${of.usedBytes.get(iccid)} bytes, and ${bytes} were counted`,
      ),
      ...lost.map((id) => `order ${id} was acknowledged and is lost`),
      ...strangers.map(
        (row) => `order ${row.id} exists and nobody was told of it, though its key was sent again`,
      ),
      ...wrong.map(
        (row) =>
          `order ${row.id} is ${row.status} with ${row.esims} eSIMs, ${row.bundles} bundles and ${row.completions} completions for ${row.quantity}`,
      ),
      ...faults,
    ];
  } finally {
    await client.end();
    await installation.close();
  }
}

async function query<Row extends pg.QueryResultRow>(client: pg.Client, text: string): Promise<Row[]> {
  return (await client.query<Row>(text)).rows;
}

const storedOrders = `
  select o.id, o.status, o.quantity,
    (select count(*) from esims.esims e where e.order_id = o.id) as esims,
    (select count(*) from bundles.bundles b where b.order_id = o.id) as bundles,
    (select count(*) from events.events v where v.resource_id = o.id and v.type = 'order.completed') as completions
  from orders.orders o`;

const countedUsage = `
  select s.iccid, sum(r.bytes_down) as bytes from usage.records r join sims.sims s on s.id = r.sim_id group by s.iccid`;

/** Each counts what must not be. */
const booksRules: Record<string, string> = {
  'money that came from nowhere or went nowhere': `
    select count(*) as count from (
      select w.account_id from ledger.wallets w join ledger.transfers t on t.account_id = w.account_id and t.currency = w.currency
      group by w.account_id, w.currency, w.funded_minor, w.available_minor, w.held_minor, w.spent_minor
      having w.funded_minor <> sum(case when t.debit = 'funded' then t.amount_minor when t.credit = 'funded' then -t.amount_minor else 0 end)
        or w.available_minor <> sum(case when t.credit = 'available' then t.amount_minor when t.debit = 'available' then -t.amount_minor else 0 end)
        or w.held_minor <> sum(case when t.credit = 'held' then t.amount_minor when t.debit = 'held' then -t.amount_minor else 0 end)
        or w.spent_minor <> sum(case when t.credit = 'spent' then t.amount_minor when t.debit = 'spent' then -t.amount_minor else 0 end)) as wrong`,
  'money still held though every order has ended':
    'select count(*) as count from ledger.wallets where held_minor <> 0',
  'an order settled for another amount than its total': `
    select count(*) as count from orders.orders o where o.status = 'completed' and o.total_minor <> coalesce(
      (select sum(t.amount_minor) from ledger.transfers t where t.reference = o.id and t.reason = 'order_settle'), 0)`,
  'an ICCID sold twice':
    'select count(*) as count from (select iccid from esims.esims group by iccid having count(*) > 1) as twice',
  'an ICCID used without an eSIM, or an eSIM whose ICCID is not its own': `
    select count(*) as count from inventory.sim_profiles s full join esims.esims e on e.iccid = s.iccid
    where (s.state = 'used') is distinct from (e.iccid is not null) or s.order_id is distinct from e.order_id`,
  'a profile on the SM-DP+ without its eSIM, or the other way round': `
    select count(*) as count from smdp.profiles p full join esims.esims e on e.iccid = p.iccid where p.iccid is null or e.iccid is null`,
  'stock still reserved though every order has ended':
    "select count(*) as count from inventory.sim_profiles where state = 'reserved'",
  'an hour of usage that is not the sum of its records': `
    select count(*) as count from (
      select sim_id, date_trunc('hour', at) as hour, sum(bytes_down) as bytes from usage.records group by 1, 2) as r
    full join (select sim_id, hour, sum(bytes_down) as bytes from usage.hours group by 1, 2) as h
      on h.sim_id = r.sim_id and h.hour = r.hour
    where r.bytes is distinct from h.bytes`,
  'a bundle whose use is not the sum of what was charged to it': `
    select count(*) as count from bundles.bundles b
    left join (
      select c.bundle_id, sum(c.amount) as amount from usage.records r
      cross join unnest(r.bundle_ids, r.amounts) as c(bundle_id, amount) group by 1) as paid on paid.bundle_id = b.id
    where b.initial_bytes - b.remaining_bytes <> coalesce(paid.amount, 0)`,
  'an Idempotency-Key with two orders': `
    select count(*) as count from (select 1 from orders.orders where idempotency_key is not null group by account_id, idempotency_key having count(*) > 1) as twice`,
};
