// A profile that was not downloaded in time is not offered any more, and its account is told.
import type { DueWork } from '../../../pg/due_work.ts';
import { query } from '../../../pg/query.ts';
import { write } from '../../../pg/write.ts';
import type { Smdp } from '../smdp.ts';
import { recordMove } from './record_move.ts';
import { wallNow } from './wall_now.ts';

/** Ends released profiles whose time to be downloaded is over. */
export function profilesDueWork(smdp: Pick<Smdp, 'profileMoved'>): DueWork {
  return {
    name: 'smdp.expire_profiles',
    async nextDueAt(ctx, accountId) {
      const [row] = await query<{ expires_at: Date }>(ctx.db, selectNext, [accountId]);
      return row?.expires_at ?? null;
    },
    async runDue(ctx, accountId) {
      const now = await wallNow(ctx, accountId);
      return await write(ctx, {}, async (tx) => {
        const expired = await (accountId === null
          ? query<ExpiredRow>(tx.db, expireOfAll, [tx.now, batchSize])
          : query<ExpiredRow>(tx.db, expireOfAccount, [tx.now, batchSize, accountId]));
        for (const { iccid, account_id } of expired)
          recordMove(
            { ...tx, now, smdp },
            { account_id },
            {
              iccid,
              from: 'released',
              to: 'unavailable',
              at: now,
              detail: 'It was not downloaded in time.',
            },
            'profile.expired',
          );
        return expired.length;
      });
    },
  };
}

type ExpiredRow = { iccid: string; account_id: string };

const batchSize = 100;

const selectNext = `
  select expires_at from smdp.profiles
  where account_id = $1 and state = 'released' and expires_at is not null
  order by expires_at limit 1`;

const expire = (which: string) => `
  with expired as materialized (
    select iccid from smdp.profiles
    where state = 'released' and expires_at is not null and expires_at <= $1 ${which}
    order by expires_at limit $2 for update skip locked
  )
  update smdp.profiles set state = 'unavailable' where iccid = any(array(select iccid from expired))
  returning iccid, account_id`;

const expireOfAll = expire('');
const expireOfAccount = expire('and account_id = $3');
