// Commands that could not be delivered in time have failed.
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { emitInOrder } from '../emit_in_order.ts';
import { commandHoursMax } from './command.ts';
import { type CommandRow, commandColumns, commandEvent, readCommand } from './command_row.ts';

/** Fails up to 500 commands whose time is over, of one account or of all. Gives how many. Call it in a `write`. */
export async function expireCommands(tx: Ctx, accountId: string | null): Promise<number> {
  const text = accountId === null ? failExpired : failExpiredOfAccount;
  const values = [tx.now, batchMax, expired, ...(accountId === null ? [] : [accountId])];
  const rows = await query<ExpiredRow>(tx.db, text, values);
  await emitInOrder(
    tx,
    rows.map((row) => {
      const sim = { iccid: row.iccid, uniqueName: row.unique_name, fleetId: row.fleet_id };
      return { at: row.due_at, event: commandEvent(readCommand(row), sim) };
    }),
  );
  return rows.length;
}

type ExpiredRow = CommandRow & {
  due_at: Date;
  iccid: string;
  unique_name: string | null;
  fleet_id: string | null;
};

const batchMax = 500;
const expired = `it could not be delivered within ${commandHoursMax} hours`;

const expire = (which: string) => `
  with due as materialized (
    select id, expires_at from sims.commands
    where expires_at <= $1 and status in ('queued', 'sent') and direction = 'to_sim' ${which}
    order by expires_at limit $2 for update skip locked
  ), failed as (
    update sims.commands c set status = 'failed', error = $3, updated_at = d.expires_at, expires_at = null
    from due d
    where c.id = d.id and c.id = any(array(select id from due))
    returning ${commandColumns.replace(/\w+/g, 'c.$&')}, d.expires_at as due_at
  )
  select f.*, s.iccid, s.unique_name, s.fleet_id from failed f
  cross join lateral (select s.iccid, s.unique_name, s.fleet_id from sims.sims s where s.id = f.sim_id) as s`;
const failExpired = expire('');
const failExpiredOfAccount = expire('and account_id = $4');
