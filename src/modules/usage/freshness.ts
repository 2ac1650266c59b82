// How current a figure about usage is: every answer about usage says it.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';

export type Freshness = {
  /** The time of the answer. */
  asOf: Date;
  /** The latest moment that a record told about; null when none did in the last 90 days. */
  lastRecordAt: Date | null;
  /** When that record came in. */
  lastReceivedAt: Date | null;
};

/** Of one SIM of the account, or of all its SIMs when `simId` is null. */
export async function findFreshness(
  ctx: Ctx,
  { accountId, simId }: { accountId: string; simId: string | null },
): Promise<Freshness> {
  const [row] = await query<{ at: Date; received_at: Date }>(
    ctx.db,
    simId === null ? selectOfAccount : selectOfSim,
    simId === null ? [accountId] : [accountId, simId],
  );
  return { asOf: ctx.now, lastRecordAt: row?.at ?? null, lastReceivedAt: row?.received_at ?? null };
}

// The account's newest record lies in its newest hour; with more SIMs than that in it, one of that hour is told.
// `is not distinct from` leaves only the index that begins with the line.
const selectOfAccount = `
  select r.at, r.received_at
  from (
    select sim_id from usage.hours
    where account_id = $1
      and hour = (select hour from usage.hours where account_id = $1 order by hour desc limit 1)
    limit 1000
  ) as h
  cross join lateral (
    select at, received_at from usage.records where sim_id = h.sim_id and account_id is not distinct from $1 order by at desc, id desc limit 1
  ) as r
  order by r.at desc, r.received_at desc limit 1`;

const selectOfSim = `
  select at, received_at from usage.records where sim_id = $2 and account_id is not distinct from $1 order by at desc, id desc limit 1`;
