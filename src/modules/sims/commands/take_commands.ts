// An attached line takes the commands that wait for it, oldest first, each once.
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { emit } from '../../events/index.ts';
import type { LineChange } from '../line_change.ts';
import { changeLine } from '../lock_lines.ts';
import { countWhileReady } from '../note_usage.ts';
import { isInService } from '../sim.ts';
import { type Command, commandsWaitingMax } from './command.ts';
import { type CommandRow, commandColumns, commandEvent, readCommand } from './command_row.ts';

/**
 * The commands that wait for this line (see `lockLines`), now sent; none while it is not attached. Throws `not_found`.
 * Call it in a `write`.
 */
export async function takeCommands(
  tx: Ctx,
  of: { accountId: string | null; sim: string },
): Promise<Command[]> {
  return await changeLine(tx, { accountId: of.accountId, key: of.sim }, async (change) => {
    if (!change.sim.attached || !isInService(change.sim)) return [];
    const commands = await sendWaiting(tx, change);
    const sms = commands.filter((command) => command.kind === 'sms').length;
    if (sms > 0) countWhileReady(change, { bytes: 0n, sms }, tx.now);
    return commands;
  });
}

async function sendWaiting(tx: Ctx, { sim }: LineChange): Promise<Command[]> {
  const rows = await query<CommandRow>(tx.db, sendQueued, [sim.id, tx.now, sim.ipV4, commandsWaitingMax]);
  const commands = rows.map(readCommand).sort((a, b) => (a.id < b.id ? -1 : 1));
  await emit(tx, ...commands.map((command) => commandEvent(command, sim)));
  return commands;
}

// An SMS that nobody confirms fails later; an IP command is done when it is sent.
const sendQueued = `
  update sims.commands
  set status = 'sent', updated_at = $2, device_ip = case when kind = 'ip' then $3::inet end,
    expires_at = case when kind = 'sms' then expires_at end
  where id = any(array(
    select id from sims.commands where sim_id = $1 and status = 'queued' and expires_at > $2 order by id limit $4))
  returning ${commandColumns}`;
