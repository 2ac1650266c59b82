// Commands are found by id, or listed newest first; always within one account.
import { AppError } from '../../../base/app_error.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { type ListPage, listTexts, queryList } from '../../../pg/list.ts';
import { query } from '../../../pg/query.ts';
import type { Command, CommandDirection, CommandKind, CommandStatus } from './command.ts';
import { type CommandRow, commandColumns, readCommand } from './command_row.ts';

/** The account's command with this id. Throws `not_found`. */
export async function getCommand(ctx: Ctx, of: { accountId: string; id: string }): Promise<Command> {
  const [row] = await query<CommandRow>(ctx.db, `${selectCommands} where account_id = $1 and id = $2`, [
    of.accountId,
    of.id,
  ]);
  if (!row) throw new AppError('not_found', 'There is no such command.');
  return readCommand(row);
}

/** A page of the account's commands, newest first. `simId` is the id of a line. */
export async function listCommands(ctx: Ctx, filter: CommandFilter): Promise<Command[]> {
  const { accountId, kind = null, status, direction = null, simId, ...page } = filter;
  const values = [accountId, kind, status === undefined ? null : [status].flat(), direction];
  const rows =
    simId === undefined
      ? await queryList<CommandRow>(ctx.db, selectByAccount, values, page)
      : await queryList<CommandRow>(ctx.db, selectBySim, [...values, simId], page);
  return rows.map(readCommand);
}

export type CommandFilter = ListPage & {
  accountId: string;
  kind?: CommandKind;
  /** One of these. */
  status?: CommandStatus | readonly CommandStatus[];
  direction?: CommandDirection;
  simId?: string;
};

const selectCommands = `select ${commandColumns} from sims.commands`;
const fitting = `account_id = $1 and ($2::text is null or kind = $2) and ($3::text[] is null or status = any($3))
  and ($4::text is null or direction = $4)`;
const selectByAccount = listTexts(`${selectCommands} where ${fitting}`, 'id', 4);
const selectBySim = listTexts(`${selectCommands} where ${fitting} and sim_id = $5`, 'id', 5);
