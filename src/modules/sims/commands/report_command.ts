// What became of a command that was sent, as the network tells it; told twice, it counts once.
import { AppError } from '../../../base/app_error.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { emit } from '../../events/index.ts';
import { getSim } from '../find_sims.ts';
import { type Command, commandComesFrom } from './command.ts';
import { type CommandRow, commandColumns, commandEvent, readCommand } from './command_row.ts';
import { getCommand } from './find_commands.ts';

/**
 * The command was delivered, or it failed. Throws `not_found` for an unknown one, `conflict` for one that is not under
 * way. Call it in a `write`.
 */
export async function reportCommand(tx: Ctx, report: CommandReport): Promise<Command> {
  const { accountId, id, status, error = null } = report;
  const [row] = await query<CommandRow>(tx.db, moveCommand, [
    accountId,
    id,
    status,
    commandComesFrom[status],
    tx.now,
    status === 'failed' ? (error ?? 'the network could not deliver it') : null,
  ]);
  if (!row) return await answerNotMoved(tx, report);
  const command = readCommand(row);
  await emit(tx, commandEvent(command, await getSim(tx, { accountId, key: command.simId })));
  return command;
}

export type CommandReport = {
  accountId: string;
  id: string;
  status: 'delivered' | 'failed';
  /** Why it failed, for a person. */
  error?: string;
};

async function answerNotMoved(tx: Ctx, { accountId, id, status }: CommandReport): Promise<Command> {
  const command = await getCommand(tx, { accountId, id });
  if (command.status === status && command.direction === 'to_sim') return command;
  throw new AppError('conflict', `The command is ${command.status}: it cannot become ${status}.`);
}

const moveCommand = `
  update sims.commands set status = $3, updated_at = $5, error = $6, expires_at = null
  where account_id = $1 and id = $2 and direction = 'to_sim' and status = any($4)
  returning ${commandColumns}`;
