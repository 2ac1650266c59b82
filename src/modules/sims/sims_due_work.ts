// What happens to lines by itself: ready ones become active, billing periods follow each other, old commands fail.
import type { Ctx } from '../../pg/ctx.ts';
import type { DueWork } from '../../pg/due_work.ts';
import { query } from '../../pg/query.ts';
import { write } from '../../pg/write.ts';
import { rollForward } from './billing/roll_forward.ts';
import { expireCommands } from './commands/expire_commands.ts';
import { beginChange } from './line_change.ts';
import { saveLines } from './save_lines.ts';
import { readSim, type SimRow, selectSims } from './sim_row.ts';

export const simsDueWork: DueWork = {
  name: 'sims',
  async nextDueAt(ctx, accountId) {
    const [row] = await query<{ due_at: Date | null }>(ctx.db, selectNextDue, [accountId]);
    return row?.due_at ?? null;
  },
  async runDue(ctx, accountId) {
    const lines = await write(ctx, {}, (tx) => rollDueLines(tx, accountId));
    return lines + (await write(ctx, {}, (tx) => expireCommands(tx, accountId)));
  },
};

async function rollDueLines(tx: Ctx, accountId: string | null): Promise<number> {
  const rows =
    accountId === null
      ? await query<SimRow>(tx.db, lockDue, [tx.now, batchMax])
      : await query<SimRow>(tx.db, lockDueOfAccount, [tx.now, batchMax, accountId]);
  const changes = rows.map((row) => beginChange(readSim(row)));
  await rollForward(tx, changes, tx.now);
  await saveLines(tx, changes);
  return rows.length;
}

const batchMax = 200;

const lockDue = `${selectSims} where s.due_at <= $1 order by s.due_at limit $2 for update of s skip locked`;
const lockDueOfAccount = `
  ${selectSims} where s.account_id = $3 and s.due_at <= $1 order by s.due_at limit $2 for update of s skip locked`;

const selectNextDue = `
  select least(
    (select min(due_at) from sims.sims where account_id = $1 and due_at is not null),
    (select min(expires_at) from sims.commands
      where account_id = $1 and status in ('queued', 'sent') and direction = 'to_sim')
  ) as due_at`;
