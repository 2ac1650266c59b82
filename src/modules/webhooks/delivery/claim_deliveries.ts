// Deliveries that are due, claimed for half a minute: another node skips them, and a node that dies lets them go.
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import type { Target } from '../targets/target.ts';
import { type Delivery, type DeliveryRow, deliveryColumns, readDelivery } from './delivery.ts';

export type ClaimedDelivery = {
  delivery: Delivery;
  host: string;
  target: Pick<Target, 'id' | 'topic' | 'url' | 'method' | 'dialect'>;
  sealedSecrets: Buffer;
  /** Microseconds since 1970, wall clock: whose claim it is. */
  claimedUntil: bigint;
};

/**
 * Claims what is due at `ctx.now`, the longest due first: at most `free` over all, and of each host as many as `freeOf`
 * says, `freePerHost` where it says nothing.
 */
export async function claimDeliveries(ctx: Ctx, of: ClaimDeliveries): Promise<ClaimedDelivery[]> {
  const rows = await query<ClaimedRow>(ctx.db, claimByHost, [
    ctx.now,
    of.free,
    of.freePerHost,
    [...of.freeOf.keys()],
    [...of.freeOf.values()],
  ]);
  return rows.map(readClaimed);
}

export type ClaimDeliveries = { free: number; freePerHost: number; freeOf: ReadonlyMap<string, number> };

/**
 * Claims what is due of these accounts at the time that each of their clocks shows: at most `free` over all and
 * `freePerAccount` of each, of hosts that have room.
 */
export async function claimDeliveriesOf(ctx: Ctx, of: ClaimDeliveriesOf): Promise<ClaimedDelivery[]> {
  const rows = await query<ClaimedRow>(ctx.db, claimByAccount, [
    [...of.times.keys()],
    [...of.times.values()],
    of.freePerAccount,
    of.fullHosts,
    of.free,
  ]);
  return rows.map(readClaimed);
}

export type ClaimDeliveriesOf = {
  times: ReadonlyMap<string, Date>;
  free: number;
  freePerAccount: number;
  fullHosts: readonly string[];
};

/** When it was claimed, wall clock. */
export function claimedAt({ claimedUntil }: ClaimedDelivery): Date {
  return new Date(Number(claimedUntil / 1000n) - leaseMs);
}

/** Longer than a request may take, so that nobody else sends what is still being sent. */
const leaseMs = 30_000;

type ClaimedRow = DeliveryRow & {
  host: string;
  claimed_until_us: bigint;
  topic: string | null;
  url: string;
  method: Target['method'];
  dialect: Target['dialect'];
  secrets: Buffer;
};

function readClaimed(row: ClaimedRow): ClaimedDelivery {
  return {
    delivery: readDelivery(row),
    host: row.host,
    target: {
      id: row.target_id,
      topic: row.topic,
      url: row.url,
      method: row.method,
      dialect: row.dialect,
    },
    sealedSecrets: row.secrets,
    claimedUntil: row.claimed_until_us,
  };
}

export const microseconds = (time: string) => `(extract(epoch from ${time}) * 1000000)::bigint`;

function claim(due: string): string {
  return `
  with recursive ${due}, claimed as (
    update webhooks.deliveries d set claimed_until = now() + interval '${leaseMs} milliseconds'
    where id = any(array(select id from due))
    returning ${deliveryColumns}, d.host, ${microseconds('d.claimed_until')} as claimed_until_us
  )
  select c.*, t.topic, t.url, t.method, t.dialect, t.secrets
  from claimed c cross join lateral (
    select topic, url, method, dialect, secrets from webhooks.targets where id = c.target_id limit 1
  ) as t
  order by c.event_position`;
}

const isFree = `state = 'pending' and (claimed_until is null or claimed_until < now())`;

// From host to host by the index: what one of them has waiting costs the others nothing.
const claimByHost = claim(`
  hosts(host) as (
    (select host from webhooks.deliveries where state = 'pending' order by host limit 1)
    union all
    select (select d.host from webhooks.deliveries d where d.state = 'pending' and d.host > h.host order by d.host limit 1)
    from hosts h where h.host is not null
  ), due as (
    select d.id
    from hosts h
    left join unnest($4::text[], $5::int[]) as busy(host, free) on busy.host = h.host
    cross join lateral (
      select id, next_attempt_at from webhooks.deliveries
      where ${isFree} and host = h.host and next_attempt_at <= $1
      order by next_attempt_at limit coalesce(busy.free, $3::int)
      for update skip locked
    ) as d
    where h.host is not null and coalesce(busy.free, 1) > 0
    order by d.next_attempt_at limit $2
  )`);

const claimByAccount = claim(`
  due as (
    select d.id
    from unnest($1::text[], $2::timestamptz[]) as a(account_id, now)
    cross join lateral (
      select id from webhooks.deliveries
      where ${isFree} and account_id = a.account_id and next_attempt_at <= a.now and host <> all($4::text[])
      order by next_attempt_at limit $3
      for update skip locked
    ) as d
    limit $5
  )`);
