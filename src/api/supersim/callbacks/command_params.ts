// What is told of a command to or from a device.
import type { Event } from '../../../modules/events/index.ts';
import type { Ctx } from '../../http/core.ts';
import { writeSid } from '../wire/sid.ts';
import { textOf } from './text_of.ts';

/** Null for an IP command. */
export function smsCommandParams(_ctx: Ctx, event: Event): Record<string, string> | null {
  const { kind, payload, payloadType } = event.data;
  if (kind !== 'sms') return null;
  return {
    ...headOf(event),
    CommandSid: writeSid('smsCommand', event.resourceId),
    // The same twice: `Command` is what it was called first.
    Command: textOf(payload),
    Payload: textOf(payload),
    PayloadType: textOf(payloadType),
  };
}

/** Null for an SMS command. What a device sent is always told as bytes. */
export function ipCommandParams(_ctx: Ctx, event: Event): Record<string, string> | null {
  const { kind, direction, payload, payloadType, deviceIp, devicePort } = event.data;
  if (kind !== 'ip') return null;
  const text = textOf(payload);
  const isTextOfDevice = direction === 'from_sim' && payloadType === 'text';
  return {
    ...headOf(event),
    CommandSid: writeSid('ipCommand', event.resourceId),
    Payload: isTextOfDevice ? Buffer.from(text).toString('base64') : text,
    PayloadType: isTextOfDevice ? 'binary' : textOf(payloadType),
    DeviceIp: textOf(deviceIp),
    DevicePort: textOf(devicePort),
  };
}

function headOf({ accountId, data }: Event): Record<string, string> {
  return {
    Status: textOf(data['status']),
    ApiVersion: 'v1',
    AccountSid: writeSid('account', accountId),
    SimSid: writeSid('sim', textOf(data['simId'])),
    SimUniqueName: textOf(data['simUniqueName']),
    Direction: textOf(data['direction']),
  };
}
