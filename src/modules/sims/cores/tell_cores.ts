// Mobile cores are told of changed lines, one teller at a time for each line, again and again until they have taken it.
import { AppError } from '../../../base/app_error.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { getSubscription } from '../../inventory/index.ts';
import { apnDefault, coreTask, mayUseData, type Sim } from '../sim.ts';
import { readSim, type SimRow, selectSims } from '../sim_row.ts';
import type { MobileCore } from './mobile_core.ts';
import { type CoreAnswer, noteCoreAnswer } from './note_core_answer.ts';

/**
 * Tells `cores` of up to 40 lines that changed, those that waited longest first; gives how many. No transaction is open
 * while a core is asked. A line that nobody here has the core of waits, visibly.
 */
export async function tellCores(ctx: Ctx, cores: readonly MobileCore[]): Promise<number> {
  if (cores.length === 0) return 0;
  const byName = new Map(cores.map((core) => [core.name as string, core]));
  const claimed = await query<{ id: string }>(ctx.db, claimDue, [[...byName.keys()], batchMax]);
  if (claimed.length === 0) return 0;
  const rows = await query<SimRow>(ctx.db, `${selectSims} where s.id = any($1)`, [
    claimed.map(({ id }) => id),
  ]);
  const waiting = rows.map(readSim);
  await Promise.all(
    Array.from({ length: tellersMax }, async () => {
      for (let sim = waiting.shift(); sim; sim = waiting.shift())
        await tellOne(ctx, sim, byName.get(sim.core));
    }),
  );
  return claimed.length;
}

const batchMax = 40;
const tellersMax = 8;

async function tellOne(ctx: Ctx, sim: Sim, core: MobileCore | undefined): Promise<void> {
  if (core) await noteCoreAnswer(ctx, sim, await ask(ctx, sim, core));
}

async function ask(ctx: Ctx, sim: Sim, core: MobileCore): Promise<CoreAnswer> {
  try {
    if (coreTask(sim) !== 'remove') return { remark: await put(ctx, sim, core) };
    if (sim.imsi !== null) await core.removeSubscriber(sim.imsi);
    return { remark: null };
  } catch (error) {
    if (!(error instanceof AppError))
      ctx.log.error({ err: error, simId: sim.id, core: core.name }, 'telling a core failed');
    return { failure: error instanceof AppError ? error.detail : 'The mobile core could not be told.' };
  }
}

async function put(ctx: Ctx, sim: Sim, core: MobileCore): Promise<string | null> {
  const { imsi, msisdn, ki, opc } = await getSubscription(ctx, sim.iccid);
  return await core.putSubscriber({
    imsi,
    msisdn: msisdn?.replace(/\D/g, '') ?? null,
    ki,
    opc,
    enabled: mayUseData({ ...sim, status: sim.scheduledStatus ?? sim.status }),
    apn: sim.fleet?.apn ?? apnDefault,
    speedKbps: sim.speedKbps,
  });
}

// The lease must outlast the batch: 40 lines by 8 tellers, each given up by its adapter after seconds.
const claimDue = `
  with due as materialized (
    select id from sims.sims
    where core_due_at <= clock_timestamp() and core = any($1)
      and (core_claimed_until is null or core_claimed_until < clock_timestamp())
    order by core_due_at limit $2 for update skip locked
  )
  update sims.sims set core_claimed_until = clock_timestamp() + interval '2 minutes'
  where id = any(array(select id from due))
  returning id`;
