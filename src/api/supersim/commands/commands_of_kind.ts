// What SMS and IP commands have in common: each kind sees and sends only its own.
import { AppError } from '../../../base/app_error.ts';
import {
  type Command,
  type CommandDirection,
  type CommandKind,
  type CommandStatus,
  findSims,
  getCommand,
  listCommands,
  type NewCommand,
  sendCommand,
} from '../../../modules/sims/index.ts';
import type { ListPage } from '../../../pg/list.ts';
import { keepCallback, readCallback } from '../callbacks/index.ts';
import type { Call } from '../route.ts';
import { createOnce } from '../wire/create_once.ts';
import { sidInPath } from '../wire/sid_in_path.ts';

/** Sends a command of this kind, and keeps the URL that is told what becomes of it, in one transaction. */
export async function sendByForm(
  kind: CommandKind,
  call: Call<unknown, CallbackForm>,
  command: Pick<NewCommand, 'sim' | 'payload' | 'payloadType' | 'devicePort'>,
): Promise<Command> {
  const { CallbackUrl: url, CallbackMethod: method } = call.form;
  const callback = await readCallback(call, { url, method, field: 'CallbackUrl' });
  return await createOnce(call, `${kind}_command.send`, async (tx) => {
    const sent = await sendCommand(tx, { ...command, accountId: call.account.id, kind });
    await keepCallback(tx, call, { resourceId: sent.id, topic: `${kind}_command`, callback });
    return sent;
  });
}

export type CallbackForm = { CallbackUrl?: string; CallbackMethod?: 'GET' | 'POST' };

/** The command that the path names. Throws `not_found`, also for one of the other kind. */
export async function getOfKind(
  kind: CommandKind,
  { ctx, account, params }: Pick<Call, 'ctx' | 'account' | 'params'>,
): Promise<Command> {
  const id = sidInPath(`${kind}Command`, params['Sid']);
  const command = await getCommand(ctx, { accountId: account.id, id });
  if (command.kind !== kind) throw new AppError('not_found');
  return command;
}

/** A page of the commands of this kind. A SIM that is not there has none. */
export async function listOfKind(
  kind: CommandKind,
  { ctx, account, query }: Call<CommandQuery, unknown>,
  page: ListPage,
): Promise<Command[]> {
  const { Sim, SimIccid, Status: status, Direction: direction } = query;
  const accountId = account.id;
  const keys = [Sim, SimIccid].filter((key) => key !== undefined);
  const sims = await findSims(ctx, { accountId, keys });
  const simIds = new Set(keys.map((key) => sims.get(key)?.id));
  const [simId] = simIds;
  if (keys.length > 0 && (simIds.size > 1 || simId === undefined)) return [];
  return await listCommands(ctx, {
    accountId,
    kind,
    ...(status !== undefined && { status: statusesShownAs(kind, status) }),
    ...(direction !== undefined && { direction }),
    ...(simId !== undefined && { simId }),
    ...page,
  });
}

/** Nobody confirms UDP, so the vendor has no word for an IP command that a mobile core says it delivered. */
function statusesShownAs(kind: CommandKind, status: CommandStatus): CommandStatus[] {
  return kind === 'ip' && status === 'sent' ? ['sent', 'delivered'] : [status];
}

export type CommandQuery = {
  /** Id or unique name. */
  Sim?: string;
  SimIccid?: string;
  Status?: CommandStatus;
  Direction?: CommandDirection;
};
