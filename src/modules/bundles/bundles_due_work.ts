// Bundles move by themselves: they start, end, lapse and get their speed back when their time has come.
import type { Ctx } from '../../pg/ctx.ts';
import type { DueWork } from '../../pg/due_work.ts';
import { query } from '../../pg/query.ts';
import { write } from '../../pg/write.ts';
import { lockLines } from '../sims/index.ts';
import { lockFreeBundles } from './lock_bundles_sql.ts';
import { rateLine } from './rating/rate_line.ts';
import { storeRated } from './rating/store_rated.ts';

export const bundlesDueWork: DueWork = {
  name: 'bundles',
  nextDueAt: async (ctx, accountId) => {
    const [row] = await query<{ due_at: Date | null }>(ctx.db, selectNext, [accountId]);
    return row?.due_at ?? null;
  },
  runDue: (ctx, accountId) => write(ctx, {}, (tx) => moveDue(tx, accountId)),
};

const esimsPerRound = 200;

async function moveDue(tx: Ctx, accountId: string | null): Promise<number> {
  const due =
    accountId === null
      ? await query<DueEsim>(tx.db, selectDue, [tx.now, esimsPerRound])
      : await query<DueEsim>(tx.db, selectDueOfAccount, [tx.now, esimsPerRound, accountId]);
  if (due.length === 0) return 0;
  await lockSlowLines(tx, due);
  const free = await lockFreeBundles(
    tx,
    due.map((each) => each.esim_id),
  );
  const rated = [...free].map(([esimId, bundles]) => ({
    esimId,
    ...rateLine({ bundles, thresholds: [], records: [], earlier: [], now: tx.now }),
  }));
  await storeRated(tx, rated);
  return rated.reduce((sum, { changed }) => sum + changed.length, 0);
}

type DueEsim = { esim_id: string; slow: boolean };

/** Lines come before bundles in the order of locks: those whose speed may change are locked now. */
async function lockSlowLines(tx: Ctx, due: readonly DueEsim[]): Promise<void> {
  const keys = due.filter(({ slow }) => slow).map((each) => each.esim_id);
  if (keys.length > 0) await lockLines(tx, { accountId: null, keys });
}

const selectNext = `
  select min(due_at) as due_at from bundles.bundles where account_id = $1 and due_at is not null`;

const slow = `exists (
  select from bundles.bundles s
  where s.esim_id = d.esim_id and s.state in ('queued', 'active') and s.speed_kbps is not null) as slow`;

const selectDue = `
  select distinct d.esim_id, ${slow}
  from (select esim_id from bundles.bundles where due_at <= $1 order by due_at limit $2) as d`;

const selectDueOfAccount = `
  select distinct d.esim_id, ${slow}
  from (select esim_id from bundles.bundles
    where account_id = $3 and due_at <= $1 order by due_at limit $2) as d`;
