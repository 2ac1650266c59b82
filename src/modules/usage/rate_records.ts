// Records are charged to bundles as if all of them had come in time order: for a late one, the later ones are rated again.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import {
  type Charge,
  type LineUsage,
  type RatedRecord,
  rateUsage,
  type UsageRecord,
} from '../bundles/index.ts';
import type { RecordOfLine } from './cut_pieces.ts';
import { usageLimits } from './usage_limits.ts';
import { amountOf, networkOf } from './usage_record.ts';

/**
 * The charges of `records`, by id; earlier records whose charges change by it are written. `records` are in the order
 * of rating and their lines are locked. One that comes before more than 10,000 records of its line is charged to what
 * is left now, so that it does not hold the line for seconds. Call it in a `write`.
 */
export async function rateRecords(tx: Ctx, records: readonly RecordOfLine[]): Promise<Map<string, Charge[]>> {
  const lines = linesOf(records);
  const late = await findLate(tx, lines);
  const inTime = lines.filter((line) => !late.has(line));
  const charges = await rateUsage(
    tx,
    inTime.map((line) => toLineUsage(line, [])),
  );
  for (const group of groupLate(late)) {
    const again = await rateAgain(tx, group);
    for (const [id, each] of again) charges.set(id, each);
  }
  return charges;
}

type LineRecords = { simId: string; accountId: string; esimId: string; records: UsageRecord[] };

function linesOf(records: readonly RecordOfLine[]): LineRecords[] {
  const lines = new Map<string, LineRecords>();
  for (const { line, record } of records) {
    const { id: simId, accountId, esimId } = line;
    const of = lines.get(simId) ?? { simId, accountId, esimId, records: [] };
    const { id, kind, at, country } = record;
    of.records.push({ id, kind, at, amount: amountOf(record), country, network: networkOf(record) });
    lines.set(simId, of);
  }
  return [...lines.values()];
}

function toLineUsage({ accountId, esimId, records }: LineRecords, earlier: RatedRecord[]): LineUsage {
  return { accountId, esimId, records, earlier };
}

/** The lines that have rated records at or after their first new one, with the number of these. */
async function findLate(tx: Ctx, lines: readonly LineRecords[]): Promise<Map<LineRecords, number>> {
  const { ratedAgainPerLineMax } = usageLimits;
  const rows = await query<{ position: bigint; later: bigint }>(tx.db, countLater, [
    ...spansOf(lines),
    ratedAgainPerLineMax + 1,
  ]);
  const late = new Map<LineRecords, number>();
  for (const { position, later } of rows) {
    const line = lines[Number(position) - 1];
    if (line && later <= ratedAgainPerLineMax) late.set(line, Number(later));
  }
  return late;
}

function spansOf(lines: readonly LineRecords[]): unknown[] {
  return [
    lines.map((line) => line.simId),
    lines.map((line) => line.accountId),
    lines.map((line) => line.records[0]?.at),
  ];
}

// `is not distinct from` leaves only the index that begins with the line, whatever the table held when the plan was made.
const countLater = `
  select k.position, c.later
  from unnest($1::text[], $2::text[], $3::timestamptz[]) with ordinality as k(sim_id, account_id, first_at, position)
  cross join lateral (
    select count(*) as later from (
      select from usage.records r
      where r.sim_id = k.sim_id and r.at >= k.first_at and r.account_id is not distinct from k.account_id limit $4
    ) as found
  ) as c
  where c.later > 0
  order by k.position`;

/** Lines in groups whose earlier records fit into memory together. */
function groupLate(late: ReadonlyMap<LineRecords, number>): LineRecords[][] {
  const groups: LineRecords[][] = [];
  let room = 0;
  for (const [line, later] of late) {
    if (later > room || groups.length === 0) {
      groups.push([]);
      room = usageLimits.ratedAgainAtOnceMax;
    }
    groups.at(-1)?.push(line);
    room -= later;
  }
  return groups;
}

async function rateAgain(tx: Ctx, lines: readonly LineRecords[]): Promise<Map<string, Charge[]>> {
  const earlier = await loadEarlier(tx, lines);
  const usage = lines.map((line) => toLineUsage(line, earlier.get(line.simId) ?? []));
  const charges = await rateUsage(tx, usage);
  const changed = usage.flatMap(({ accountId, earlier: rated }) =>
    rated
      .filter((record) => writeCharges(record.charges) !== writeCharges(charges.get(record.id) ?? []))
      .map(({ id }) => ({ accountId, id, charges: charges.get(id) ?? [] })),
  );
  await updateCharges(tx, changed);
  return charges;
}

async function loadEarlier(tx: Ctx, lines: readonly LineRecords[]): Promise<Map<string, RatedRecord[]>> {
  const rows = await query<EarlierRow>(tx.db, selectEarlier, spansOf(lines));
  const earlier = new Map<string, RatedRecord[]>();
  for (const row of rows) {
    const { id, kind, at, amount, country, network } = row;
    const charges = row.bundle_ids.map((bundleId, index) => ({ bundleId, amount: row.amounts[index] ?? 0n }));
    const of = earlier.get(row.sim_id) ?? [];
    of.push({ id, kind, at, amount, country, network, charges });
    earlier.set(row.sim_id, of);
  }
  return earlier;
}

type EarlierRow = UsageRecord & { sim_id: string; bundle_ids: string[]; amounts: bigint[] };

const selectEarlier = `
  select r.sim_id, r.id, r.kind, r.at, r.bytes_up + r.bytes_down + r.units as amount, r.country, r.network,
    r.bundle_ids, r.amounts
  from unnest($1::text[], $2::text[], $3::timestamptz[]) as k(sim_id, account_id, first_at)
  cross join lateral (
    select * from usage.records
    where sim_id = k.sim_id and at >= k.first_at and account_id is not distinct from k.account_id
    order by at, id
  ) as r`;

type ChargedRecord = { accountId: string; id: string; charges: readonly Charge[] };

async function updateCharges(tx: Ctx, records: readonly ChargedRecord[]): Promise<void> {
  if (records.length === 0) return;
  await query(tx.db, updateChargesSql, [
    records.map((each) => each.accountId),
    records.map((each) => each.id),
    records.map((each) => bundlesLiteral(each.charges)),
    records.map((each) => amountsLiteral(each.charges)),
  ]);
}

// The lateral join leaves no other way than one probe of the primary key each. Nobody else moves rows of a locked line.
const updateChargesSql = `
  update usage.records r set bundle_ids = k.bundle_ids::text[], amounts = k.amounts::bigint[]
  from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as k(account_id, id, bundle_ids, amounts)
  cross join lateral (
    select ctid as place from usage.records where account_id = k.account_id and id = k.id limit 1
  ) as found
  where r.ctid = found.place`;

/** The ids of the bundles as text of a PostgreSQL array: ids need no quotes. */
export function bundlesLiteral(charges: readonly Charge[]): string {
  return `{${charges.map((each) => each.bundleId).join()}}`;
}

export function amountsLiteral(charges: readonly Charge[]): string {
  return `{${charges.map((each) => each.amount).join()}}`;
}

function writeCharges(charges: readonly Charge[]): string {
  return bundlesLiteral(charges) + amountsLiteral(charges);
}
