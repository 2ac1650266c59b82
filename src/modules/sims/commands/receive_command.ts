// A command from a device, as the network hands it over.
import { AppError } from '../../../base/app_error.ts';
import { newId } from '../../../base/ids.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { emit } from '../../events/index.ts';
import { changeLine } from '../lock_lines.ts';
import { countWhileReady } from '../note_usage.ts';
import type { Sim } from '../sim.ts';
import { type Command, checkDevicePort, checkPayload } from './command.ts';
import { commandEvent, insertCommand, writeCommand } from './command_row.ts';
import { checkCommands, type NewCommand } from './send_command.ts';

/**
 * Takes a command that came from a line (see `lockLines`) and tells it. Throws as `sendCommand`, and `conflict` for an IP
 * command of a line that is not attached. Call it in a `write`.
 */
export async function receiveCommand(tx: Ctx, input: ReceivedCommand): Promise<Command> {
  const { accountId, sim: key, kind } = input;
  const payloadType = input.payloadType ?? 'text';
  const devicePort = input.devicePort ?? null;
  checkPayload({ ...input, payloadType });
  checkDevicePort(kind, devicePort);
  return await changeLine(tx, { accountId, key }, async (change) => {
    checkCommands(change.sim, kind);
    const command = received(tx, change.sim, { kind, payload: input.payload, payloadType, devicePort });
    await query(tx.db, insertCommand, writeCommand(command));
    await emit(tx, commandEvent(command, change.sim));
    if (kind === 'sms') countWhileReady(change, { bytes: 0n, sms: 1 }, tx.now);
    return command;
  });
}

export type ReceivedCommand = Omit<NewCommand, 'accountId'> & { accountId: string | null };

function received(
  { now }: Ctx,
  sim: Sim,
  content: Pick<Command, 'kind' | 'payload' | 'payloadType' | 'devicePort'>,
): Command {
  if (content.kind === 'ip' && sim.ipV4 === null)
    throw new AppError('conflict', 'The SIM is not attached: it has no IP address to send from.');
  return {
    ...content,
    id: newId('command', now.getTime()),
    accountId: sim.accountId,
    simId: sim.id,
    direction: 'from_sim',
    status: 'received',
    deviceIp: content.kind === 'ip' ? sim.ipV4 : null,
    error: null,
    expiresAt: null,
    createdAt: now,
    updatedAt: now,
  };
}
