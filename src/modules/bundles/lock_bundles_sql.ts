// The bundles of lines are locked for rating. Whoever rates holds the line first, so each locks in the order of ids.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { Bundle } from './bundle.ts';
import { type BundleRow, bundleColumns, readBundle } from './bundle_row.ts';

export type LineToLock = { accountId: string; esimId: string; since: Date };

/** The bundles of these eSIMs that are queued or active, or ended at `since` or later by use or by time; locked. */
export async function lockBundles(tx: Ctx, lines: readonly LineToLock[]): Promise<Map<string, Bundle[]>> {
  const values = [
    lines.map((line) => line.esimId),
    lines.map((line) => line.accountId),
    lines.map((line) => line.since),
  ];
  // The second statement sees what ended while the first one waited.
  const [live, ended] = await Promise.all([
    query<BundleRow>(tx.db, lockLive, values.slice(0, 2)),
    query<BundleRow>(tx.db, lockEnded, values),
  ]);
  const rows = new Map([...live, ...ended].map((row) => [row.id, row]));
  return Map.groupBy([...rows.values()].map(readBundle), ({ esimId }) => esimId);
}

const lockLive = `
  select b.* from unnest($1::text[], $2::text[]) as l(esim_id, account_id) cross join lateral (
    select ${bundleColumns} from bundles.bundles
    where esim_id = l.esim_id and account_id = l.account_id and state in ('queued', 'active')
    order by id for update) as b`;

const lockEnded = `
  select b.* from unnest($1::text[], $2::text[], $3::timestamptz[]) as l(esim_id, account_id, since) cross join lateral (
    select ${bundleColumns} from bundles.bundles
    where esim_id = l.esim_id and account_id = l.account_id and state in ('depleted', 'expired') and ended_at >= l.since
    order by id for update) as b`;

/** Of these eSIMs, those whose queued and active bundles nobody else holds: their bundles, locked. */
export async function lockFreeBundles(tx: Ctx, esimIds: readonly string[]): Promise<Map<string, Bundle[]>> {
  const rows = await query<BundleRow & { live: number }>(tx.db, lockFree, [[...esimIds]]);
  const byEsim = Map.groupBy(rows, (row) => row.esim_id);
  const free = [...byEsim].filter(([, bundles]) => bundles.length === bundles[0]?.live);
  return new Map(free.map(([esimId, bundles]) => [esimId, bundles.map(readBundle)]));
}

const lockFree = `
  select b.*, (select count(*)::integer from bundles.bundles c
    where c.esim_id = b.esim_id and c.state in ('queued', 'active')) as live
  from unnest($1::text[]) as l(esim_id) cross join lateral (
    select ${bundleColumns} from bundles.bundles
    where esim_id = l.esim_id and state in ('queued', 'active')
    order by id for update skip locked) as b`;
