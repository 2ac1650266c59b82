// New lines come with their eSIMs, in the write that fulfils an order: one statement for all of them, one for their events.
import { newId } from '../../base/ids.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { emit } from '../events/index.ts';
import { addMonths, readyMonthsMax } from './billing/billing_period.ts';
import { coreTask, hasRemoteCore, type Sim } from './sim.ts';

/** Makes these lines; a ready one is in its first billing period. Call it in a `write`. */
export async function createSims(tx: Ctx, items: readonly NewSim[]): Promise<Sim[]> {
  if (items.length === 0) return [];
  const sims = items.map((item) => newSim(tx, item));
  await query(tx.db, insertSims, [JSON.stringify(sims.map((sim) => writeRow(tx, sim))), tx.now]);
  await emit(
    tx,
    ...sims.map((sim, index) => ({
      accountId: sim.accountId,
      type: 'sim.created' as const,
      resourceId: sim.id,
      data: { iccid: sim.iccid, esimId: sim.esimId, imsi: sim.imsi, status: sim.status },
      requestId: items[index]?.requestId ?? tx.requestId,
    })),
  );
  return sims;
}

export type NewSim = Pick<Sim, 'accountId' | 'esimId' | 'iccid' | 'imsi' | 'msisdn' | 'core'> & {
  status: 'new' | 'ready';
  /** Of the request that ordered it. */
  requestId?: string;
};

function newSim({ now }: Ctx, { requestId: _, ...item }: NewSim): Sim {
  const isReady = item.status === 'ready';
  const sim: Sim = {
    ...blankSim,
    ...item,
    id: newId('sim', now.getTime()),
    periodStartsAt: isReady ? now : null,
    dueAt: isReady ? addMonths(now, readyMonthsMax) : null,
    createdAt: now,
    updatedAt: now,
  };
  return { ...sim, coreDueAt: hasRemoteCore(sim) && coreTask(sim) !== 'disable' ? now : null };
}

const blankSim = {
  uniqueName: null,
  fleetId: null,
  fleet: null,
  scheduledStatus: null,
  attached: false,
  country: null,
  mcc: null,
  mnc: null,
  ipV4: null,
  ipV6: null,
  locatedAt: null,
  firstAttachedAt: null,
  firstUsedAt: null,
  readyBytes: 0n,
  readySms: 0,
  periodEndsAt: null,
  periodBytes: 0n,
  dataBlocked: false,
  speedKbps: null,
  coreDueAt: null,
  coreAttempts: 0,
  coreError: null,
  coreToldAt: null,
  coreVersion: 0n,
} satisfies Partial<Sim>;

function writeRow({ now }: Ctx, sim: Sim): Record<string, unknown> {
  return {
    id: sim.id,
    account_id: sim.accountId,
    esim_id: sim.esimId,
    iccid: sim.iccid,
    imsi: sim.imsi,
    msisdn: sim.msisdn,
    status: sim.status,
    core: sim.core,
    tell_core: sim.coreDueAt !== null,
    due_at: sim.dueAt,
    period_id: sim.status === 'ready' ? newId('billingPeriod', now.getTime()) : null,
  };
}

const insertSims = `
  with given as materialized (
    select * from jsonb_to_recordset($1::jsonb) as g(id text, account_id text, esim_id text, iccid text, imsi text,
      msisdn text, status text, core text, tell_core boolean, due_at timestamptz, period_id text)
  ), periods as (
    insert into sims.billing_periods (id, account_id, sim_id, kind, starts_at)
    select period_id, account_id, id, 'ready', $2 from given where period_id is not null
  )
  insert into sims.sims (id, account_id, esim_id, iccid, imsi, msisdn, status, core, core_due_at, due_at,
    period_starts_at, created_at, updated_at)
  select id, account_id, esim_id, iccid, imsi, msisdn, status, core, case when tell_core then now() end, due_at,
    case when period_id is not null then $2 end, $2, $2
  from given`;
