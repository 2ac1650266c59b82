// Commands as rows, and as events.
import type { Id } from '../../../base/ids.ts';
import type { NewEvent } from '../../events/index.ts';
import type { Sim } from '../sim.ts';
import type { Command, CommandDirection, CommandKind, CommandStatus, PayloadType } from './command.ts';

export type CommandRow = {
  id: string;
  account_id: string;
  sim_id: string;
  kind: CommandKind;
  direction: CommandDirection;
  status: CommandStatus;
  payload: string;
  payload_type: PayloadType;
  device_ip: string | null;
  device_port: number | null;
  error: string | null;
  expires_at: Date | null;
  created_at: Date;
  updated_at: Date;
};

export const commandColumns = `id, account_id, sim_id, kind, direction, status, payload, payload_type, device_ip, device_port,
  error, expires_at, created_at, updated_at`;

export const insertCommand = `
  insert into sims.commands (id, account_id, sim_id, kind, direction, status, payload, payload_type, device_ip,
    device_port, expires_at, created_at, updated_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)`;

/** The values of `insertCommand`. */
export function writeCommand(command: Command): unknown[] {
  return [
    command.id,
    command.accountId,
    command.simId,
    command.kind,
    command.direction,
    command.status,
    command.payload,
    command.payloadType,
    command.deviceIp,
    command.devicePort,
    command.expiresAt,
    command.createdAt,
  ];
}

export function readCommand(row: CommandRow): Command {
  return {
    id: row.id as Id<'command'>,
    accountId: row.account_id,
    simId: row.sim_id,
    kind: row.kind,
    direction: row.direction,
    status: row.status,
    payload: row.payload,
    payloadType: row.payload_type,
    deviceIp: row.device_ip,
    devicePort: row.device_port,
    error: row.error,
    expiresAt: row.expires_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** What is told of a command: everything that its receiver needs to act on it. */
export function commandEvent(command: Command, sim: Pick<Sim, 'iccid' | 'uniqueName' | 'fleetId'>): NewEvent {
  const { simId, kind, direction, status, payload, payloadType, deviceIp, devicePort, error } = command;
  return {
    accountId: command.accountId,
    type: `command.${status}`,
    resourceId: command.id,
    data: {
      simId,
      iccid: sim.iccid,
      simUniqueName: sim.uniqueName,
      fleetId: sim.fleetId,
      kind,
      direction,
      status,
      payload,
      payloadType,
      deviceIp,
      devicePort,
      error,
    },
  };
}
