// A command to a device waits until its line is attached and takes it.
import { AppError } from '../../../base/app_error.ts';
import { newId } from '../../../base/ids.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { emit } from '../../events/index.ts';
import { changeLine } from '../lock_lines.ts';
import { isInService, type Sim } from '../sim.ts';
import {
  type Command,
  type CommandKind,
  checkDevicePort,
  checkPayload,
  commandHoursMax,
  commandsWaitingMax,
  type PayloadType,
} from './command.ts';
import { commandEvent, insertCommand, writeCommand } from './command_row.ts';

/**
 * Queues a command for the account's line (see `getSim`). Throws `invalid_request` for a payload or port that cannot be,
 * `not_found` for an unknown line, `conflict` when the line is not ready or active, its fleet allows no SMS commands, or
 * 100 commands wait for it already. Call it in a `write`.
 */
export async function sendCommand(tx: Ctx, input: NewCommand): Promise<Command> {
  const { accountId, sim: key } = input;
  const command = {
    ...input,
    payloadType: input.payloadType ?? 'text',
    devicePort: input.devicePort ?? null,
  };
  checkPayload(command);
  checkDevicePort(input.kind, command.devicePort);
  return await changeLine(tx, { accountId, key }, async ({ sim }) => {
    checkCommands(sim, input.kind);
    await checkQueue(tx, sim.id);
    return await queue(tx, sim, command);
  });
}

export type NewCommand = {
  accountId: string;
  sim: string;
  kind: CommandKind;
  /** SMS: up to 160 characters, or 140 bytes as base64; IP: up to 1,300 bytes as text or base64. */
  payload: string;
  /** `text` if left out. */
  payloadType?: PayloadType;
  /** Of an IP command. */
  devicePort?: number | null;
};

/** Throws `conflict` when no such command can come to or from the line. */
export function checkCommands(sim: Sim, kind: CommandKind): void {
  if (!isInService(sim))
    throw new AppError('conflict', `The SIM is ${sim.status}: commands need one that is ready or active.`);
  if (kind === 'sms' && sim.fleet?.smsCommandsEnabled === false)
    throw new AppError('conflict', 'SMS commands are switched off for the fleet of this SIM.');
}

async function checkQueue(tx: Ctx, simId: string): Promise<void> {
  const [row] = await query<{ waiting: bigint }>(tx.db, countWaiting, [simId]);
  if ((row?.waiting ?? 0n) >= BigInt(commandsWaitingMax))
    throw new AppError(
      'conflict',
      `${commandsWaitingMax} commands wait for this SIM already: it takes them when it is attached.`,
    );
}

async function queue(
  tx: Ctx,
  sim: Sim,
  {
    kind,
    payload,
    payloadType,
    devicePort,
  }: Pick<Command, 'kind' | 'payload' | 'payloadType' | 'devicePort'>,
): Promise<Command> {
  const command: Command = {
    id: newId('command', tx.now.getTime()),
    accountId: sim.accountId,
    simId: sim.id,
    kind,
    direction: 'to_sim',
    status: 'queued',
    payload,
    payloadType,
    deviceIp: null,
    devicePort,
    error: null,
    expiresAt: new Date(tx.now.getTime() + commandHoursMax * 3_600_000),
    createdAt: tx.now,
    updatedAt: tx.now,
  };
  await query(tx.db, insertCommand, writeCommand(command));
  await emit(tx, commandEvent(command, sim));
  return command;
}

const countWaiting = "select count(*) as waiting from sims.commands where sim_id = $1 and status = 'queued'";
