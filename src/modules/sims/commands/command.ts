// A command: a short message to or from a device, by SMS or IP, and the states it goes through.
import { AppError } from '../../../base/app_error.ts';
import { fromBase64 } from '../../../base/bytes.ts';
import type { Id } from '../../../base/ids.ts';

export type CommandKind = 'sms' | 'ip';
export type CommandDirection = 'to_sim' | 'from_sim';
export type CommandStatus = 'queued' | 'sent' | 'delivered' | 'received' | 'failed';
export type PayloadType = 'text' | 'binary';

export type Command = {
  id: Id<'command'>;
  accountId: string;
  simId: string;
  kind: CommandKind;
  direction: CommandDirection;
  status: CommandStatus;
  /** Text, or base64 when binary. */
  payload: string;
  payloadType: PayloadType;
  /** Of the device, once known; IP commands only. */
  deviceIp: string | null;
  devicePort: number | null;
  error: string | null;
  /** Until when it may be delivered. */
  expiresAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
};

/** From which status a command to a device may come into each. An IP command ends when it is sent: nobody confirms UDP. */
export const commandComesFrom: Record<'sent' | 'delivered' | 'failed', readonly CommandStatus[]> = {
  sent: ['queued'],
  delivered: ['sent'],
  failed: ['queued', 'sent'],
};

/** A command that could not be delivered for this long has failed. */
export const commandHoursMax = 24;
/** Commands that may wait for one line. */
export const commandsWaitingMax = 100;

const payloadRules: Record<
  CommandKind,
  Record<PayloadType, { max: number; unit: string; sizeOf: (payload: string) => number }>
> = {
  sms: {
    text: { max: 160, unit: 'characters', sizeOf: (text) => [...text].length },
    binary: { max: 140, unit: 'bytes', sizeOf: base64Bytes },
  },
  ip: {
    text: { max: 1300, unit: 'bytes', sizeOf: (text) => Buffer.byteLength(text) },
    binary: { max: 1300, unit: 'bytes', sizeOf: base64Bytes },
  },
};

/** Throws `invalid_request` when the payload is empty, too long, or no base64 although it is binary. */
export function checkPayload({
  kind,
  payload,
  payloadType,
}: Pick<Command, 'kind' | 'payload' | 'payloadType'>): void {
  const { max, unit, sizeOf } = payloadRules[kind][payloadType];
  if (payload.includes('\0') || !payload.isWellFormed())
    throw invalidPayload('give text without zero characters');
  const size = sizeOf(payload);
  if (size < 1 || size > max) throw invalidPayload(`give 1 to ${max} ${unit}`);
}

/** The port of the device that an IP command needs, and an SMS has not. Throws `invalid_request`. */
export function checkDevicePort(kind: CommandKind, port: number | null): void {
  const isPort = port !== null && Number.isInteger(port) && port >= 1 && port <= 65_535;
  if (kind === 'ip' ? isPort : port === null) return;
  const detail = kind === 'ip' ? 'give 1 to 65535' : 'only an IP command has a port';
  throw new AppError('invalid_request', `devicePort: ${detail}.`, {
    fields: [{ field: 'devicePort', detail }],
  });
}

function base64Bytes(payload: string): number {
  try {
    return fromBase64(payload).length;
  } catch {
    throw invalidPayload('give base64 for a binary payload');
  }
}

function invalidPayload(detail: string): AppError {
  return new AppError('invalid_request', `payload: ${detail}.`, { fields: [{ field: 'payload', detail }] });
}
