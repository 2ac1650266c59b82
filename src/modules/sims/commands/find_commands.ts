// Commands are found by id, or listed newest first; always within one account.
import { AppError } from '../../../base/app_error.ts';
import { limits } from '../../../base/limits.ts';
import type { Ctx } from '../../../pg/ctx.ts';
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

/** Up to `limit` commands of the account older than the id `before`, newest first. `simId` is the id of a line. */
export async function listCommands(ctx: Ctx, filter: CommandFilter): Promise<Command[]> {
  const { accountId, before = '~', kind = null, status = null, direction = null, simId } = filter;
  const limit = Math.min(filter.limit ?? limits.pageSizeDefault, limits.pageSizeMax);
  const values = [accountId, before, kind, status, direction, limit];
  const rows =
    simId === undefined
      ? await query<CommandRow>(ctx.db, selectByAccount, values)
      : await query<CommandRow>(ctx.db, selectBySim, [...values, simId]);
  return rows.map(readCommand);
}

export type CommandFilter = {
  accountId: string;
  before?: string;
  kind?: CommandKind;
  status?: CommandStatus;
  direction?: CommandDirection;
  simId?: string;
  limit?: number;
};

const selectCommands = `select ${commandColumns} from sims.commands`;
const page = `account_id = $1 and id < $2 and ($3::text is null or kind = $3) and ($4::text is null or status = $4)
  and ($5::text is null or direction = $5)`;
const selectByAccount = `${selectCommands} where ${page} order by id desc limit $6`;
const selectBySim = `${selectCommands} where ${page} and sim_id = $7 order by id desc limit $6`;
