// Webhooks as due work of an account: what is to be told at a moment of its clock has been sent when the clock goes on.
import type { Ctx } from '../../pg/ctx.ts';
import type { DueWork } from '../../pg/due_work.ts';
import { query } from '../../pg/query.ts';
import { hasEventsBehind } from '../events/index.ts';
import type { DeliveryDesk } from './delivery/delivery_desk.ts';
import { fanOut, outboxCursor } from './fan_out.ts';

/** For the clocks of sandboxes; without an account there is nothing to do, `startWebhooks` sees to that. */
export function webhooksDueWork(desk: DeliveryDesk): DueWork {
  return {
    name: 'webhooks',
    nextDueAt,
    async runDue(ctx, accountId) {
      if (accountId === null) return 0;
      let count = 0;
      for (let passed = -1; passed !== 0; count += passed) passed = await fanOut(ctx, accountId);
      return count + (await desk.deliverDueOf(ctx, accountId));
    },
  };
}

/** One that is being sent is still due. */
async function nextDueAt(ctx: Ctx, accountId: string): Promise<Date | null> {
  const [row] = await query<NextRow>(ctx.db, selectNext, [accountId]);
  if (!row?.has_targets) return null;
  if (await hasEventsBehind(ctx, { after: await outboxCursor(ctx), accountId })) return ctx.now;
  return row.next_attempt_at instanceof Date ? row.next_attempt_at : null;
}

type NextRow = { has_targets: boolean; next_attempt_at: Date | number | null };

const selectNext = `
  select exists (select from webhooks.targets where account_id = $1 and deleted_at is null) as has_targets,
    (
      select next_attempt_at from webhooks.deliveries
      where account_id = $1 and state = 'pending' order by account_id, next_attempt_at limit 1
    ) as next_attempt_at`;
